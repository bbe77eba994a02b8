"""A photo that looks like another one waits for its wearer's word, and no model is asked."""

import uuid
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from registry.models import InferenceCall, PromptVersion
from registry.prompts import live_versions
from tests.factories import make_call
from tests.wardrobe.pictures import draw_corners, draw_noise, encode
from wardrobe.models import Garment, Photo, PhotoAnswer, PhotoEmbedding, PhotoFeatures
from wardrobe.services import digitization, garments, photos, processing, sweeps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("digitizing", "model")]

PICTURE = draw_noise(640, 480)
JPEG = encode(PICTURE, "jpeg", quality=90)
CROP = encode(PICTURE.crop((16, 12, 624, 468)), "jpeg", quality=85)
RESAVE = encode(PICTURE, "jpeg", quality=60)
OTHER = encode(draw_noise(640, 480, seed=2), "jpeg")
Verdict = PhotoAnswer.Verdict


def add(owner: User, data: bytes = JPEG) -> Photo:
    file = ContentFile(data, name="photo.jpg")
    return photos.add_photo(owner=owner, upload_key=uuid.uuid4(), file=file).photo


def process(photo: Photo) -> Photo:
    processing.process_photo(photo_id=photo.pk)
    photo.refresh_from_db()
    return photo


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    """It sees a navy shirt in every photo, on the connection of the test."""
    seen = {"type": "shirt", "colours": [{"name": "navy"}], "confidence": {"type": 0.9}}

    def ask(photo: Photo, image: bytes) -> InferenceCall:
        version = PromptVersion.objects.get(pk=live_versions.resolve("digitize_photo").version_id)
        done = {"outcome": "succeeded", "finished_at": timezone.now()}
        return make_call(version, output={"garments": [seen]}, **done)

    monkeypatch.setattr(digitization, "ask", ask)


@pytest.fixture
def first(alice: User) -> Photo:
    return process(add(alice))


@pytest.fixture
def asked(alice: User, first: Photo) -> Photo:
    """A crop of the first photo, compared with it."""
    return process(add(alice, CROP))


def answer(client: Client, photo: Photo, word: str) -> Photo:
    response = client.post(reverse("wardrobe:photo-answer", args=[photo.pk]), {"answer": word})
    assert response.status_code == 302
    photo.refresh_from_db()
    return photo


def count_calls() -> int:
    return InferenceCall.objects.count()


def test_a_photo_like_another_waits_and_no_model_is_asked(first: Photo, asked: Photo) -> None:
    assert asked.status == Photo.Status.ASKING
    assert asked.alike == first
    assert asked.thumbnail
    assert count_calls() == 1


def test_another_photo_is_digitized(alice: User, first: Photo) -> None:
    assert process(add(alice, OTHER)).status == Photo.Status.READY
    assert count_calls() == 2


def test_nobody_is_asked_about_somebody_elses_photo(first: Photo, charlie: User) -> None:
    assert process(add(charlie, CROP)).status == Photo.Status.READY


def test_the_sweep_leaves_a_waiting_photo_alone(asked: Photo) -> None:
    Photo.objects.update(created_at="2020-01-01T00:00Z")
    assert sweeps.find_abandoned_photos() == []
    processing.process_photo(photo_id=asked.pk)
    asked.refresh_from_db()
    assert asked.status == Photo.Status.ASKING


def test_the_card_shows_both_and_asks(as_alice: Client, first: Photo, asked: Photo) -> None:
    card = as_alice.get(reverse("wardrobe:photo-card", args=[asked.pk])).content.decode()
    assert "Is this the same one?" in card
    assert str(first.pk) in card
    assert first.garments.get().name in card
    assert card.count('name="answer"') == 3
    assert str(asked.pk) in as_alice.get(reverse("wardrobe:garment-list")).content.decode()


def test_the_same_photo_becomes_a_duplicate(as_alice: Client, first: Photo, asked: Photo) -> None:
    answer(as_alice, asked, "same")
    assert (asked.status, asked.duplicate_of) == (Photo.Status.DUPLICATE, first)
    assert Garment.objects.count() == count_calls() == 1


def test_a_view_is_shown_with_its_garment(as_alice: Client, first: Photo, asked: Photo) -> None:
    garment = first.garments.get()
    answer(as_alice, asked, str(garment.pk))
    assert (asked.status, asked.view_of) == (Photo.Status.VIEW, garment)
    page = as_alice.get(reverse("wardrobe:garment-detail", args=[garment.pk])).content.decode()
    assert "Photos of it" in page
    assert reverse("wardrobe:photo-media", args=[asked.pk, "thumbnail"]) in page
    assert Garment.objects.count() == count_calls() == 1


def test_a_different_piece_is_digitized_as_usual(as_alice: Client, asked: Photo) -> None:
    answer(as_alice, asked, "different")
    assert asked.status == Photo.Status.RECEIVED
    assert process(asked).status == Photo.Status.READY
    assert count_calls() == 2


def test_htmx_gets_the_card_in_its_new_state(as_alice: Client, asked: Photo) -> None:
    address = reverse("wardrobe:photo-answer", args=[asked.pk])
    headers = {"HX-Request": "true"}
    response = as_alice.post(address, {"answer": "same"}, headers=headers)
    assert "You have this one already" in response.content.decode()
    assert 'name="answer"' not in response.content.decode()


def test_an_answer_that_nobody_offered_changes_nothing(as_alice: Client, asked: Photo) -> None:
    answer(as_alice, asked, str(uuid.uuid4()))
    assert asked.status == Photo.Status.ASKING


def test_charlie_cannot_answer_for_alice(as_charlie: Client, asked: Photo) -> None:
    address = reverse("wardrobe:photo-answer", args=[asked.pk])
    assert as_charlie.post(address, {"answer": "same"}).status_code == 404
    assert as_charlie.get(reverse("wardrobe:photo-card", args=[asked.pk])).status_code == 404
    asked.refresh_from_db()
    assert asked.status == Photo.Status.ASKING


def test_an_answer_needs_a_token_of_the_page(alice: User, asked: Photo) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    address = reverse("wardrobe:photo-answer", args=[asked.pk])
    assert client.post(address, {"answer": "same"}).status_code == 403


@pytest.mark.parametrize(
    ("word", "status", "calls"), [("same", "duplicate", 1), ("different", "ready", 2)]
)
def test_a_question_is_asked_once(
    as_alice: Client, alice: User, asked: Photo, word: str, status: str, calls: int
) -> None:
    answer(as_alice, asked, word)
    photos.delete_photo(process(asked))
    assert process(add(alice, CROP)).status == status
    assert count_calls() == calls


def test_a_view_is_a_view_again(as_alice: Client, alice: User, first: Photo, asked: Photo) -> None:
    answer(as_alice, asked, str(first.garments.get().pk))
    photos.delete_photo(asked)
    assert process(add(alice, CROP)).view_of == first.garments.get()


def test_the_pixels_of_a_view_are_no_second_view(
    as_alice: Client, alice: User, first: Photo, asked: Photo
) -> None:
    answer(as_alice, asked, str(first.garments.get().pk))
    twin = encode(Image.open(BytesIO(CROP)), "png")
    assert process(add(alice, twin)).duplicate_of == first


def test_the_answer_holds_when_both_come_the_other_way_round(
    as_alice: Client, alice: User, first: Photo, asked: Photo
) -> None:
    answer(as_alice, asked, str(first.garments.get().pk))
    photos.delete_photo(first)
    crop = process(add(alice, CROP))
    assert crop.status == Photo.Status.READY
    assert process(add(alice)).view_of == crop.garments.get()


def test_what_was_read_in_the_same_photo_serves_both(
    as_alice: Client, alice: User, first: Photo, asked: Photo
) -> None:
    answer(as_alice, asked, "same")
    photos.delete_photo(first)
    assert process(add(alice, CROP)).garments.count() == 1
    assert count_calls() == PhotoFeatures.objects.count() == 1


def test_the_answer_can_be_changed(as_alice: Client, first: Photo, asked: Photo) -> None:
    answer(as_alice, asked, "same")
    page = as_alice.get(reverse("wardrobe:photo-detail", args=[asked.pk])).content.decode()
    assert "You said: the same photo." in page
    assert 'value="same"' not in page
    answer(as_alice, asked, "different")
    assert process(asked).garments.count() == 1
    answer(as_alice, asked, str(first.garments.get().pk))
    assert asked.view_of == first.garments.get()
    assert asked.garments.count() == 0
    assert PhotoAnswer.objects.get().verdict == Verdict.VIEW


def test_a_copy_of_a_view_is_asked_about_with_the_garments_photo(
    as_alice: Client, alice: User, first: Photo, asked: Photo
) -> None:
    answer(as_alice, asked, str(first.garments.get().pk))
    third = process(add(alice, RESAVE))
    assert (third.status, third.alike) == (Photo.Status.ASKING, first)


def test_one_garment_of_several_is_chosen(as_alice: Client, alice: User) -> None:
    picture = draw_corners(640, 480)
    first = process(add(alice, encode(picture, "jpeg")))
    second = Garment.objects.create(
        owner=alice, photo=first, ordinal=7, name="Red scarf", slot="accessory", type="scarf"
    )
    asked = process(add(alice, encode(picture, "jpeg", quality=50)))
    card = as_alice.get(reverse("wardrobe:photo-card", args=[asked.pk])).content.decode()
    assert "Another photo of: Red scarf" in card
    assert answer(as_alice, asked, str(second.pk)).view_of == second


def test_deleting_the_photo_in_question_lets_the_other_go_on(first: Photo, asked: Photo) -> None:
    photos.delete_photo(first)
    asked.refresh_from_db()
    assert asked.status == Photo.Status.RECEIVED
    assert process(asked).status == Photo.Status.READY


def test_deleting_a_garment_deletes_its_views_and_their_files(
    as_alice: Client,
    first: Photo,
    asked: Photo,
    media: Path,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    garment = first.garments.get()
    answer(as_alice, asked, str(garment.pk))
    with django_capture_on_commit_callbacks(execute=True):
        garments.delete_garment(garment)
    assert not Photo.objects.exists()
    assert not (media / asked.image.name).exists()
    assert not (media / first.image.name).exists()


def test_a_wearer_with_views_can_leave(
    as_alice: Client, alice: User, first: Photo, asked: Photo
) -> None:
    answer(as_alice, asked, str(first.garments.get().pk))
    alice.delete()
    connection.check_constraints()
    assert not PhotoEmbedding.objects.exists() and not PhotoAnswer.objects.exists()


def test_a_picture_that_is_gone_is_not_alike(alice: User, first: Photo) -> None:
    first.thumbnail.storage.delete(first.thumbnail.name)
    assert process(add(alice, CROP)).status == Photo.Status.READY


def test_flat_pictures_are_not_alike_for_being_flat(alice: User) -> None:
    process(add(alice, encode(Image.new("RGB", (600, 800), "navy"), "jpeg")))
    second = process(add(alice, encode(Image.new("RGB", (600, 800), "olive"), "jpeg")))
    assert second.status != Photo.Status.ASKING
