"""What a wearer does to the picture of a garment, through its page; each act can be taken back."""

import re
from contextlib import suppress
from unittest.mock import Mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from tests.factories import make_garment, make_photo
from tests.wardrobe.pictures import draw_corners, encode
from tests.wardrobe.test_cut_outs import as_webp, draw_shirt
from wardrobe import jobs
from wardrobe.models import Garment, Photo
from wardrobe.photos import storage
from wardrobe.services import basics, pictures, processing


@pytest.fixture
def garment(alice: User, media: object) -> Garment:
    photo = make_photo(alice)
    folder = f"photos/{alice.pk}/{photo.pk}"
    photo.image.name = storage.save_rendition(folder, "image", as_webp(draw_shirt()))
    photo.save()
    garment = make_garment(alice, photo=photo, box=[0.2, 0.15, 0.6, 0.7])
    pictures.draw_crop(draw_shirt(), garment)
    garment.save()
    pictures.cut_garment(garment.pk)
    garment.refresh_from_db()
    return garment


def act(client: Client, name: str, garment: Garment, data: dict[str, object]) -> str:
    """Do it; answers with the address that takes it back, or with nothing."""
    page = client.post(reverse(f"wardrobe:{name}", args=[garment.pk]), data, follow=True)
    garment.refresh_from_db()
    undo = re.search(rf'action="(/wardrobe/{garment.pk}/[^"]*\?[^"]*)"', page.content.decode())
    return undo[1].replace("&amp;", "&") if undo else ""


def test_the_cut_out_and_the_photo_are_one_tap_apart(as_alice: Client, garment: Garment) -> None:
    content = as_alice.get(reverse("wardrobe:garment-detail", args=[garment.pk])).content.decode()
    for name in ("garment-cut-out", "garment-media"):
        assert f'src="{reverse(f"wardrobe:{name}", args=[garment.pk])}"' in content
    assert 'id="v-photo"' in content and "The cut-out is wrong" in content


def test_a_wrong_cut_out_is_refused_and_taken_back(as_alice: Client, garment: Garment) -> None:
    undo = act(as_alice, "garment-refuse-cut-out", garment, {})
    assert not garment.shows_cut_out and undo
    content = as_alice.get(reverse("wardrobe:garment-detail", args=[garment.pk])).content.decode()
    assert 'id="v-photo"' not in content and "Show the cut-out again" in content
    as_alice.post(undo)
    garment.refresh_from_db()
    assert garment.shows_cut_out


def test_it_is_turned_and_turned_back(as_alice: Client, garment: Garment) -> None:
    undo = act(as_alice, "garment-turn", garment, {"to": "left"})
    assert garment.turned == 270 and garment.is_being_cut
    as_alice.post(undo)
    garment.refresh_from_db()
    assert garment.turned == 0
    address = reverse("wardrobe:garment-turn", args=[garment.pk])
    assert as_alice.post(address, {"to": "up"}).status_code == 400


def test_it_is_framed_by_hand_and_back(as_alice: Client, garment: Garment) -> None:
    before = garment.box
    edges: dict[str, object] = {"left": 10, "top": 20, "right": 60, "bottom": 90}
    undo = act(as_alice, "garment-frame", garment, edges)
    assert garment.box == pytest.approx([0.1, 0.2, 0.5, 0.7])
    as_alice.post(undo)
    garment.refresh_from_db()
    assert garment.box == pytest.approx(before, abs=1e-3)


@pytest.mark.parametrize("edges", [{"left": 60, "right": 40}, {"right": 200}, {"top": "x"}, {"bottom": ""}])  # fmt: skip
def test_a_frame_that_is_none_is_asked_for_again(
    as_alice: Client, garment: Garment, edges: dict[str, object]
) -> None:
    whole: dict[str, object] = {"left": 0, "top": 0, "right": 100, "bottom": 100}
    address = reverse("wardrobe:garment-frame", args=[garment.pk])
    assert as_alice.get(address).status_code == 200
    assert as_alice.post(address, whole | edges).status_code == 422
    garment.refresh_from_db()
    assert garment.box == [0.2, 0.15, 0.6, 0.7]


@pytest.mark.django_db(transaction=True)
def test_a_new_photo_takes_the_place_and_the_old_one_stays(
    as_alice: Client, garment: Garment, digitizing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "enqueue_process_photo", lambda photo: None)
    former = garment.photo
    file = SimpleUploadedFile("new.jpg", encode(draw_shirt((500, 700), 90), "jpeg"))
    act(as_alice, "garment-photo", garment, {"photos": file})
    new = Photo.objects.exclude(pk=former.pk).get()
    assert new.meant_for == garment and garment.photo == former
    processing.process_photo(photo_id=new.pk)
    garment.refresh_from_db()
    new.refresh_from_db()
    assert garment.photo == new and new.status == Photo.Status.READY and new.meant_for is None
    assert garment.cut_out_sureness is not None
    assert list(garment.views.all()) == [former]
    Garment.objects.filter(pk=garment.pk).update(face=former)
    undo = act(as_alice, "garment-photo", garment, {"photo": str(former.pk)})
    assert garment.photo == former and list(garment.views.all()) == [new]
    assert garment.face is None
    as_alice.post(undo)
    garment.refresh_from_db()
    assert garment.photo == new


@pytest.mark.django_db(transaction=True)
def test_a_new_photo_that_could_not_take_the_place_is_tried_again(
    as_alice: Client, garment: Garment, digitizing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "enqueue_process_photo", lambda photo: None)
    Garment.objects.filter(pk=garment.pk).update(is_basic=True)
    file = SimpleUploadedFile("new.jpg", encode(draw_shirt((500, 700), 90), "jpeg"))
    act(as_alice, "garment-photo", garment, {"photos": file})
    new = Photo.objects.get(meant_for=garment)
    with monkeypatch.context() as broken:
        broken.setattr(pictures, "draw_crop", Mock(side_effect=OSError("disk")))
        with suppress(OSError):
            processing.process_photo(photo_id=new.pk)
    new.refresh_from_db()
    assert new.meant_for == garment, "what its wearer wants is not lost"
    Photo.objects.filter(pk=new.pk).update(leased_until=None, status=Photo.Status.RECEIVED)
    processing.process_photo(photo_id=new.pk)
    garment.refresh_from_db()
    assert garment.photo == new and not garment.is_basic


@pytest.mark.parametrize("is_read", [False, True])
def test_a_new_photo_is_taken_back_before_and_after_it_is_read(
    as_alice: Client,
    garment: Garment,
    digitizing: None,
    monkeypatch: pytest.MonkeyPatch,
    is_read: bool,
) -> None:
    monkeypatch.setattr(jobs, "enqueue_process_photo", lambda photo: None)
    Garment.objects.filter(pk=garment.pk).update(turned=90, cut_out_refused=True)
    file = SimpleUploadedFile("new.jpg", encode(draw_shirt((500, 700), 90), "jpeg"))
    undo = act(as_alice, "garment-photo", garment, {"photos": file})
    new = Photo.objects.exclude(pk=garment.photo_id).get()
    if is_read:
        processing.process_photo(photo_id=new.pk)
    as_alice.post(undo)
    former = garment.photo_id
    garment.refresh_from_db()
    assert (garment.photo_id, garment.turned, garment.cut_out_refused) == (former, 90, True)
    assert garment.box == pytest.approx([0.2, 0.15, 0.6, 0.7])
    assert [*Photo.objects.filter(owner=garment.owner)] == [garment.photo], "the new one is gone"
    assert not processing.process_photo(photo_id=new.pk)


def test_a_view_of_another_piece_is_its_view_again(as_alice: Client, garment: Garment) -> None:
    other = make_garment(garment.owner)
    view = make_photo(garment.owner, status=Photo.Status.VIEW, view_of=other)
    folder = f"photos/{garment.owner.pk}/{view.pk}"
    view.image.name = storage.save_rendition(folder, "image", as_webp(draw_shirt()))
    view.save()
    as_alice.post(act(as_alice, "garment-photo", garment, {"photo": str(view.pk)}))
    view.refresh_from_db()
    assert (view.status, view.view_of) == (Photo.Status.VIEW, other)


def test_a_former_photo_without_a_picture_is_told(as_alice: Client, garment: Garment) -> None:
    former = garment.photo
    photo = make_photo(garment.owner)
    folder = f"photos/{garment.owner.pk}/{photo.pk}"
    photo.image.name = storage.save_rendition(folder, "image", as_webp(draw_shirt()))
    photo.save()
    undo = act(as_alice, "garment-photo", garment, {"photo": str(photo.pk)})
    Photo.objects.filter(pk=former.pk).update(image="")
    assert "cannot be shown" in as_alice.post(undo, follow=True).text
    garment.refresh_from_db()
    assert garment.photo == photo


def test_a_basic_is_drawn_again_when_its_photo_is_taken_back(
    as_alice: Client, alice: User, digitizing: None, media: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "enqueue_process_photo", lambda photo: None)
    basic = basics.find_basic("white-t-shirt")
    assert basic
    garment = basics.hang_up(alice, basic)
    drawn = storage.read_file(garment.cut_out.name)
    file = SimpleUploadedFile("new.jpg", encode(draw_shirt((500, 700), 90), "jpeg"))
    undo = act(as_alice, "garment-photo", garment, {"photos": file})
    processing.process_photo(photo_id=Photo.objects.get().pk)
    garment.refresh_from_db()
    assert garment.photo and not garment.is_basic
    as_alice.post(undo)
    garment.refresh_from_db()
    assert garment.photo is None and garment.is_basic and not Photo.objects.exists()
    assert storage.read_file(garment.cut_out.name) == drawn


def test_a_photo_of_several_pieces_stays_theirs(as_alice: Client, garment: Garment) -> None:
    shared = garment.photo
    other = make_garment(garment.owner, photo=shared, ordinal=1, box=[0.1, 0.1, 0.2, 0.2])
    view = make_photo(garment.owner, status="view", view_of=garment, with_image=True)
    undo = act(as_alice, "garment-photo", garment, {"photo": str(view.pk)})
    shared.refresh_from_db()
    assert garment.photo == view and shared.status == Photo.Status.READY and not shared.view_of
    as_alice.post(undo)
    garment.refresh_from_db()
    assert garment.photo == shared and garment.box == pytest.approx([0.2, 0.15, 0.6, 0.7], abs=1e-3)
    assert other.photo == shared


def test_what_is_no_photo_of_hers_is_refused(
    as_alice: Client, garment: Garment, charlie: User
) -> None:
    theirs = make_photo(charlie, with_image=True)
    address = reverse("wardrobe:garment-photo", args=[garment.pk])
    assert as_alice.post(address, {"photo": str(theirs.pk)}).status_code == 404
    for data in ({"photo": "x"}, {}, {"photos": SimpleUploadedFile("a.jpg", b"no photo")}):
        as_alice.post(address, data)
    garment.refresh_from_db()
    assert garment.photo != theirs and Photo.objects.filter(owner=garment.owner).count() == 1


def test_without_a_photo_there_is_nothing_to_do(as_alice: Client, alice: User) -> None:
    bare = make_garment(alice)
    assert as_alice.get(reverse("wardrobe:garment-detail", args=[bare.pk])).status_code == 200
    for name in ("garment-turn", "garment-frame", "garment-refuse-cut-out"):
        assert as_alice.post(reverse(f"wardrobe:{name}", args=[bare.pk])).status_code == 404


def test_the_waiting_page_asks_for_the_picture_until_it_is_cut(
    as_alice: Client, garment: Garment
) -> None:
    address = reverse("wardrobe:garment-look", args=[garment.pk])
    assert "hx-trigger" not in as_alice.get(address).content.decode().split("<div")[0]
    pictures.turn_garment(garment, degrees=90)
    assert 'hx-trigger="load delay:2s"' in as_alice.get(address).content.decode()
    pictures.cut_garment(garment.pk)
    assert "delay:2s" not in as_alice.get(address).content.decode()


def test_the_corners_of_a_picture_are_where_they_belong_after_a_turn() -> None:
    turned, _ = pictures.turn_picture(draw_corners(), [], 90)
    assert isinstance(turned, Image.Image) and turned.size == (64, 96)
    red = turned.getpixel((60, 4))
    assert isinstance(red, tuple) and red[0] > 200 > red[1]
