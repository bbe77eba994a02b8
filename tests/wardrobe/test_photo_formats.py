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
    png_chunk,
    samsung_trailer,
)
from wardrobe.photos import formats
from wardrobe.photos.apart import read_upload
from wardrobe.photos.formats import (
    NO_PICTURES,
    STRANGERS,
    TEXTS,
    Inspection,
    UnreadablePhotoError,
    inspect_photo,
)
from wardrobe.photos.ingestion import make_renditions, read_picture

JPEG = encode(draw_noise(), "jpeg")
FORMATS = ["jpeg", "png", "webp", "heif", "avif"]
OLDER = ["gif", "tiff", "bmp"]


def refusal(data: bytes) -> UnreadablePhotoError:
    with pytest.raises(UnreadablePhotoError) as caught:
        inspect_photo(data)
    return caught.value


@pytest.mark.parametrize("format", [*FORMATS, *OLDER])
def test_each_format_is_known_by_its_content(format: str) -> None:
    assert inspect_photo(encode(draw_noise(160, 120), format)) == Inspection(format, 160, 120)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"<?xml version='1.0'?>\n<!-- x -->\n<svg/>", "an SVG drawing"),
        (b"II+\x00\x08\x00\x00\x00", "a TIFF"),
        (b"%PDF-1.7", "a PDF"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "a PostScript file"),
        (b"8BPS\x00\x01", "a Photoshop file"),
        (b"BMW is a car", "a BMP"),
        (b"SIMPLE  =                    T", "a FITS picture"),
        (b"\x00\x00\x01\x00\x01\x00", "an icon"),
        (b"\x00", "no photo we know"),
    ],
)
def test_other_files_are_called_by_their_name(data: bytes, words: str) -> None:
    error = refusal(data)
    assert error.code == "unsupported"
    assert str(error) == f"This is {words}, which we cannot read. Save it as JPEG and add it again."


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<!doctype html><script>alert(1)</script>", "a web page"),
        (b"Dear diary", "a text"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"\x1f\x8b\x08", "an archive"),
        (b"\x7fELF\x02", "a program"),
        (b"ID3\x04", "a sound"),
        (b"RIFF\x00\x00\x00\x00WAVE", "a sound or a film"),
        (MP4, "a film"),
    ],
)
def test_what_no_picture_can_be_made_of_is_not_to_be_saved_as_one(data: bytes, words: str) -> None:
    error = refusal(data)
    assert error.code == "unsupported"
    assert str(error) == f"This is {words}, not a photo. Choose a photo of the piece."


def test_all_that_is_no_picture_is_something_that_files_are_called() -> None:
    called = {"a film", *(words for _, words in STRANGERS), *TEXTS}
    assert called > NO_PICTURES


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
    cut = data[: int(len(data) * share)]
    with pytest.raises(UnreadablePhotoError) as caught:
        inspect_photo(cut)
        read_picture(cut, format=format)  # The door lets in a JPEG whose scan does not end.
    assert caught.value.code == "truncated"


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"quality": 95}])
@pytest.mark.parametrize("picture", [draw_noise(400, 300), Image.new("RGB", (400, 300), "white")])
def test_a_jpeg_without_its_end_mark_is_whole(picture: Image.Image, options: dict) -> None:
    data = encode(picture, "jpeg", **options)
    assert inspect_photo(data[:-2]).format == "jpeg"
    assert read_picture(data[:-2], format="jpeg") == read_picture(data, format="jpeg")


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_half_a_jpeg_with_an_end_mark_is_cut(share: float) -> None:
    data = encode(draw_noise(400, 300), "jpeg", quality=90)
    with pytest.raises(UnreadablePhotoError) as caught:
        read_picture(data[: int(len(data) * share)] + b"\xff\xd9", format="jpeg")
    assert caught.value.code == "truncated"


TAILS = [
    bytes(64),
    b"\x00",
    b"\xff" * 500,
    b'vivo{"model": 1}',
    b"PK\x03\x04zip",
    b"<script>1</script>",
    MP4,
    bytes(16) + MP4 + b"MZ\x90",
    samsung_trailer(),
    encode(draw_corners(), "jpeg") + MP4,
]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("tail", TAILS)
def test_what_lies_behind_a_picture_is_let_in_and_left_behind(format: str, tail: bytes) -> None:
    data = encode(draw_noise(), format)
    assert inspect_photo(data + tail).format == format
    kept = make_renditions(data + tail, format=format)
    assert kept.image == make_renditions(data, format=format).image


@pytest.mark.parametrize(
    "data",
    [
        JPEG[:2] + b"\xff" * 200_000 + JPEG[2:],
        JPEG[:2] + (b"\xff" * 50_000 + jpeg_segment(0xE1, b"x")) * 4 + JPEG[2:],
        JPEG[:2] + jpeg_segment(0xFE, b"") * 20_000 + JPEG[2:],
        JPEG[:-2] + jpeg_segment(0xDA, b"") * 200 + JPEG[-2:],
        encode(draw_noise(), "heif") + struct.pack(">I4s", 8, b"free") * 20_000,
        b"RIFF" + struct.pack("<I", 160_004) + b"WEBP" + b"JUNK\x00\x00\x00\x00" * 20_000,
    ],
    ids=["fill", "fill here and there", "segments", "scans", "boxes", "chunks of a WebP"],
)
def test_more_parts_than_anybody_writes_are_refused_before_a_decoder_reads_them(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "open", lambda *a, **k: pytest.fail("a decoder was asked"))
    assert refusal(data).code == "damaged"


def test_a_png_of_chunks_is_refused() -> None:
    png = encode(draw_noise(), "png")
    assert refusal(png[:33] + png_chunk(b"teSt", b"") * 20_000 + png[33:]).code == "damaged"


def test_a_png_that_only_apples_programs_read_is_refused() -> None:
    png = encode(draw_noise(), "png")
    assert refusal(png[:8] + png_chunk(b"CgBI", bytes(4)) + png[8:]).code == "damaged"


@pytest.mark.parametrize("tag", [{50706: b"\x01\x04\x00\x00"}, {254: 1}])
def test_the_preview_of_a_raw_photo_is_no_photo(tag: dict) -> None:
    error = refusal(encode(draw_noise(), "tiff", tiffinfo=tag))
    assert (error.code, "a raw photo" in str(error)) == ("unsupported", True)


@pytest.mark.parametrize("size", [(8160, 6144), (8192, 6144)])
def test_photos_of_fifty_megapixel_phones_pass(size: tuple[int, int]) -> None:
    assert inspect_photo(claim_size(JPEG, *size)) == Inspection("jpeg", *size)


@pytest.mark.parametrize(
    ("format", "options"), [("webp", {"method": 0, "quality": 1}), ("avif", {"speed": 10})]
)
def test_so_do_those_in_other_formats_of_phones(format: str, options: dict[str, int]) -> None:
    photo = encode(Image.new("RGB", (8160, 6144), "navy"), format, **options)
    assert inspect_photo(photo) == Inspection(format, 8160, 6144)
    assert read_upload(photo, format=format).picture.size == (1024, 771)


def test_what_phones_write_has_one_limit(settings: Settings) -> None:
    """A HEIC of 50 megapixels takes minutes to encode."""
    phones = ("jpeg", "png", "webp", "avif", "heif")
    assert {settings.PHOTO_MAX_PIXELS[format] for format in phones} == {52_000_000}


def test_what_a_photo_has_too_many_of_is_more_than_the_limit() -> None:
    words = str(refusal(claim_size(JPEG, 8192, 6348)))
    assert "has 52.1 million pixels, and we take up to 52 million" in words


def test_a_jpeg_within_a_jpeg_does_not_end_it() -> None:
    data = add_segment(JPEG, 0xE1, b"Exif\x00\x00" + encode(draw_corners(), "jpeg"))
    assert inspect_photo(data) == Inspection("jpeg", 160, 120)


def test_a_progressive_jpeg_is_whole() -> None:
    assert inspect_photo(encode(draw_noise(), "jpeg", progressive=True)).format == "jpeg"


@pytest.mark.parametrize(
    ("format", "side"), [("avif", 1100), ("heif", 1100), ("webp", 1100), ("png", 7300)]
)
def test_a_bomb_is_refused_from_its_header(
    format: str, side: int, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    if format != "png":  # Encoding more than is taken costs a minute.
        settings.PHOTO_MAX_PIXELS = {**settings.PHOTO_MAX_PIXELS, format: 1_000_000}
    options = {"webp": {"method": 0}, "avif": {"speed": 10}, "heif": {"quality": 1}}.get(format, {})
    picture = Image.new("L" if format == "png" else "RGB", (side, side))
    data = png_bomb(side) if format == "png" else encode(picture, format, **options)
    for decoder in (AvifImageFile, HeifImageFile, WebPImageFile, PngImageFile):
        monkeypatch.setattr(decoder, "load", lambda image: pytest.fail("pixels were decoded"))
    assert refusal(data).code == "too_many_pixels"


@pytest.mark.parametrize("side", [9_400, 20_000])
def test_a_png_bomb_of_any_size_is_refused(side: int) -> None:
    assert refusal(png_bomb(side)).code == "too_many_pixels"


@pytest.mark.parametrize("format", ["heif", "avif"])
def test_a_size_that_no_decoder_takes_is_too_many_pixels(format: str) -> None:
    data = encode(draw_noise(160, 120), format)
    huge = data.replace(struct.pack(">4xII", 160, 120), struct.pack(">4xII", 17_000, 17_000))
    assert huge != data
    assert refusal(huge).code == "too_many_pixels"


def test_a_jpeg_that_says_it_is_huge_is_refused() -> None:
    assert refusal(claim_size(JPEG, 40_000, 40_000)).code == "too_many_pixels"


def test_a_speck_is_refused() -> None:
    assert refusal(encode(Image.new("RGB", (400, 1)), "png")).code == "too_small"


@pytest.mark.parametrize("format", FORMATS)
def test_a_damaged_photo_ends_in_a_refusal_and_nothing_else(format: str) -> None:
    data = bytearray(encode(draw_noise(), format))
    data[24:60] = b"\xa5" * 36
    with pytest.raises(UnreadablePhotoError) as caught:  # Of a JPEG's tables the decoder knows.
        read_picture(bytes(data), format=inspect_photo(bytes(data)).format)
    assert caught.value.code in {"damaged", "truncated", "too_many_pixels"}


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
    assert list(formats.PILLOW_FORMATS) == [*FORMATS, *OLDER]
