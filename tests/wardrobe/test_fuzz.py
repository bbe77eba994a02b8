"""Files of every container that we take, broken at random: each ends as a photo or as a refusal, and at a bounded cost.

A few seconds in `make test`, the same ones each time; `make fuzz` tries thousands of others. A file that fails belongs
into the tests of what it breaks.
"""

import os
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.wardrobe.coloured import animated_avif, code_points, png_with
from tests.wardrobe.pictures import MP4, draw_corners, draw_noise, encode
from tests.wardrobe.test_renditions import display_p3, exif_bytes
from wardrobe.photos import apart, counted, formats, ingestion, measuring
from wardrobe.photos.counted import CountedFile
from wardrobe.photos.formats import UnreadablePhotoError

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
CORNERS = draw_corners()
SEES_THROUGH = Image.new("RGBA", (48, 48), (200, 30, 30, 90))
EXTRAS = {"exif": exif_bytes(6), "icc_profile": display_p3()}
SEEDS: dict[str, list[bytes]] = {
    "jpeg": [
        encode(CORNERS, "jpeg", **EXTRAS),
        encode(CORNERS, "jpeg", progressive=True, restart_marker_rows=1),
        encode(CORNERS.convert("CMYK"), "jpeg"),
    ],
    "png": [
        encode(CORNERS, "png", **EXTRAS),
        encode(SEES_THROUGH, "png"),
        encode(CORNERS.convert("P"), "png"),
        png_with(code_points(9, 16)),
    ],
    "webp": [
        encode(CORNERS, "webp", **EXTRAS),
        encode(SEES_THROUGH, "webp", lossless=True),
        encode(CORNERS, "webp", save_all=True, append_images=[draw_noise(96, 64)]),
    ],
    "heif": [encode(CORNERS, "heif", exif=exif_bytes(6)), encode(SEES_THROUGH, "heif")],
    "avif": [encode(CORNERS, "avif", **EXTRAS), encode(SEES_THROUGH, "avif"), animated_avif()],
    "gif": [encode(CORNERS.convert("P"), "gif"), encode(SEES_THROUGH, "gif")],
    "tiff": [encode(CORNERS, "tiff"), encode(CORNERS, "tiff", compression="tiff_lzw")],
    "bmp": [encode(CORNERS, "bmp"), encode(CORNERS.convert("P"), "bmp")],
}
UNREADABLE = {
    "damaged",
    "truncated",
    "unsupported",
    "too_small",
    "too_many_pixels",
    "too_slow",
    "empty",
}
NUMBERS = [0, 1, 2, 7, 8, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF]
PIECES = [
    b"\xff\xd8",
    b"\xff\xd9",
    b"\xff\xda",
    b"\xff" * 64,
    b"IDAT",
    b"ispe",
    b"clap",
    bytes(64),
    MP4,
    b"II*\x00",
]


@st.composite
def broken(draw: st.DrawFn, format: str) -> bytes:
    """A sound file of the format after one to six changes."""
    data = bytearray(draw(st.sampled_from(SEEDS[format])))
    for _ in range(draw(st.integers(1, 6))):
        change = draw(st.sampled_from(CHANGES))
        # Most of what matters stands at the beginning.
        reach = draw(st.sampled_from([64, 512, len(data)]))
        change(draw, data, draw(st.integers(0, max(0, min(reach, len(data)) - 1))))
    return bytes(data)


def flip(draw: st.DrawFn, data: bytearray, at: int) -> None:
    if data:
        data[at] ^= 1 << draw(st.integers(0, 7))


def cut(draw: st.DrawFn, data: bytearray, at: int) -> None:
    del data[at : at + draw(st.sampled_from([1, 4, 100, 1_000_000]))]


def write_number(draw: st.DrawFn, data: bytearray, at: int) -> None:
    kind = draw(st.sampled_from([">I", "<I", ">H", "<H"]))
    number = struct.pack(kind, draw(st.sampled_from(NUMBERS)) % 256 ** struct.calcsize(kind))
    data[at : at + len(number)] = number


def insert(draw: st.DrawFn, data: bytearray, at: int) -> None:
    data[at:at] = draw(st.sampled_from(PIECES) | st.binary(max_size=40))


def repeat(draw: st.DrawFn, data: bytearray, at: int) -> None:
    part = bytes(data[at : at + draw(st.sampled_from([2, 12, 64, 400]))])
    data[at:at] = part * draw(st.sampled_from([1, 3, 200]))


def swap(draw: st.DrawFn, data: bytearray, at: int) -> None:
    length = draw(st.sampled_from([4, 16, 80]))
    first, second = bytes(data[at : at + length]), bytes(data[at + length : at + 2 * length])
    data[at : at + 2 * length] = second + first


CHANGES = [flip, cut, write_number, insert, repeat, swap]


def tries(usual: int) -> settings:
    """The same files each time, or in `make fuzz` as many others."""
    return settings(
        max_examples=EXAMPLES or usual,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.parametrize("format", SEEDS)
def test_a_broken_file_is_let_in_or_refused_and_costs_little(format: str) -> None:
    @tries(80)
    @given(broken(format))
    def check(data: bytes) -> None:
        try:
            inspection = formats.inspect_photo(data)
            measuring.read_header(data, format=inspection.format)
        except UnreadablePhotoError as error:
            assert error.message
        else:
            assert inspection.width * inspection.height <= 52_000_000
            assert min(inspection.width, inspection.height) >= formats.MINIMUM_SIDE
            file = CountedFile(data)
            formats.check_structure(file, inspection.format)
            formats.read_size(file, inspection.format)
            parts = counted.LOOK_COSTS * 10 * formats.containers.MAXIMUM_PARTS
            assert file.looked <= counted.LOOKS_PER_BYTE * len(data) + parts

    check()


@pytest.mark.parametrize("format", SEEDS)
def test_a_broken_file_is_a_picture_of_ours_or_a_refusal(format: str) -> None:
    """Decoded apart, as a worker does it: a decoder that crashes takes nothing with it."""

    @tries(12)
    @given(broken(format))
    def check(data: bytes) -> None:
        try:
            picture, profile = apart.read_upload(data, format=formats.inspect_photo(data).format)
        except UnreadablePhotoError as error:
            assert error.code in UNREADABLE
        else:
            assert max(picture.size) <= ingestion.IMAGE_SIDE
            assert picture.mode == "RGB"
            assert profile in measuring.PROFILE_NAMES

    check()
