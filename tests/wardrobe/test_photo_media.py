"""Who sees a picture, and what a browser is told about it."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import make_garment, make_image, make_photo
from wardrobe.models import Garment, Photo
from wardrobe.photos import storage

pytestmark = pytest.mark.usefixtures("media")


@pytest.fixture
def photo(alice: User) -> Photo:
    return make_photo(alice, with_image=True)


@pytest.fixture
def garment(alice: User, photo: Photo) -> Garment:
    crop = ContentFile(make_image(colour="#ff0000", format="WEBP"))
    garment = make_garment(alice, photo=photo)
    garment.image.save("crop.webp", crop)
    return garment


def addresses(photo: Photo, garment: Garment) -> list[str]:
    return [
        reverse("wardrobe:photo-media", args=[photo.pk, "image"]),
        reverse("wardrobe:photo-media", args=[photo.pk, "thumbnail"]),
        reverse("wardrobe:garment-media", args=[garment.pk]),
    ]


def test_alice_sees_her_pictures(as_alice: Client, photo: Photo, garment: Garment) -> None:
    for address in addresses(photo, garment):
        response = as_alice.get(address)
        assert response.status_code == 200
        assert response.content.startswith(b"RIFF")
        assert response.headers["Content-Type"] == "image/webp"


def test_nobody_else_does(
    client: Client, as_charlie: Client, photo: Photo, garment: Garment
) -> None:
    for address in addresses(photo, garment):
        assert as_charlie.get(address).status_code == 404
        assert client.get(address).status_code == 404


def test_charlie_can_do_nothing_with_alices_photo(as_charlie: Client, photo: Photo) -> None:
    assert as_charlie.get(reverse("wardrobe:photo-card", args=[photo.pk])).status_code == 404
    for name in ("photo-retry", "photo-delete"):
        assert as_charlie.post(reverse(f"wardrobe:{name}", args=[photo.pk])).status_code == 404
    assert Photo.objects.filter(pk=photo.pk).exists()


def test_reading_changes_nothing(as_alice: Client, photo: Photo) -> None:
    assert as_alice.get(reverse("wardrobe:photo-retry", args=[photo.pk])).status_code == 405
    assert as_alice.get(reverse("wardrobe:photo-delete", args=[photo.pk])).status_code == 200
    assert Photo.objects.filter(pk=photo.pk).exists()


def test_a_picture_is_shown_as_a_picture_and_nothing_else(
    as_alice: Client, photo: Photo, garment: Garment
) -> None:
    for address in addresses(photo, garment):
        headers = as_alice.get(address).headers
        assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "private" in headers["Cache-Control"]


def test_a_browser_that_has_it_is_told_so(as_alice: Client, photo: Photo) -> None:
    address = reverse("wardrobe:photo-media", args=[photo.pk, "image"])
    etag = as_alice.get(address).headers["ETag"]
    again = as_alice.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == etag


def test_charlie_learns_nothing_from_an_etag(
    as_alice: Client, as_charlie: Client, photo: Photo
) -> None:
    address = reverse("wardrobe:photo-media", args=[photo.pk, "image"])
    etag = as_alice.get(address).headers["ETag"]
    assert as_charlie.get(address, headers={"If-None-Match": etag}).status_code == 404


def test_there_are_two_renditions_and_no_other(as_alice: Client, photo: Photo) -> None:
    for rendition in ("incoming", "original", "sha256"):
        address = reverse("wardrobe:photo-media", args=[photo.pk, rendition])
        assert as_alice.get(address).status_code == 404


def test_the_uploaded_file_itself_is_never_served(as_alice: Client, alice: User) -> None:
    photo = make_photo(alice, status=Photo.Status.RECEIVED)
    photo.incoming.save("x", ContentFile(b"bytes as they came"))
    for rendition in ("image", "thumbnail"):
        address = reverse("wardrobe:photo-media", args=[photo.pk, rendition])
        assert as_alice.get(address).status_code == 404


def test_a_garment_without_its_own_picture_shows_the_photo(
    as_alice: Client, photo: Photo, garment: Garment
) -> None:
    Garment.objects.update(image="")
    response = as_alice.get(reverse("wardrobe:garment-media", args=[garment.pk]))
    assert response.content == storage.read_file(photo.thumbnail.name)


def test_a_picture_that_the_storage_lost_is_not_found(as_alice: Client, photo: Photo) -> None:
    default_storage.delete(photo.image.name)
    address = reverse("wardrobe:photo-media", args=[photo.pk, "image"])
    assert as_alice.get(address).status_code == 404


def test_the_media_folder_has_no_address(as_alice: Client, photo: Photo) -> None:
    assert as_alice.get(photo.image.url).status_code == 404
