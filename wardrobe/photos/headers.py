"""What a photo's header says: its size, its camera, whether it is a raw file. For the door.

Read byte by byte, each fact in one look at the place where its format has it, and by no decoder's own reading of a
header: that may take time and memory that the sender chooses. Nothing here need be true; the decoder finds out in a
process of its own (`apart`).
Sources: ITU-T T.81 B.2.2 (JPEG), W3C PNG 11.2.1, RFC 9649 (WebP), GIF89a section 18, TIFF 6.0 section 2, EXIF 3.0, DNG 1.7.
"""

import re
from collections.abc import Callable, Iterator
from typing import Literal

from wardrobe.photos import containers
from wardrobe.photos.counted import CountedFile, DamagedError

Size = tuple[int, int]
Order = Literal["big", "little"]

FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
APP1 = 0xE1
EXIF = b"Exif\x00\x00"
EXIF_ITEM = re.compile(rb"Exif\x00\x00(?=II\*\x00|MM\x00\*)")

MAXIMUM_TAGS = 1000
"""Of the first directory of a TIFF or of EXIF."""
WIDTH, HEIGHT, MAKE, DNG_VERSION, NEW_SUBFILE_TYPE = 256, 257, 271, 50706, 254
TAGS = {WIDTH, HEIGHT, MAKE, DNG_VERSION, NEW_SUBFILE_TYPE}
MAKE_BYTES = 64
SHORT, LONG = 3, 4


def read_size(file: CountedFile, format: str) -> Size | None:
    """Width and height in pixels, as stored; None where the header tells none. Raises DamagedError."""
    return SIZES[format](file)


def read_jpeg_size(file: CountedFile) -> Size | None:
    for segment in containers.read_segments(file):
        if segment.marker in FRAMES:
            height, width = (file.read_number(segment.start + at, 2) for at in (5, 7))
            return width, height
    return None


def read_png_size(file: CountedFile) -> Size:
    return file.read_number(16, 4), file.read_number(20, 4)


def read_webp_size(file: CountedFile) -> Size | None:
    """The canvas, or else the only frame."""
    for name, start, _ in containers.read_webp_chunks(file):
        head = file.read(start, 10)
        if name == b"VP8X":
            return 1 + int.from_bytes(head[4:7], "little"), 1 + int.from_bytes(head[7:10], "little")
        if name == b"VP8L" and head[:1] == b"\x2f":
            bits = int.from_bytes(head[1:5], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        if name == b"VP8 " and head[3:6] == b"\x9d\x01\x2a":
            width, height = (int.from_bytes(head[at : at + 2], "little") for at in (6, 8))
            return width & 0x3FFF, height & 0x3FFF
    return None


def read_largest_extent(file: CountedFile) -> Size | None:
    """Of a HEIF or AVIF: its tiles and previews are smaller than its picture."""
    return max(containers.read_extents(file), key=lambda size: size[0] * size[1], default=None)


def read_gif_size(file: CountedFile) -> Size:
    return file.read_number(6, 2, "little"), file.read_number(8, 2, "little")


def read_bmp_size(file: CountedFile) -> Size:
    """The height is below zero where the rows go downwards; the oldest header has numbers of 16 bits."""
    if file.read_number(14, 4, "little") == 12:
        return file.read_number(18, 2, "little"), file.read_number(20, 2, "little")
    head = file.read(18, 8)
    width, height = (abs(int.from_bytes(head[at : at + 4], "little", signed=True)) for at in (0, 4))
    return width, height


def read_tiff_size(file: CountedFile) -> Size | None:
    tags = read_tags(file, 0)
    width, height = tags.get(WIDTH), tags.get(HEIGHT)
    return (width, height) if isinstance(width, int) and isinstance(height, int) else None


def is_raw(file: CountedFile) -> bool:
    """Whether a TIFF is a camera's raw file, whose first picture is but a preview (DNG 1.7, chapter 4)."""
    tags = read_tags(file, 0)
    kind = tags.get(NEW_SUBFILE_TYPE, 0)
    return DNG_VERSION in tags or (isinstance(kind, int) and bool(kind & 1))


def read_make(file: CountedFile, format: str) -> str:
    """What the camera calls its maker; empty where nothing says it. Broken metadata say nothing."""
    try:
        start = find_exif(file, format)
        make = b"" if start is None else read_tags(file, start).get(MAKE, b"")
    except (DamagedError, containers.TruncatedError):
        return ""
    return make.decode(errors="replace") if isinstance(make, bytes) else ""


def find_exif(file: CountedFile, format: str) -> int | None:
    """Where the TIFF structure of a file's EXIF begins."""
    if format == "tiff":
        return 0
    if format in {"heif", "avif"}:
        item = file.search(EXIF_ITEM, 0)
        return item.end() if item else None
    for start in find_exif_parts(file, format):
        return start + len(EXIF) * (file.read(start, len(EXIF)) == EXIF)
    return None


def find_exif_parts(file: CountedFile, format: str) -> Iterator[int]:
    if format == "jpeg":
        for segment in containers.read_segments(file):
            if segment.marker == APP1 and file.read(segment.start + 4, len(EXIF)) == EXIF:
                yield segment.start + 4
    elif format == "png":
        yield from (c.start for c in containers.read_png_chunks(file) if c.name == b"eXIf")
    elif format == "webp":
        yield from (c.start for c in containers.read_webp_chunks(file) if c.name == b"EXIF")


def read_tags(file: CountedFile, start: int) -> dict[int, int | bytes]:
    """TAGS of the first directory of a TIFF structure, numbers as such; each as it comes first."""
    orders: dict[bytes, Order] = {b"II*\x00": "little", b"MM\x00*": "big"}
    order = orders.get(file.read(start, 4))
    if order is None:
        return {}
    directory = start + file.read_number(start + 4, 4, order)
    count = file.read_number(directory, 2, order)
    entries = file.read(directory + 2, 12 * min(count, MAXIMUM_TAGS))
    tags: dict[int, int | bytes] = {}
    for at in range(0, len(entries) - 11, 12):
        tag = int.from_bytes(entries[at : at + 2], order)
        if tag in TAGS and tag not in tags:
            tags[tag] = read_value(file, entries[at + 2 : at + 12], start, order)
    return tags


def read_value(file: CountedFile, entry: bytes, start: int, order: Order) -> int | bytes:
    """Of an entry behind its tag: one number, or the first bytes of anything else."""
    kind, count = int.from_bytes(entry[:2], order), int.from_bytes(entry[2:6], order)
    if count == 1 and kind in {SHORT, LONG}:
        return int.from_bytes(entry[6 : 6 + (2 if kind == SHORT else 4)], order)
    if count <= 4:
        return entry[6 : 6 + count]
    return file.read(start + int.from_bytes(entry[6:10], order), min(count, MAKE_BYTES))


SIZES: dict[str, Callable[[CountedFile], Size | None]] = {
    "jpeg": read_jpeg_size,
    "png": read_png_size,
    "webp": read_webp_size,
    "heif": read_largest_extent,
    "avif": read_largest_extent,
    "gif": read_gif_size,
    "tiff": read_tiff_size,
    "bmp": read_bmp_size,
}
