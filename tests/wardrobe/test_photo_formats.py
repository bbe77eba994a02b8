"""What is let in, and what is said of the rest. No file is judged by its name."""

import struct

import pytest
from PIL import Image
from PIL.AvifImagePlugin import AvifImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile
from pillow_heif.as_plugin import HeifImageFile
from pytest_django.fixtures import Settings

from tests.wardrobe.pictures import (
    MP4,
    add_segment,
    claim_size,
    draw_corners,
    draw_noise,
    encode,
    jpeg_segment,
    png_bomb,
    samsung_trailer,
)
from wardrobe.photos import formats
from wardrobe.photos.formats import Inspection, UnreadablePhotoError, inspect_photo

JPEG = encode(draw_noise(), "jpeg")
FORMATS = ["jpeg", "png", "webp", "heif", "avif"]


def refusal(data: bytes) -> UnreadablePhotoError:
    with pytest.raises(UnreadablePhotoError) as caught:
        inspect_photo(data)
    return caught.value


@pytest.mark.parametrize("format", FORMATS)
def test_each_format_is_known_by_its_content(format: str) -> None:
    assert inspect_photo(encode(draw_noise(160, 120), format)) == Inspection(format, 160, 120)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"<?xml version='1.0'?>\n<!-- x -->\n<svg/>", "an SVG drawing"),
        (b"<!doctype html><script>alert(1)</script>", "a web page"),
        (b"Dear diary", "a text"),
        (b"GIF89a\x01\x00\x01\x00", "a GIF"),
        (b"II*\x00\x08\x00\x00\x00", "a TIFF"),
        (b"MM\x00*\x00\x00\x00\x08", "a TIFF"),
        (b"%PDF-1.7", "a PDF"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "a PostScript file"),
        (b"8BPS\x00\x01", "a Photoshop file"),
        (b"BM6\x00", "a BMP"),
        (b"SIMPLE  =                    T", "a FITS picture"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"\x00\x00\x01\x00\x01\x00", "an icon"),
        (b"\x7fELF\x02", "a program"),
        (MP4, "a film"),
        (b"\x00", "no photo we know"),
    ],
)
def test_other_files_are_called_by_their_name(data: bytes, words: str) -> None:
    error = refusal(data)
    assert error.code == "unsupported"
    assert str(error) == f"This is {words}, which we cannot read. Save it as JPEG and add it again."


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"").code == "empty"


def test_a_large_file_is_refused_by_its_size_alone(settings: Settings) -> None:
    settings.PHOTO_MAX_BYTES = 2_000_000
    error = refusal(b"\xff\xd8\xff" + bytes(3_000_000))
    assert error.code == "too_large"
    assert "3 MB, and we take up to 2" in str(error)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
def test_a_cut_photo_is_refused(format: str, share: float) -> None:
    data = encode(draw_noise(400, 300), format)
    assert refusal(data[: int(len(data) * share)]).code == "truncated"


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("tail", [b"<html><script>1</script>", b"PK\x03\x04zip", b"\x00\x00x"])
def test_a_photo_with_something_behind_it_is_refused(format: str, tail: bytes) -> None:
    assert refusal(encode(draw_noise(), format) + tail).code == "extra_bytes"


@pytest.mark.parametrize(
    "tail",
    [
        bytes(64),
        MP4,
        bytes(16) + MP4,
        samsung_trailer(),
        encode(draw_corners(), "jpeg"),
        bytes(5) + encode(draw_corners(), "jpeg") + MP4,
    ],
    ids=["padding", "motion photo", "padded motion photo", "samsung", "second jpeg", "both"],
)
def test_what_cameras_put_behind_a_jpeg_is_let_in(tail: bytes) -> None:
    assert inspect_photo(JPEG + tail).format == "jpeg"


def test_a_program_behind_a_motion_photo_is_refused() -> None:
    assert refusal(JPEG + MP4 + b"MZ\x90\x00").code == "extra_bytes"


def test_a_jpeg_within_a_jpeg_does_not_end_it() -> None:
    data = add_segment(JPEG, 0xE1, b"Exif\x00\x00" + encode(draw_corners(), "jpeg"))
    assert inspect_photo(data) == Inspection("jpeg", 160, 120)


def test_a_progressive_jpeg_is_whole() -> None:
    assert inspect_photo(encode(draw_noise(), "jpeg", progressive=True)).format == "jpeg"


@pytest.mark.parametrize(
    ("format", "side"), [("avif", 5200), ("heif", 5200), ("webp", 5200), ("png", 7200)]
)
def test_a_bomb_is_refused_from_its_header(
    format: str, side: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {"webp": {"method": 0}, "avif": {"speed": 10}, "heif": {"quality": 1}}.get(format, {})
    picture = Image.new("L" if format == "png" else "RGB", (side, side))
    data = png_bomb(side) if format == "png" else encode(picture, format, **options)
    for decoder in (AvifImageFile, HeifImageFile, WebPImageFile, PngImageFile):
        monkeypatch.setattr(decoder, "load", lambda image: pytest.fail("pixels were decoded"))
    assert refusal(data).code == "too_many_pixels"


@pytest.mark.parametrize("side", [9_400, 20_000])
def test_a_png_bomb_of_any_size_is_refused(side: int) -> None:
    assert refusal(png_bomb(side)).code == "too_many_pixels"


def test_a_jpeg_that_says_it_is_huge_is_refused() -> None:
    assert refusal(claim_size(JPEG, 40_000, 40_000)).code == "too_many_pixels"


def test_a_speck_is_refused() -> None:
    assert refusal(encode(Image.new("RGB", (400, 1)), "png")).code == "too_small"


@pytest.mark.parametrize("format", FORMATS)
def test_a_damaged_photo_ends_in_a_refusal_and_nothing_else(format: str) -> None:
    data = bytearray(encode(draw_noise(), format))
    data[24:60] = b"\xa5" * 36
    assert refusal(bytes(data)).code in {"damaged", "truncated", "extra_bytes", "too_many_pixels"}


def test_a_chunk_that_lies_about_its_checksum_is_damage() -> None:
    data = bytearray(encode(draw_noise(), "png"))
    data[-20] ^= 0xFF
    assert refusal(bytes(data)).code == "damaged"


def test_a_jpeg_of_segments_without_end_is_refused() -> None:
    data = b"\xff\xd8" + jpeg_segment(0xE0, b"JFIF") * 1000
    assert refusal(data).code == "truncated"


def test_boxes_that_claim_less_than_their_header_are_damage() -> None:
    data = encode(draw_noise(), "heif") + struct.pack(">I4s", 4, b"free")
    assert refusal(data).code == "damaged"


def test_no_plugin_outside_the_list_is_asked() -> None:
    assert set(formats.PILLOW_FORMATS.values()) == {"JPEG", "PNG", "WEBP", "HEIF", "AVIF"}
