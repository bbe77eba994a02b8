"""Wearing, washing, putting away, deleting, and adding without a photo."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from tests.factories import make_call, make_described_garment, make_garment, make_photo
from wardrobe.models import Garment, Photo, PhotoFeatures, Wear
from wardrobe.services import garments as services
from wardrobe.services.wears import derive_counts

HTMX = {"HX-Request": "true"}


def post(client, name: str, garment: Garment, query: str = "", **data: str):
    address = reverse(f"wardrobe:garment-{name}", args=[garment.pk]) + query
    return client.post(address, data, headers=HTMX)


def test_a_garment_in_the_wash_is_not_offered(as_alice, alice):
    garment = make_garment(alice, wears_since_wash=3)
    post(as_alice, "wash", garment)
    assert not Garment.objects.wearable().exists()
    post(as_alice, "wash", garment, off="1")
    assert Garment.objects.wearable().get().wears_since_wash == 0


def test_a_favourite_can_be_taken_back(as_alice, alice):
    garment = make_garment(alice)
    assert 'aria-pressed="true"' in post(as_alice, "favourite", garment).content.decode()
    assert 'aria-pressed="false"' in post(as_alice, "favourite", garment, off="1").content.decode()


def test_one_of_seven_in_the_wash_leaves_six(as_alice, alice):
    garment = make_garment(alice, quantity=7)
    page = post(as_alice, "wash", garment).content.decode()
    assert "1 of 7 in the wash" in page
    assert garment in Garment.objects.wearable()
    listed = as_alice.get(reverse("wardrobe:garment-list"), {"state": "wash"}).content.decode()
    assert "1 of 7 in the wash" in listed


def test_the_last_of_several_in_the_wash_takes_the_piece_away(as_alice, alice):
    garment = make_garment(alice, quantity=2)
    for _ in range(3):
        post(as_alice, "wash", garment)
    garment.refresh_from_db()
    assert (garment.washing, garment.in_wash) == (2, True)
    services.edit_garment(garment, changes={"quantity": 3})
    assert garment in Garment.objects.wearable()
    post(as_alice, "wash", garment, off="1")
    garment.refresh_from_db()
    assert (garment.washing, garment.in_wash) == (0, False)


def test_put_away_offers_to_undo(as_alice, alice):
    garment = make_garment(alice)
    as_alice.post(reverse("wardrobe:garment-archive", args=[garment.pk]))
    page = as_alice.get(reverse("wardrobe:garment-list")).content.decode()
    assert f'action="{reverse("wardrobe:garment-archive", args=[garment.pk])}?undo"' in page
    post(as_alice, "archive", garment, "?undo")
    garment.refresh_from_db()
    assert garment.status == Garment.Status.READY


def test_a_guess_put_away_comes_back_as_a_guess(as_alice, alice):
    garment = make_described_garment(alice)
    post(as_alice, "archive", garment)
    post(as_alice, "archive", garment, off="1")
    garment.refresh_from_db()
    assert garment.status == Garment.Status.NEEDS_REVIEW


def test_deleting_asks_first_and_the_harmless_answer_comes_first(as_alice, alice):
    garment = make_garment(alice)
    page = as_alice.get(reverse("wardrobe:garment-delete", args=[garment.pk])).content.decode()
    assert page.index("Keep it") < page.index("Delete it")
    assert Garment.objects.exists()


def test_the_last_garment_takes_its_photo_along(
    as_alice, alice, django_capture_on_commit_callbacks
):
    photo = make_photo(alice, with_image=True)
    garment = make_garment(alice, photo=photo)
    with django_capture_on_commit_callbacks(execute=True):
        post(as_alice, "delete", garment)
    assert not Photo.objects.exists()
    assert not default_storage.exists(photo.image.name)
    assert not default_storage.exists(photo.thumbnail.name)


def test_a_photo_stays_while_it_shows_another_garment(as_alice, alice):
    photo = make_photo(alice, with_image=True)
    garment = make_garment(alice, photo=photo)
    make_garment(alice, photo=photo, ordinal=1)
    post(as_alice, "delete", garment)
    assert Photo.objects.get().garments.count() == 1
    assert default_storage.exists(photo.image.name)


def add(client, address: str, **changes: object):
    data = {"type": "shirt", "colours": ["navy"], "warmth": "light", "formality": "casual"}
    return client.post(address, {**data, "water_resistant": "no", **changes})


def test_a_garment_needs_no_photo(as_alice):
    add(as_alice, reverse("wardrobe:garment-add"), seasons=["summer"])
    garment = Garment.objects.get()
    assert (garment.name, garment.slot, garment.status) == ("Navy shirt", "top", "ready")
    assert garment.main_colour == "navy"
    assert garment.guesses == []


def test_a_described_shirt_has_the_sleeves_that_were_said_and_no_length(as_alice):
    add(as_alice, reverse("wardrobe:garment-add"), sleeve="short", length="knee")
    garment = Garment.objects.get()
    assert (garment.sleeve, garment.length) == ("short", "")


def test_what_the_stylist_needs_and_nobody_said_is_as_usual_for_the_kind(as_alice):
    unsaid = {"warmth": "", "formality": "", "water_resistant": ""}
    add(as_alice, reverse("wardrobe:garment-add"), type="parka", **unsaid)
    garment = Garment.objects.get()
    assert (garment.warmth, garment.formality, garment.layering) == ("heavy", "casual", "outer")
    assert garment.water_resistant
    assert garment.seasons == ["autumn", "winter"]


def test_nothing_is_chosen_for_a_piece_that_is_added_and_its_kind_must_be(as_alice):
    address = reverse("wardrobe:garment-add")
    page = as_alice.get(address).content.decode()
    assert re.findall(r'<option value="([^"]*)" selected', page) in ([], [""] * 8)
    assert "checked" not in page
    assert add(as_alice, address, type="").status_code == 422
    assert not Garment.objects.exists()


def test_filling_in_a_failed_photo_settles_it(as_alice, alice):
    photo = make_photo(alice, status="failed", failure="Too dark to read.")
    add(as_alice, reverse("wardrobe:photo-describe", args=[photo.pk]))
    photo.refresh_from_db()
    assert photo.status == Photo.Status.READY
    assert photo.garments.get().name == "Navy shirt"


@pytest.mark.parametrize("name", ["archive", "delete", "wash", "worn", "favourite"])
def test_without_javascript_each_action_ends_on_a_page(as_alice, alice, name):
    garment = make_garment(alice)
    address = reverse(f"wardrobe:garment-{name}", args=[garment.pk])
    assert as_alice.post(address, follow=True).status_code == 200


def test_the_whole_photo_marks_where_its_garments_are(as_alice, alice):
    photo = make_photo(alice, with_image=True)
    make_garment(alice, photo=photo, box=[0.1, 0.2, 0.5, 0.6])
    page = as_alice.get(reverse("wardrobe:photo-detail", args=[photo.pk])).content.decode()
    assert '<rect x="0.1000" y="0.2000" width="0.5000" height="0.6000"/>' in page


@pytest.mark.parametrize(("output", "is_said"), [({"person": True}, True), ({}, False)])
def test_the_photo_of_a_person_says_that_only_clothes_are_described(
    as_alice, alice, output, is_said
):
    photo = make_photo(alice, with_image=True, pixel_sha256="e" * 64)
    call = make_call()
    PhotoFeatures.objects.create(
        owner=alice,
        pixel_sha256=photo.pixel_sha256,
        version=call.version,
        engine="vllm",
        output={"garments": [], **output},
        call=call,
    )
    page = as_alice.get(reverse("wardrobe:photo-detail", args=[photo.pk])).content.decode()
    assert ("Only the clothes are described" in page) == is_said


def test_the_figures_of_a_piece_say_its_wears_its_cost_and_its_outfits(as_alice, alice):
    garment = make_garment(alice, quantity=2)
    address = reverse("wardrobe:garment-detail", args=[garment.pk])
    assert "Add a price" in as_alice.get(address).text
    Garment.objects.filter(pk=garment.pk).update(price=30, currency="EUR")
    assert "paid, and not worn yet" in as_alice.get(address).text
    outfit, month = uuid4(), alice.today.replace(day=1)
    for day, origin in ((month, None), (month, outfit), (month - timedelta(days=1), outfit)):
        Wear.objects.create(
            owner=alice, garment=garment, day=day, origin=origin, source=Wear.Source.SAID
        )
    Wear.objects.create(
        owner=alice, garment=garment, day=alice.today + timedelta(days=2), origin=uuid4(),
        source=Wear.Source.ACCEPTED,
    )  # fmt: skip
    derive_counts([garment.pk], today=alice.today)
    page = as_alice.get(address)
    assert [bar.count for bar in page.context["usage"].months][-2:] == [1, 1]
    assert page.context["usage"].outfits == 1, "what is planned was not worn yet"
    assert "€30.00" in page.text and "per wear, of €60.00" in page.text


def test_wears_of_before_the_log_draw_no_empty_year(as_alice, alice):
    garment = make_garment(alice)
    wear = Wear.objects.create(
        owner=alice, garment=garment, day=alice.today, source=Wear.Source.EARLIER
    )
    derive_counts([garment.pk], today=alice.today)
    address = reverse("wardrobe:garment-detail", args=[garment.pk])
    assert 'class="yearbars"' not in as_alice.get(address).text
    Wear.objects.filter(pk=wear.pk).update(source=Wear.Source.SAID)
    assert 'class="yearbars"' in as_alice.get(address).text


def test_a_first_price_brings_its_currency_to_the_page(as_alice, alice):
    alice.live_in("Europe/Lisbon")
    garment = make_garment(alice)
    address = reverse("wardrobe:garment-edit-field", args=[garment.pk, "price"])
    saved = as_alice.post(address, {"price": "20"}, headers=HTMX).text
    garment.refresh_from_db()
    assert garment.currency and 'id="field-currency"' in saved
    again = as_alice.post(address, {"price": "25"}, headers=HTMX).text
    assert 'id="field-currency"' not in again, "it is there already"
