"""Adding photos by the page: with its script, and without."""

import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import make_image, make_photo
from tests.wardrobe.pictures import draw_noise, encode
from wardrobe.models import Photo

UPLOAD = "/photos/add/"


def a_file(name: str = "shirt.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make_image() if data is None else data)


def send(client: Client, file: SimpleUploadedFile, key: uuid.UUID | None = None) -> Any:
    return client.post(UPLOAD, {"photos": file, "upload_key": key or uuid.uuid4()})


def test_a_script_gets_the_row_of_its_photo(as_alice: Client, alice: User) -> None:
    response = send(as_alice, a_file("my <b>shirt.jpg"))
    photo = alice.photos.get()
    assert response.status_code == 201
    assert f'data-photo="{photo.pk}"' in response.text
    assert "my &lt;b&gt;shirt.jpg" in response.text
    assert "In line" in response.text


def test_a_repeated_upload_is_the_same_photo(as_alice: Client, alice: User) -> None:
    key, data = uuid.uuid4(), make_image()
    first = send(as_alice, a_file(data=data), key)
    again = send(as_alice, a_file(data=data), key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert "already" not in again.text
    assert alice.photos.count() == 1


def test_another_file_under_the_same_key_is_a_conflict(as_alice: Client, alice: User) -> None:
    key = uuid.uuid4()
    send(as_alice, a_file(), key)
    response = send(as_alice, a_file(data=make_image(colour="#ffffff")), key)
    assert response.status_code == 409
    assert alice.photos.count() == 1


def test_the_same_file_again_points_to_the_first(as_alice: Client, alice: User) -> None:
    data = make_image()
    send(as_alice, a_file(data=data))
    response = send(as_alice, a_file("copy.jpg", data))
    assert response.status_code == 200
    assert f'data-photo="{alice.photos.get().pk}"' in response.text
    assert "You have this one already. Nothing was added." in response.text


def test_two_wearers_may_have_the_same_photo(as_alice: Client, as_charlie: Client) -> None:
    data = make_image()
    assert send(as_alice, a_file(data=data)).status_code == 201
    assert send(as_charlie, a_file(data=data)).status_code == 201


def test_a_bad_file_is_told_in_plain_text_and_leaves_nothing(as_alice: Client, alice: User) -> None:
    response = send(as_alice, a_file("drawing.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"))
    assert response.status_code == 422
    assert response.text == (
        "This is an SVG drawing, which we cannot read. Save it as JPEG and add it again."
    )
    assert not alice.photos.exists()


def test_without_a_script_many_files_come_at_once(as_alice: Client, alice: User) -> None:
    files = [a_file(), a_file("x.png", make_image(format="PNG")), a_file("bad.txt", b"no photo")]
    response = as_alice.post(UPLOAD, {"photos": files})
    assert response.status_code == 200
    assert alice.photos.count() == 2
    assert "This is a text" in response.text


def test_a_heic_that_is_called_jpg_is_a_heic(as_alice: Client, alice: User) -> None:
    assert send(as_alice, a_file("IMG_1.jpg", encode(draw_noise(), "heif"))).status_code == 201
    assert alice.photos.get().source_format == "heif"


def test_sending_nothing_brings_the_form_back(as_alice: Client) -> None:
    response = as_alice.post(UPLOAD, {})
    assert response.status_code == 422
    assert "Choose one or more photos first." in response.text


def test_more_files_than_allowed_are_refused_whole(as_alice: Client, alice: User) -> None:
    response = as_alice.post(UPLOAD, {"photos": [a_file() for _ in range(31)]})
    assert response.status_code == 400
    assert not alice.photos.exists()


def test_the_name_of_a_file_is_used_for_nothing(as_alice: Client, alice: User) -> None:
    send(as_alice, a_file("../../etc/passwd\x00.jpg"))
    photo = alice.photos.get()
    assert photo.incoming.name == f"incoming/{alice.pk}/{photo.pk}"


def test_the_page_asks_for_photos_and_takes_the_camera(as_alice: Client) -> None:
    page = as_alice.get(UPLOAD).text
    assert 'type="file" name="photos"' in page
    assert "image/heic" in page
    assert "up to 20 MB each, 30 at a time" in page


def test_visitors_are_sent_to_sign_in(client: Client, db: None) -> None:
    assert client.get(UPLOAD).status_code == 302
    assert send(client, a_file()).status_code == 302
    assert not Photo.objects.exists()


def test_a_failed_photo_says_why_and_can_be_tried_again(as_alice: Client, alice: User) -> None:
    photo = make_photo(
        alice, with_image=True, status=Photo.Status.FAILED, failure="Too dark to read."
    )
    card = as_alice.get(reverse("wardrobe:photo-card", args=[photo.pk])).text
    assert "Too dark to read." in card
    assert reverse("wardrobe:photo-retry", args=[photo.pk]) in card


def test_trying_again_puts_the_photo_in_line(as_alice: Client, alice: User) -> None:
    photo = make_photo(alice, with_image=True, status=Photo.Status.FAILED, tries_left=0)
    as_alice.post(reverse("wardrobe:photo-retry", args=[photo.pk]))
    photo.refresh_from_db()
    assert (photo.status, photo.tries_left) == (Photo.Status.RECEIVED, 3)


def test_a_removed_photo_takes_its_files_along(
    as_alice: Client, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    photo = make_photo(alice, with_image=True)
    storage, name = photo.image.storage, photo.image.name
    with django_capture_on_commit_callbacks(execute=True):
        response = as_alice.post(
            reverse("wardrobe:photo-delete", args=[photo.pk]), headers={"HX-Request": "true"}
        )
    assert (response.status_code, response.content) == (200, b"")
    assert not storage.exists(name)
