"""Several photos of a piece: added, put in order, removed; the first is its face."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import make_garment, make_image, make_photo
from wardrobe.models import Garment, Photo
from wardrobe.services import garment_photos, processing
from wardrobe.services.basics import hang_up_basics, list_basics


def a_file(colour: str = "#8b4513") -> SimpleUploadedFile:
    return SimpleUploadedFile("coat.jpg", make_image(size=(90, 120), colour=colour))


def add(client: Any, garment: Garment, *files: SimpleUploadedFile) -> Any:
    address = reverse("wardrobe:garment-photos", args=[garment.pk])
    return client.post(address, {"photos": files or [a_file()]}, follow=True)


def move(client: Any, garment: Garment, photo: Photo, step: str) -> Any:
    address = reverse("wardrobe:garment-photo-move", args=[garment.pk, photo.pk])
    return client.post(address, {"step": step})


def order(garment: Garment) -> list[Any]:
    garment.refresh_from_db()
    return [photo.pk for photo in garment_photos.list_photos(garment)]


@pytest.fixture
def coat(alice, media):
    return make_garment(alice, name="Coat", photo=make_photo(alice, with_image=True))


@pytest.fixture
def two_more(alice, coat):
    return [
        make_photo(alice, with_image=True, status="view", view_of=coat, place=n) for n in (1, 2)
    ]


def test_one_more_photo_is_kept_and_nothing_is_looked_for_in_it(as_alice, alice, coat, digitizing):
    add(as_alice, coat)
    photo = alice.photos.get(view_of=coat)
    processing.process_photo(photo_id=photo.pk)
    photo.refresh_from_db()
    assert (photo.status, bool(photo.thumbnail)) == (Photo.Status.VIEW, True)
    assert alice.garments.count() == 1
    coat.refresh_from_db()
    assert coat.face is None  # Its own photo stays the first.


def test_the_first_photo_is_what_pages_show(as_alice, alice, coat, two_more):
    first, second = two_more
    Garment.objects.filter(pk=coat.pk).update(cut_out="garments/x.webp", cut_out_size=[4, 4])
    media = reverse("wardrobe:garment-media", args=[coat.pk])
    second.thumbnail.save("other.webp", ContentFile(make_image(colour="#d6303a", format="WEBP")))
    before = as_alice.get(media).content
    move(as_alice, coat, second, "first")
    assert order(coat) == [second.pk, coat.photo_id, first.pk]
    assert not coat.shows_cut_out
    assert as_alice.get(media).content != before
    move(as_alice, coat, coat.photo, "earlier")
    assert order(coat) == [coat.photo_id, second.pk, first.pk]
    assert coat.face is None and coat.shows_cut_out
    move(as_alice, coat, second, "later")
    assert order(coat) == [coat.photo_id, first.pk, second.pk]


def test_removing_the_face_leaves_the_next_one(as_alice, coat, two_more):
    move(as_alice, coat, two_more[0], "first")
    as_alice.post(reverse("wardrobe:photo-delete", args=[two_more[0].pk]))
    assert order(coat) == [coat.photo_id, two_more[1].pk]
    page = as_alice.get(reverse("wardrobe:garment-detail", args=[coat.pk])).text
    assert page.count("Shown first") == 1


def test_removing_a_photo_asks_first(as_alice, alice, coat, two_more):
    photo = two_more[0]
    address = reverse("wardrobe:photo-delete", args=[photo.pk])
    pages = [reverse("wardrobe:garment-detail", args=[coat.pk])]
    pages += [reverse("wardrobe:photo-detail", args=[photo.pk])]
    failed = make_photo(alice, status=Photo.Status.FAILED, failure="Too dark to read.")
    pages += [reverse("wardrobe:photo-card", args=[failed.pk])]
    for page in pages:
        shown = as_alice.get(page).text
        dialogs = re.findall(r'<dialog class="dialog" id="(remove-[^"]*)".*?</dialog>', shown, re.S)
        assert dialogs
        for one in dialogs:
            assert f'command="show-modal" commandfor="{one}"' in shown
            assert (
                f'<noscript><a class="button button--plain" href="/photos/{one[7:]}/delete/'
                in shown
            )
        outside = re.sub(r"<dialog.*?</dialog>", "", shown, flags=re.S)
        assert not re.search(r'(action|hx-post)="/photos/[^"]*/delete/', outside)
    asked = as_alice.get(address)
    assert "Delete this photo?" in asked.text and "itself stays." in asked.text
    assert coat.views.count() == 2
    gone = as_alice.post(address)
    assert gone["Location"] == reverse("wardrobe:garment-detail", args=[coat.pk])
    assert coat.views.count() == 1


def test_what_goes_with_a_photo_is_said(as_alice, alice, coat):
    asked = as_alice.get(reverse("wardrobe:photo-delete", args=[coat.photo_id])).text
    assert "The pieces that were found in it go with it." in asked
    assert alice.garments.count() == 1


def test_a_photo_of_something_else_is_refused(as_alice, alice, coat):
    other = make_garment(alice, name="Hat")
    add(as_alice, other)
    page = add(as_alice, coat).text
    assert "it shows another piece" in page
    assert not coat.views.exists()
    assert "it shows another piece" not in add(as_alice, other).text


def test_what_is_no_photo_is_told(as_alice, coat):
    page = add(
        as_alice, coat, SimpleUploadedFile("a.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    )
    assert "an SVG drawing" in page.text
    address = reverse("wardrobe:garment-photos", args=[coat.pk])
    assert "Choose a photo first." in as_alice.post(address, {}, follow=True).text


def test_a_piece_has_no_more_photos_than_it_may_have(as_alice, alice, coat, monkeypatch):
    monkeypatch.setattr(garment_photos, "MOST_PHOTOS", 1)
    page = add(as_alice, coat, a_file("#112233"), a_file("#445566")).text
    assert "at most 1 photos more" in page
    assert coat.views.count() == 1


def test_charlie_can_neither_add_nor_move(as_charlie, as_alice, charlie, alice, coat, two_more):
    assert add(as_charlie, coat).status_code == 404
    assert move(as_charlie, coat, two_more[0], "first").status_code == 404
    theirs = make_garment(charlie, photo=make_photo(charlie, with_image=True))
    assert move(as_charlie, theirs, two_more[0], "first").status_code == 404
    assert move(as_alice, coat, make_photo(alice), "first").status_code == 404
    assert move(as_alice, coat, two_more[0], "away").status_code == 404
    assert coat.views.count() == 2 and order(coat)[0] == coat.photo_id


def test_a_photo_takes_the_place_of_a_basic(as_alice, alice, media):
    hang_up_basics(owner=alice, basics=list_basics()[:1])
    basic = alice.garments.get()
    assert "Put my photo in its place" in as_alice.get(f"/wardrobe/{basic.pk}/").text
    add(as_alice, basic)
    photo = alice.photos.get()
    processing.process_photo(photo_id=photo.pk)
    basic.refresh_from_db()
    assert (basic.is_basic, basic.face) == (False, photo)
    assert not basic.shows_cut_out


def test_a_photo_that_was_removed_meanwhile_is_not_found(as_alice, coat, two_more):
    gone = two_more[0]
    Photo.objects.filter(pk=gone.pk).delete()
    assert move(as_alice, coat, gone, "first").status_code == 404
    with pytest.raises(Photo.DoesNotExist):
        garment_photos.move_photo(coat, gone.pk, step="first")
