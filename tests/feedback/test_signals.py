"""What wearers say of garments as a whole, and what is kept with each correction."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from feedback.models import Correction, GarmentSignal
from tests.factories import make_call, make_photo
from tests.feedback.reviewing import make_seen
from wardrobe.models import Garment
from wardrobe.services.garments import (
    add_garment,
    choose_type,
    confirm_garment,
    delete_garment,
    edit_garment,
)

pytestmark = pytest.mark.django_db
CHANGES = {"name": "Hat", "type": "cap"}


@pytest.fixture
def seen(alice: User) -> Garment:
    garment = make_seen(alice, box=[0.1, 0.2, 0.3, 0.4])
    assert garment.photo
    garment.photo.pixel_sha256 = "5a" * 32
    garment.photo.save()
    return garment


def list_kinds() -> list[str]:
    return sorted(GarmentSignal.objects.values_list("kind", flat=True))


def test_a_correction_keeps_what_the_model_looked_at(seen: Garment) -> None:
    edit_garment(seen, changes={"type": "blouse"})
    correction = Correction.objects.get()
    assert (correction.pixel_sha256, correction.box) == ("5a" * 32, [0.1, 0.2, 0.3, 0.4])
    assert (correction.model_value, correction.user_value) == ("shirt", "blouse")
    assert correction.call == seen.call


def test_all_correct_is_kept_once(seen: Garment) -> None:
    for _ in range(2):
        confirm_garment(seen)
    confirm_garment(seen, fields=["type"])
    choose_type(seen, type_="shirt")
    assert list_kinds() == ["confirmed"]


def test_another_name_is_kept_without_its_words(seen: Garment) -> None:
    edit_garment(seen, changes={"name": "Grandma's shirt"})
    edit_garment(seen, changes={"pattern": "striped"})
    signal = GarmentSignal.objects.get()
    assert (signal.kind, signal.type) == ("renamed", "shirt")
    assert "Grandma" not in str(signal.__dict__)


def test_what_was_missed_in_a_photo_is_kept_until_it_is_deleted(alice: User) -> None:
    photo = make_photo(alice)
    make_call(
        subject=f"photo:{photo.pk}",
        outcome="succeeded",
        finished_at=photo.created_at,
        output={"garments": []},
    )
    add_garment(owner=alice, changes=CHANGES)
    garment = add_garment(owner=alice, changes=CHANGES, photo=photo)
    signal = GarmentSignal.objects.get()
    assert (signal.kind, signal.type, signal.photo) == ("missed", "cap", photo)
    delete_garment(garment)
    assert list_kinds() == []


@pytest.mark.parametrize(
    ("because", "kind"),
    [("not_mine", "not_mine"), ("no_garment", "no_garment"), ("", "removed"), ("x", "removed")],
)
def test_what_was_seen_and_is_deleted_is_kept_with_the_reason(
    page: Client, seen: Garment, because: str, kind: str
) -> None:
    page.post(reverse("wardrobe:garment-delete", args=[seen.pk]), {"because": because})
    signal = GarmentSignal.objects.get()
    assert (signal.kind, signal.pixel_sha256, signal.photo) == (kind, "5a" * 32, None)
    assert not Garment.objects.exists()
