"""Garments without what they lie on: how they are cut, kept, shown, and taken back."""

import io
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from lab.synthetic.snapshots import draw_snapshot
from tests.factories import make_garment, make_photo
from tests.wardrobe.pictures import draw_noise, encode
from tests.wardrobe.test_masks import OUTLINES, draw_outline, measure_overlap
from wardrobe import jobs
from wardrobe.cutouts import cutting
from wardrobe.models import Garment
from wardrobe.photos import ingestion, storage
from wardrobe.photos.ingestion import UncleanRenditionError, encode_cut_out, verify_rendition
from wardrobe.services import pictures, sweeps
from wardrobe.services.garments import delete_garment
from wardrobe.services.photos import add_photo
from wardrobe.services.processing import process_photo
from wardrobe.vision import garments
from wardrobe.vision.garments import detect_garments, look_for_garments
from wardrobe.vision.parameters import VisionParameters

PARAMETERS = VisionParameters()
REAL_PHOTOS = os.environ.get("DRESSCODE_REAL_PHOTOS", "")
FLOOR, CLOTH = (196, 172, 140), (30, 60, 150)


def draw_shirt(size: tuple[int, int] = (600, 800), margin: int = 120) -> Image.Image:
    """A blue oblong on a sandy floor."""
    picture = Image.new("RGB", size, FLOOR)
    grain = np.random.default_rng(3).normal(0, 4, (size[1], size[0], 3))
    picture.paste(CLOTH, (margin, margin, size[0] - margin, size[1] - margin))
    return Image.fromarray(np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8))


def as_webp(picture: Image.Image) -> bytes:
    return ingestion.encode(picture)


@pytest.fixture
def garment(alice: User, media: Path) -> Garment:
    """A shirt that was digitized before there were cut-outs."""
    photo = make_photo(alice)
    photo.image.name = storage.save_rendition(
        f"photos/{alice.pk}/{photo.pk}", "image", as_webp(draw_shirt())
    )
    photo.save()
    return make_garment(alice, photo=photo, box=[0.2, 0.15, 0.6, 0.7])


def read_cut_out(garment: Garment) -> Image.Image:
    return Image.open(io.BytesIO(storage.read_file(garment.cut_out.name)))


def test_a_garment_is_cut_along_its_outline() -> None:
    photo = draw_snapshot("dress", 60_000, size=(300, 400))
    (found,) = cutting.find_cut_outs(photo.image, [[]], parameters=PARAMETERS)
    assert found and found.sureness >= cutting.SURE_ENOUGH
    true = np.logical_or.reduce(photo.masks)
    rows, columns = np.flatnonzero(true.any(1)), np.flatnonzero(true.any(0))
    true = true[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    alpha = np.asarray(found.picture.getchannel("A")) > 127
    assert measure_overlap(alpha, true) > 0.85


def test_a_cut_out_is_small_soft_and_without_the_floors_colour() -> None:
    (found,) = cutting.find_cut_outs(draw_shirt((1024, 1024)), [[]], parameters=PARAMETERS)
    assert found
    width, height = found.picture.size
    assert width <= cutting.CUT_SIZE[0] and height <= cutting.CUT_SIZE[1]
    pixels = np.asarray(found.picture).astype(float)
    soft = (pixels[..., 3] > 10) & (pixels[..., 3] < 245)
    assert soft.sum() > (width + height)  # A pixel or more all round.
    away = np.linalg.norm(pixels[soft][:, :3] - np.array(CLOTH), axis=1)
    assert np.quantile(away, 0.95) < 60 < np.linalg.norm(np.array(CLOTH) - np.array(FLOOR))


def test_of_two_garments_each_is_cut_by_its_own_box() -> None:
    picture = Image.new("RGB", (900, 600), FLOOR)
    picture.paste(CLOTH, (80, 100, 380, 500))
    picture.paste((170, 30, 40), (520, 100, 820, 500))
    boxes = [[0.08, 0.15, 0.36, 0.7], [0.57, 0.15, 0.36, 0.7]]
    blue, red = cutting.find_cut_outs(picture, boxes, parameters=PARAMETERS)
    assert blue and red
    assert np.asarray(blue.picture)[100, 100, 2] > 120 > np.asarray(red.picture)[100, 100, 2]
    assert blue.picture.width < 320


def test_what_hardly_differs_from_its_floor_is_not_sure() -> None:
    picture = draw_noise(600, 600)
    found = cutting.find_cut_outs(picture, [[0.1, 0.1, 0.8, 0.8]], parameters=PARAMETERS)[0]
    assert found is None or found.sureness < cutting.SURE_ENOUGH


@pytest.mark.parametrize("size", [(400, 480), (1, 1), (400, 3)])
def test_a_cut_out_is_encoded_within_its_limit(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (size[1], size[0], 4), np.uint8)
    data = encode_cut_out(Image.fromarray(noise, "RGBA"))
    assert len(data) <= ingestion.CUT_OUT_BYTES
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.format == "WEBP" and picture.mode == "RGBA"


def test_a_cut_out_that_holds_more_than_pixels_is_refused() -> None:
    picture = Image.new("RGBA", (40, 50), (0, 0, 0, 90))
    for told in ({"exif": b"Exif\0\0II*\0\x08\0\0\0\0\0"}, {"icc_profile": b"x" * 200}):
        buffer = io.BytesIO()
        picture.save(buffer, "WEBP", **told)
        with pytest.raises(UncleanRenditionError):
            verify_rendition(buffer.getvalue(), (40, 50), is_cut_out=True)
    plain = as_webp(picture.convert("RGB"))
    with pytest.raises(UncleanRenditionError):
        verify_rendition(plain, (40, 50), is_cut_out=True)
    with pytest.raises(UncleanRenditionError):
        verify_rendition(encode_cut_out(picture), (40, 50))


def test_the_job_cuts_garments_that_were_there_before(garment: Garment) -> None:
    assert jobs.cut_garments_job() == 1
    garment.refresh_from_db()
    cut_out = read_cut_out(garment)
    assert [*cut_out.size] == garment.cut_out_size
    assert cut_out.mode == "RGBA" and garment.shows_cut_out
    assert jobs.cut_garments_job() == 0


def test_a_poor_cut_out_is_not_kept_nor_tried_again(garment: Garment) -> None:
    assert garment.photo
    garment.photo.image.name = storage.save_rendition("photos/x", "image", as_webp(draw_noise()))
    garment.photo.save()
    jobs.cut_garments_job()
    garment.refresh_from_db()
    assert garment.cut_out_sureness is not None and not garment.cut_out
    assert not garment.shows_cut_out and not pictures.find_uncut().exists()


def test_a_photo_that_is_gone_or_not_to_be_read_stops_no_other(
    garment: Garment, alice: User
) -> None:
    lost = make_garment(alice, photo=make_photo(alice, with_image=True), box=[])
    assert lost.photo
    default_storage.delete(lost.photo.image.name)
    jobs.cut_garments_job()
    lost.refresh_from_db()
    garment.refresh_from_db()
    assert garment.cut_out and not lost.cut_out and lost.cut_out_sureness == 0


def test_turning_draws_both_pictures_anew(garment: Garment) -> None:
    pictures.cut_garment(garment.pk)
    garment.refresh_from_db()
    before = garment.picture_names
    upright = garment.cut_out_size
    pictures.turn_garment(garment, degrees=-90)
    assert garment.turned == 270 and garment.is_being_cut and not garment.cut_out
    pictures.cut_garment(garment.pk)
    garment.refresh_from_db()
    assert upright[0] < upright[1] and garment.cut_out_size[0] > garment.cut_out_size[1]
    assert garment.cut_out_size[0] <= cutting.CUT_SIZE[0]
    assert not set(before) & set(garment.picture_names)


def test_a_box_is_turned_with_its_picture() -> None:
    picture = Image.new("RGB", (100, 200))
    picture.paste((255, 0, 0), (10, 40, 40, 80))
    for degrees in (0, 90, 180, 270):
        turned, (x, y, width, height) = pictures.turn_picture(
            picture, [0.1, 0.2, 0.3, 0.2], degrees
        )
        left, top = round(x * turned.width), round(y * turned.height)
        part = turned.crop((left, top, left + round(width * turned.width), top + round(height * turned.height)))  # fmt: skip
        assert part.getextrema() == ((255, 255), (0, 0), (0, 0))


def test_a_change_meanwhile_wins(garment: Garment, monkeypatch: pytest.MonkeyPatch) -> None:
    find = cutting.find_cut_outs

    def turn_meanwhile(*args: object, **options: object) -> object:
        pictures.turn_garment(Garment.objects.get(pk=garment.pk), degrees=90)
        return find(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(cutting, "find_cut_outs", turn_meanwhile)
    assert not pictures.cut_garment(garment.pk)
    garment.refresh_from_db()
    assert garment.turned == 90 and garment.is_being_cut
    stored = [name for name in storage.list_files("garments") if "/cut-" in name]
    assert stored == []


def test_framing_by_hand_shows_that_part(garment: Garment) -> None:
    pictures.frame_garment(garment, box=[0.0, 0.0, 0.5, 0.5])
    assert garment.box == [0.0, 0.0, 0.5, 0.5] and garment.is_being_cut
    pictures.cut_garment(garment.pk)
    garment.refresh_from_db()
    assert garment.cut_out_sureness is not None


def test_a_refused_cut_out_shows_the_photo_until_that_is_taken_back(garment: Garment) -> None:
    pictures.cut_garment(garment.pk)
    garment.refresh_from_db()
    pictures.refuse_cut_out(garment, is_refused=True)
    assert garment.cut_out and not garment.shows_cut_out
    pictures.refuse_cut_out(garment, is_refused=False)
    assert garment.shows_cut_out


def test_only_its_owner_sees_a_cut_out(
    as_alice: Client, as_charlie: Client, garment: Garment
) -> None:
    address = reverse("wardrobe:garment-cut-out", args=[garment.pk])
    assert as_alice.get(address).status_code == 404  # There is none yet.
    pictures.cut_garment(garment.pk)
    response = as_alice.get(address)
    assert response.headers["Content-Type"] == "image/webp" and len(response.content) <= 25_000
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert as_charlie.get(address).status_code == Client().get(address).status_code == 404


def test_the_sweep_knows_cut_outs_and_deleting_takes_them_along(
    garment: Garment, django_capture_on_commit_callbacks: object
) -> None:
    pictures.cut_garment(garment.pk)
    garment.refresh_from_db()
    name = garment.cut_out.name
    assert sweeps.is_named(name)
    assert not sweeps.is_named(name.replace("cut-", "cut-0"))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        delete_garment(garment)
    assert not default_storage.exists(name)


@pytest.mark.slow
@pytest.mark.skipif(not REAL_PHOTOS, reason="DRESSCODE_REAL_PHOTOS is not set")
def test_sure_cut_outs_of_real_photos_follow_outlines_drawn_by_hand() -> None:
    kept, overlaps = [], []
    for file, polygons in json.loads(OUTLINES.read_text()).items():
        with Image.open(Path(REAL_PHOTOS) / file) as image:
            picture = image.convert("RGB")
        regions = cutting.look_for_garments(picture, parameters=PARAMETERS)
        mask, certainty = cutting.choose_mask(regions, [])
        cut = cutting.cut_along(picture, mask, certainty)
        overlaps.append(measure_overlap(mask, draw_outline(polygons, picture.size)))
        kept.append(cut is not None and cut.sureness >= cutting.SURE_ENOUGH)
    told = [overlap for overlap, is_kept in zip(overlaps, kept, strict=True) if is_kept]
    assert len(overlaps) == 60 and len(told) >= 42
    assert np.mean(np.array(told) >= 0.8) >= 0.95


def test_two_hundred_cut_outs_were_looked_at_by_eye() -> None:
    """`benchmarks.cut_outs` counts these; the outlined photos are among them."""
    seen = json.loads(OUTLINES.with_name("cut_outs_seen.json").read_text())
    assert len(seen) == 200 and {*json.loads(OUTLINES.read_text())} <= {*seen}
    kinds = {"clean", "ground or shadow at the rim", "something beside it", "a part of it lost"}
    assert {*seen.values()} == kinds


def test_what_was_told_just_now_is_cut_out_without_looking_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    picture = draw_shirt()
    file = as_webp(picture)
    kept = ingestion.read_picture(file, format=ingestion.KEPT_FORMAT)
    (seen,) = detect_garments(kept, parameters=PARAMETERS, file=file)
    (expected,) = cutting.find_cut_outs(kept, [seen.box], parameters=PARAMETERS)
    monkeypatch.setattr(cutting, "look_for_garments", lambda *args, **options: pytest.fail("again"))
    (found,) = cutting.find_cut_outs(kept, [seen.box], parameters=PARAMETERS, file=file)
    assert found is not None and expected is not None
    assert found.picture.tobytes() == expected.picture.tobytes()
    assert found.sureness == expected.sureness


@pytest.mark.parametrize("other", ["file", "parameters", "nothing"])
def test_another_photo_is_looked_at(monkeypatch: pytest.MonkeyPatch, other: str) -> None:
    picture, asked = draw_shirt(), []
    file = as_webp(picture)
    detect_garments(picture, parameters=PARAMETERS, file=file)

    def look(*args: object, **options: object) -> list[object]:
        asked.append(args)
        return look_for_garments(picture, parameters=PARAMETERS)

    monkeypatch.setattr(cutting, "look_for_garments", look)
    parameters = replace(PARAMETERS, minimum_area=0.007) if other == "parameters" else PARAMETERS
    given = {"file": as_webp(draw_shirt(margin=90)), "parameters": file, "nothing": b""}[other]
    cutting.find_cut_outs(picture, [[]], parameters=parameters, file=given)
    assert len(asked) == 1


@pytest.mark.usefixtures("digitizing")
def test_a_photo_on_its_way_is_looked_at_once(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []

    def look(*args: Any, **options: Any) -> list[Any]:
        looked.append(args)
        return look_for_garments(*args, **options)

    for module in (garments, cutting):
        monkeypatch.setattr(module, "look_for_garments", look)
    photo = add_photo(
        owner=alice, upload_key=uuid4(), file=ContentFile(encode(draw_shirt(), "jpeg"), "a.jpg")
    ).photo
    process_photo(photo_id=photo.pk)
    photo.refresh_from_db()
    assert photo.status == photo.Status.READY
    assert photo.garments.get().cut_out
    assert len(looked) == 1
