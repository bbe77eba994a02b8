"""What the demo wearer's household has to show, and that it stays as people left it."""

import pytest

from dresscode.local.demo_household import (
    ASKED_FOR,
    BORROWED,
    LENT_OUT,
    make_housemate,
    share_household,
)
from tests.factories import load_vocabulary, make_garment, make_user
from wardrobe.models import Care, Garment, LoanRequest, Member, Shelf

pytestmark = pytest.mark.django_db


def test_a_housemate_shares_lends_and_asks() -> None:
    load_vocabulary()
    mara, ines = make_user("mara@example.org", first_name="Mara"), make_housemate()
    for name in (LENT_OUT, ASKED_FOR):
        make_garment(mara, name=name)
    for name in (BORROWED, "Beige trench coat"):
        make_garment(ines, name=name)
    share_household(mara, ines)
    share_household(mara, ines)
    assert Shelf.objects.count() == 2
    loans = Care.objects.away().values_list("garment__name", "borrower__first_name")
    assert {*loans} == {(LENT_OUT, "Inês"), (BORROWED, "Mara")}
    assert LoanRequest.objects.get().garment.name == ASKED_FOR
    assert Member.objects.get(user=mara).is_owner
    assert not Garment.objects.worn_by(mara).exclude(owner=mara).exists()
