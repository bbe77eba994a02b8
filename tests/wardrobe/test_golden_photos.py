"""The golden photos: whole, labelled by what was drawn, and of the formats they claim."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from PIL import Image, ImageCms

from lab.synthetic.cuts import CUTS
from lab.synthetic.golden import GoldenPhoto, read_golden
from lab.synthetic.patterns import PAINTERS
from wardrobe.golden.labels import PhotoLabel, find_unknown, read_labels
from wardrobe.photos import formats, ingestion

GOLDEN: Path = settings.BASE_DIR / "fixtures" / "golden" / "digitize_photo"
PHOTOS = read_golden(GOLDEN / "photos.toml")
LABELS = [label for label in read_labels(GOLDEN) if isinstance(label, PhotoLabel)]
FILE_FORMATS = {"heic": "heif"}
SLICES = (
    *("jpeg", "heic", "avif", "png", "webp", "display-p3", "exif-rotated", "gps"),
    *("dark", "blurred", "cluttered", "multi-garment", "plain"),
)


def has(name: str) -> list[GoldenPhoto]:
    return [photo for photo in PHOTOS if name in photo.slices()]


def has_plain_cloth(name: str) -> list[GoldenPhoto]:
    """Prints look lighter or darker in a small drawing; plain cloth does not."""
    return [photo for photo in has(name) if all(g.pattern == "solid" for g in photo.garments)]


def data_of(file: str) -> bytes:
    return (GOLDEN / file).read_bytes()


def see(label: PhotoLabel):
    """The photo as it is kept: upright sRGB, floats (height, width, 3)."""
    data = data_of(label.file)
    picture = ingestion.read_picture(data, format=formats.inspect_photo(data).format, side=240)
    return np.asarray(picture, float)


def test_a_hundred_photos_are_labelled_and_small():
    files = {f"photos/{path.name}" for path in (GOLDEN / "photos").iterdir()}
    assert len(LABELS) == 100
    assert {label.file for label in LABELS} == files == {photo.file for photo in PHOTOS}
    assert sum((GOLDEN / file).stat().st_size for file in files) <= 12_000_000


def test_every_type_and_pattern_that_can_be_drawn_occurs():
    garments = [garment for label in LABELS for garment in label.garments]
    assert {garment.type for garment in garments} == set(CUTS)
    assert {name for g in garments for name in g.patterns} >= {*PAINTERS, "solid"}
    assert len({garment.colours[0] for garment in garments}) >= 25


@pytest.mark.parametrize("name", SLICES)
def test_a_slice_is_large_enough_to_measure(name):
    assert sum(name in label.slices for label in LABELS) >= 8


def test_labels_are_complete_and_in_words_of_the_vocabulary(words):
    for label in LABELS:
        for garment in label.garments:
            assert not list(find_unknown(garment))
            some = {"water_resistant", "sleeve", "length"}
            assert all(garment.model_dump(exclude=some).values()), label.file
            assert garment.water_resistant is not None


def test_labels_say_what_the_source_says():
    for photo, label in zip(PHOTOS, LABELS, strict=True):
        assert label.slices == photo.slices()
        drawn = [(g.type, g.colours[0].name, g.pattern) for g in photo.garments]
        assert [(g.type, g.colours[0], g.patterns[0]) for g in label.garments] == drawn


@pytest.mark.parametrize("photo", PHOTOS[::9], ids=lambda photo: photo.name)
def test_drawing_again_finds_the_same_boxes_sleeves_and_lengths(photo: GoldenPhoto):
    label = LABELS[PHOTOS.index(photo)]
    truths = photo.render((90, 120)).truth.garments
    for again, garment in zip(photo.label(truths).garments, label.garments, strict=True):
        assert again.box == pytest.approx(garment.box, abs=0.04)
        assert (again.sleeve, again.length) == (garment.sleeve, garment.length)


def test_how_far_clothes_reach_is_asked_but_of_a_dress_how_long_it_is():
    garments = [garment for label in LABELS for garment in label.garments]
    assert all(g.sleeve for g in garments if g.slot in {"top", "dress"})
    assert {g.type for g in garments if not g.length and g.slot in {"bottom", "dress"}} == {"dress"}


@pytest.mark.parametrize("photo", PHOTOS, ids=lambda photo: photo.name)
def test_a_file_is_what_its_slices_claim(photo: GoldenPhoto):
    data, camera = data_of(photo.file), photo.camera
    assert formats.inspect_photo(data).format == FILE_FORMATS.get(camera.format, camera.format)
    with Image.open(io.BytesIO(data)) as image:
        exif = image.getexif()
        if camera.format == "jpeg":
            assert (exif[0x0110], exif[0x0112]) == ("Dresscode Renderer", camera.orientation)
        assert bool(exif.get_ifd(0x8825)) == camera.gps
        assert ("Display P3" in describe_profile(image)) == camera.p3


def describe_profile(image: Image.Image) -> str:
    profile = image.info.get("icc_profile")
    return ImageCms.getProfileDescription(io.BytesIO(profile)) if profile else ""


@pytest.mark.parametrize("label", LABELS[::3], ids=lambda label: label.file)
def test_upright_boxes_hold_what_is_not_background(label: PhotoLabel):
    """The box's middle differs from the photo's rim more often than the rim from itself."""
    picture = see(label)
    height, width, _ = picture.shape
    assert height > width
    border = np.concatenate([picture[:, :6].reshape(-1, 3), picture[:, -6:].reshape(-1, 3)])
    ground = np.median(border, axis=0)
    for x, y, w, h in (garment.box for garment in label.garments):
        rows = slice(int(y * height), int((y + h) * height))
        inside = picture[rows, int(x * width) : int((x + w) * width)]
        different = np.linalg.norm(inside - ground, axis=2) > 22
        assert different.mean() > 0.2


@pytest.mark.parametrize("photo", has_plain_cloth("display-p3"), ids=lambda photo: photo.name)
def test_display_p3_photos_show_the_colours_that_were_drawn(photo: GoldenPhoto):
    label = LABELS[PHOTOS.index(photo)]
    again = np.asarray(photo.render((180, 240)).image, float)
    seen = np.asarray(Image.fromarray(see(label).astype(np.uint8)).resize((180, 240)), float)
    for x, y, w, h in (garment.box for garment in label.garments):
        rows, columns = (
            slice(int(y * 240), int((y + h) * 240)),
            slice(int(x * 180), int((x + w) * 180)),
        )
        assert seen[rows, columns].mean((0, 1)) == pytest.approx(
            again[rows, columns].mean((0, 1)), abs=9
        )


def test_labels_are_lines_of_json():
    lines = (GOLDEN / "labels.jsonl").read_text().splitlines()
    assert [json.loads(line)["file"] for line in lines] == [label.file for label in LABELS]
