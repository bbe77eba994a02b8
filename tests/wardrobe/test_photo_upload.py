"""Adding photos by the page: with its script, and without."""

import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import make_garment, make_image, make_photo
from tests.wardrobe.pictures import draw_noise, encode
from wardrobe.models import Garment, Photo

UPLOAD = "/photos/add/"


def a_file(name: str = "shirt.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make_image() if data is None else data)


def send(client: Client, file: SimpleUploadedFile, key: uuid.UUID | None = None) -> Any:
    return client.post(UPLOAD, {"photos": file, "upload_key": key or uuid.uuid4()})


def test_a_script_gets_the_tile_of_its_photo(as_alice: Client, alice: User) -> None:
    response = send(as_alice, a_file("my <b>shirt.jpg"))
    photo = alice.photos.get()
    assert response.status_code == 201
    assert f'data-photo="{photo.pk}"' in response.text
    assert "shirt" not in response.text
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


def test_more_files_than_allowed_are_refused_whole_and_told_how_many_are(
    as_alice: Client, alice: User
) -> None:
    files = [a_file() for _ in range(31)]
    response = as_alice.post(UPLOAD, {"photos": files}, headers={"Accept": "text/html"})
    assert response.status_code == 400
    assert "At most 30 photos fit into one go. Nothing of it was kept." in response.text
    assert f'href="{UPLOAD}"' in response.text
    assert not alice.photos.exists()


def test_the_name_of_a_file_is_used_for_nothing(as_alice: Client, alice: User) -> None:
    send(as_alice, a_file("../../etc/passwd\x00.jpg"))
    photo = alice.photos.get()
    assert photo.incoming.name == f"incoming/{alice.pk}/{photo.pk}"


def test_the_page_asks_for_photos_and_takes_the_camera(as_alice: Client) -> None:
    page = as_alice.get(UPLOAD).text
    assert 'type="file" name="photos"' in page
    assert "image/heic" in page
    assert "up to 20 MB each" in page
    assert "100 in one go." in page  # With a script, one request each.
    assert "30 at a time." in page  # Without one, all in one request.


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


# Photos that were sent together


def send_batch(client: Client, batch: uuid.UUID, colour: str) -> Any:
    data = {"photos": a_file(data=make_image(colour=colour)), "batch": batch}
    return client.post(UPLOAD, {**data, "upload_key": uuid.uuid4()})


def test_a_batch_is_found_again_with_one_sum(as_alice: Client, alice: User) -> None:
    batch = uuid.uuid4()
    for colour in ("#ffffff", "#1f2a44", "#8b4513"):
        assert send_batch(as_alice, batch, colour).status_code == 201
    send(as_alice, a_file())
    first, *_ = alice.photos.of_batch(batch)
    Photo.objects.filter(pk=first.pk).update(status="ready")
    page = as_alice.get(UPLOAD, {"batch": batch}).text
    assert "<h1 data-sum>1 of 3 read</h1>" in page
    assert page.count("data-photo=") == 3
    assert "data-end" not in page


def test_what_wants_a_word_stands_below_and_the_end_when_all_are_read(
    as_alice: Client, alice: User
) -> None:
    batch = uuid.uuid4()
    read = make_photo(alice, with_image=True, batch=batch)
    make_garment(alice, photo=read, name="Navy shirt")
    make_garment(alice, slot="bottom", type="chinos")
    make_garment(alice, slot="shoes", type="boots")
    make_photo(alice, batch=batch, status="failed", failure="Too dark to read.")
    page = as_alice.get(
        reverse("wardrobe:photo-batch", args=[batch]), headers={"HX-Request": "true"}
    ).text
    assert "One wants a word" in page
    assert "Too dark to read." in page
    assert "One photo read" in page
    assert "One piece, home." in page
    assert "1 way to put it together" in page
    assert 'alt="Navy shirt"' in page


def read_end(client: Client, batch: uuid.UUID) -> str:
    address = reverse("wardrobe:photo-batch", args=[batch])
    return client.get(address, headers={"HX-Request": "true"}).text.split("data-end")[1]


def test_a_guess_that_keeps_the_new_pieces_out_of_every_outfit_is_looked_at_first(
    as_alice: Client, alice: User
) -> None:
    batch = uuid.uuid4()
    read = make_photo(alice, with_image=True, batch=batch)
    for ordinal, (slot, type_) in enumerate((("top", "shirt"), ("shoes", "boots")), start=1):
        make_garment(alice, photo=read, ordinal=ordinal, slot=slot, type=type_)
    chinos = make_garment(
        alice, photo=read, name="Chinos", slot="bottom", type="chinos", status="needs_review"
    )
    end = read_end(as_alice, batch)
    assert "Look at “Chinos” first: a guess of it waits for your word." in end
    assert f'button--large" href="/wardrobe/{chinos.pk}/"' in end and "Dress me in them" not in end
    Garment.objects.filter(pk=chinos.pk).update(status="ready")
    assert "Dress me in them" in read_end(as_alice, batch)


def test_new_pieces_that_are_all_guesses_are_looked_at_first(as_alice: Client, alice: User) -> None:
    for slot, type_ in (("top", "shirt"), ("bottom", "chinos"), ("shoes", "boots")):
        make_garment(alice, slot=slot, type=type_)
    batch = uuid.uuid4()
    read = make_photo(alice, with_image=True, batch=batch)
    make_garment(alice, photo=read, name="Skirt", slot="bottom", status="needs_review")
    assert "Look at “Skirt” first" in read_end(as_alice, batch)
    make_garment(alice, photo=read, ordinal=1, slot="top", type="shirt")
    assert "Dress me in them" in read_end(as_alice, batch)


def test_what_could_not_be_read_is_not_counted_as_read(as_alice: Client, alice: User) -> None:
    batch = uuid.uuid4()
    make_photo(alice, with_image=True, batch=batch)
    make_photo(alice, batch=batch, status="failed", failure="Too dark to read.")
    page = as_alice.get(UPLOAD, {"batch": batch}).text
    assert "<h1 data-sum>1 of 2 read</h1>" in page
    assert 'max="2" value="2"' in page  # Nothing is on its way any more.


def test_a_batch_is_its_senders_alone(as_alice: Client, as_charlie: Client, alice: User) -> None:
    batch = uuid.uuid4()
    make_photo(alice, batch=batch, status="failed", failure="Too dark to read.")
    address = reverse("wardrobe:photo-batch", args=[batch])
    assert as_charlie.get(address, headers={"HX-Request": "true"}).status_code == 404
    assert "data-photo=" not in as_charlie.get(UPLOAD, {"batch": batch}).text
    assert as_alice.get(address).url == f"{UPLOAD}?batch={batch}"
    assert as_alice.get(UPLOAD, {"batch": "no key"}).status_code == 200


def test_a_plain_form_makes_a_batch_and_says_what_was_not_taken(
    as_alice: Client, alice: User
) -> None:
    data = make_image()
    send(as_alice, a_file(data=data))
    files = [a_file("again.jpg", data), a_file("new.png", make_image(format="PNG"))]
    page = as_alice.post(UPLOAD, {"photos": [*files, a_file("bad.txt", b"no photo")]}).text
    assert "0 of 1 read" in page
    assert "again.jpg" in page and "You have this one already" in page
    assert "bad.txt" in page and "This is a text" in page


def test_the_page_of_a_hundred_photos_asks_little(
    as_alice: Client, alice: User, django_assert_max_num_queries: Any
) -> None:
    batch = uuid.uuid4()
    for _ in range(100):
        make_garment(alice, photo=make_photo(alice, batch=batch))
    with django_assert_max_num_queries(15):
        as_alice.get(UPLOAD, {"batch": batch})


def test_the_worker_learns_whose_photos_it_sends(
    as_alice: Client, alice: User, client: Client
) -> None:
    told = as_alice.get("/photos/queue/").json()
    assert told["account"] == alice.device_mark
    assert as_alice.get("/wardrobe/").headers["X-Account"] == alice.device_mark
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    told = strict.get("/photos/queue/").json()
    data = {"photos": a_file(), "upload_key": uuid.uuid4()}
    assert strict.post(UPLOAD, data).status_code == 403
    answer = strict.post(UPLOAD, data | {"csrfmiddlewaretoken": told["token"], "photos": a_file()})
    assert answer.status_code == 201
    client.logout()
    assert client.get("/photos/queue/").status_code == 302
    assert "X-Account" not in client.get("/").headers


def test_what_is_shared_adds_nothing_by_itself(alice: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    answer = strict.post("/photos/share/", {"photos": a_file()}, follow=True)
    assert "share them once more" in answer.text
    assert not alice.photos.exists()
