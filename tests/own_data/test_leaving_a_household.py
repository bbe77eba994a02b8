"""An account goes whose pieces others had in their answers, and who wore theirs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from dresscode.own_data.erasure.rows import delete_rows, forget_borrowed
from styling.models import OutfitPiece, Suggestion
from tests.factories import load_vocabulary, make_garment, make_user
from tests.styling.conftest import ask_for_outfit
from wardrobe.household import loans, members, shelves
from wardrobe.models import Care, Garment, Member, ShelfShare, Wear
from wardrobe.services.wears import derive_counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(db: None) -> User:
    load_vocabulary()
    return make_user("anna@example.org")


@pytest.fixture
def mara(anna: User) -> User:
    mara = make_user("mara@example.org")
    owner = members.found_household(anna, name="Elm Street", called="Anna")
    Member.objects.create(user=mara, household=owner.household, name="Mara")
    return mara


def test_others_answers_stay_without_its_pieces_and_words(anna: User, mara: User) -> None:
    coat = make_garment(anna, name="Camel coat", slot="outerwear", type="coat")
    shelf = shelves.make_shelf(anna, name="Coats")
    shelves.put_on_shelf(shelf, [coat])
    shelves.share_shelf(shelf, {Member.objects.get(user=mara): "wear"})
    ShelfShare.objects.update(is_used=True)
    shirt = make_garment(mara)
    with_coat = ask_for_outfit(mara)
    for position, garment in enumerate([shirt, coat]):
        OutfitPiece.objects.create(
            suggestion=with_coat, garment=garment, position=position, slot=garment.slot
        )
    own = ask_for_outfit(mara, own_only=True)
    Suggestion.objects.update(status="ready", prose="Anna’s camel coat.", events=[{"seq": 1}])
    receipt, _ = delete_rows(anna)
    with_coat.refresh_from_db()
    own.refresh_from_db()
    assert (with_coat.prose, with_coat.events) == ("", [])
    assert own.prose == "Anna’s camel coat."
    assert {piece.garment for piece in with_coat.pieces.all()} == {shirt}
    assert ["answers of others that had a piece of theirs", 1] in receipt["counts"]
    assert Member.objects.get(user=mara).is_owner


def test_who_was_offered_a_piece_is_found_by_an_index(anna: User, mara: User) -> None:
    make_garment(anna)
    make_garment(mara)
    ask_for_outfit(mara)
    with CaptureQueriesContext(connection) as asked:
        forget_borrowed(anna)
    looking = [one["sql"] for one in asked if "&&" in one["sql"]]
    assert looking
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for query in looking:
            cursor.execute(f"EXPLAIN {query}")
            plan = "\n".join(row for (row,) in cursor.fetchall())
            assert "suggestion_candidates" in plan


def test_a_borrower_who_goes_is_named_nowhere(anna: User, mara: User) -> None:
    coat = make_garment(anna, name="Camel coat")
    loans.lend(coat, to=Member.objects.get(user=mara))
    Wear.objects.create(owner=mara, garment=coat, day=mara.today, source="accepted")
    derive_counts([coat.pk], today=anna.today)
    assert Garment.objects.get(pk=coat.pk).wears_since_wash == 1
    delete_rows(mara)
    care = Care.objects.get(garment=coat)
    assert (care.borrower, care.whom, care.ended_on) == (None, "", None)
    assert Garment.objects.get(pk=coat.pk).wears_since_wash == 0
