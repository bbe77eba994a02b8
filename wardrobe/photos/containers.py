"""Where a picture ends within its file, read from the container's structure alone.

Nothing is decoded. Each `find_…_end` answers with the offset just behind the picture, or raises
TruncatedError when the file stops before that and DamagedError when it is no such container.
Sources: ITU-T T.81 annex B (JPEG), W3C PNG third edition, Google's WebP container specification,
ISO/IEC 14496-12 (boxes of HEIF, AVIF and MP4).
"""

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

from wardrobe.photos.counted import CountedFile, DamagedError

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

# Within a scan, FF is followed by 00 (a stuffed byte), a restart marker or another FF.
SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
NOT_FILL = re.compile(rb"[^\xff]")
END_OF_IMAGE, START_OF_SCAN = 0xD9, 0xDA
MARKERS_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD8)}

MAXIMUM_PARTS = 10_000
"""Segments, chunks or boxes; 20 MB of the largest segments of a JPEG are 320. Work grows with bytes and parts alone."""
MAXIMUM_FILL = 1 << 17
MAXIMUM_SCANS = 100
"""Of a progressive JPEG, whose decoder goes over all of its pixels once a scan; usual are ten."""
HEADER_BYTES = 1 << 16
EXTENT = re.compile(rb"ispe(.{12})", re.DOTALL)
APERTURE = re.compile(rb"clap(.{32})", re.DOTALL)

# What HEIF, AVIF and MP4 files have at their top level. "mpvd" and "sefd" are Samsung's and Google's.
BOXES = {b"ftyp", b"meta", b"mdat", b"moov", b"moof", b"mfra", b"free", b"skip", b"wide", b"uuid"}
BOXES |= {b"idat", b"pdin", b"styp", b"sidx", b"mpvd", b"sefd", b"udta"}


class TruncatedError(ValueError):
    """The file stops within the picture."""


class Segment(NamedTuple):
    """Of a JPEG: `marker` stands at `start`; a scan's data belong to it."""

    marker: int
    start: int
    end: int


class Chunk(NamedTuple):
    """Of a PNG, a WebP or a file of boxes: its name, and where what it holds lies."""

    name: bytes
    start: int
    end: int


def read_segments(file: CountedFile) -> Iterator[Segment]:
    """Up to the end of the image, or to the end of the file where the last scan does not end."""
    position, filled, scans = 2, 0, 0
    for _ in range(MAXIMUM_PARTS):
        fill = count_fill(file, position)
        position, filled = position + fill, filled + fill
        if filled > MAXIMUM_FILL:
            raise DamagedError("more fill bytes than any camera writes")
        start, marker = position, read_marker(file, position)
        if marker == END_OF_IMAGE or marker in MARKERS_WITHOUT_LENGTH:
            position += 2
        else:
            position = skip_segment(file, position)
        if marker == START_OF_SCAN:
            scans += 1
            if scans > MAXIMUM_SCANS:
                raise DamagedError("more scans than any program writes")
            end = file.search(SCAN_END, position)
            position = end.start() if end else len(file)
        yield Segment(marker, start, position)
        if marker == END_OF_IMAGE or (marker == START_OF_SCAN and position == len(file)):
            return
    raise DamagedError("more parts than any camera writes")


def count_fill(file: CountedFile, position: int) -> int:
    """How many bytes of FF precede a marker. Any number is allowed, and decoders read them one by one."""
    end = min(len(file), position + MAXIMUM_FILL + 2)
    following = file.search(NOT_FILL, position, end)
    return max(0, (following.start() if following else end) - 1 - position)


def read_marker(file: CountedFile, position: int) -> int:
    found = file.read(position, 2)
    if len(found) < 2:
        raise TruncatedError("no end of image")
    if found[0] != 0xFF:
        raise DamagedError(f"no marker at {position}")
    return found[1]


def skip_segment(file: CountedFile, position: int) -> int:
    length = file.read_number(position + 2, 2)
    if position + 2 + max(length, 2) > len(file):
        raise TruncatedError("a segment is cut")
    if length < 2:
        raise DamagedError("a segment without room for its length")
    return position + 2 + length


def find_jpeg_end(file: CountedFile) -> int:
    """The end of the file where its last scan does not end: its decoder knows whether that is whole."""
    end = 2
    for segment in read_segments(file):
        end = segment.end
    return end


def read_png_chunks(file: CountedFile) -> Iterator[Chunk]:
    """Up to the end of the image; each one's checksum is right."""
    position = len(PNG_SIGNATURE)
    if file.read(position + 4, 4) != b"IHDR":
        raise DamagedError("the header is not the first chunk")
    for _ in range(MAXIMUM_PARTS):
        head = file.read(position, 8)
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        end = position + 12 + length
        if end > len(file):
            raise TruncatedError("a chunk is cut")
        if file.checksum(position + 4, end - 4) != file.read_number(end - 4, 4):
            raise DamagedError("a chunk does not match its checksum")
        yield Chunk(name, position + 8, end - 4)
        if name == b"IEND":
            return
        position = end
    raise DamagedError("more parts than any program writes")


def find_png_end(file: CountedFile) -> int:
    """Checks each chunk's CRC on the way."""
    end = 0
    for chunk in read_png_chunks(file):
        end = chunk.end + 4
    return end


def find_webp_end(file: CountedFile) -> int:
    end = find_riff_end(file)
    if end > len(file):
        raise TruncatedError("the file is shorter than it says")
    if not any(chunk.name in {b"VP8 ", b"VP8L", b"VP8X"} for chunk in read_webp_chunks(file)):
        raise DamagedError("no picture inside")
    return end + end % 2 if file.read(end, 1) == b"\x00" else end


def find_riff_end(file: CountedFile) -> int:
    return 8 + file.read_number(4, 4, "little")


def read_webp_chunks(file: CountedFile) -> Iterator[Chunk]:
    """Raises DamagedError for bytes that belong to none, and for too many of them."""
    position, whole = 12, min(len(file), find_riff_end(file))
    for _ in range(MAXIMUM_PARTS):
        if position >= whole:
            return
        head = file.read(position, 8)
        start = position + 8
        end = start + int.from_bytes(head[4:], "little")
        if len(head) < 8 or end > whole:
            raise DamagedError("a chunk reaches beyond the file")
        yield Chunk(head[:4], start, end)
        position = end + end % 2
    raise DamagedError("more parts than any program writes")


def read_boxes(file: CountedFile) -> Iterator[Chunk]:
    """Up to the last box that is known; strange bytes behind it belong to something else."""
    position = 0
    for _ in range(MAXIMUM_PARTS):
        head = file.read(position, 16)
        name = head[4:8]
        if name not in BOXES:
            return
        end = find_box_end(head, position, len(file))
        if end > len(file):
            raise TruncatedError("a box is cut")
        yield Chunk(name, position + 8, end)
        position = end
    raise DamagedError("more parts than any camera writes")


def find_box_end(head: bytes, position: int, whole: int) -> int:
    """Size 0 reaches to the end of the file, size 1 announces 64 bits behind the name."""
    size, header = int.from_bytes(head[:4], "big"), 8
    if size == 0:
        return whole
    if size == 1:
        size, header = int.from_bytes(head[8:16], "big"), 16
    if size < header:
        raise DamagedError("a box smaller than its own header")
    return position + size


def find_boxes_end(file: CountedFile) -> int:
    """Of a file that says what it shows."""
    end, names = 0, set()
    for box in read_boxes(file):
        end = box.end
        names.add(box.name)
    if b"meta" not in names:
        raise DamagedError("nothing says what it shows")
    return end


def read_extents(file: CountedFile) -> list[tuple[int, int]]:
    """Width and height of every picture that a HEIF or AVIF file says it holds (ISO/IEC 23008-12, 6.5.3)."""
    meta = next((box for box in read_boxes(file) if box.name == b"meta"), None)
    if meta is None:
        return []
    head = file.read(meta.start, min(HEADER_BYTES, meta.end - meta.start))
    return [struct.unpack(">4xII", found[1]) for found in EXTENT.finditer(head)]


def is_turned(data: bytes) -> bool:
    """Whether a HEIF file says itself how it is turned (6.5.10, 6.5.12); then its EXIF does not count."""
    head = data[:HEADER_BYTES]
    return b"irot" in head or b"imir" in head


def read_aperture(data: bytes) -> tuple[float, float, float, float] | None:
    """Width, height and offset of the centre, in pixels, of the only clean aperture that a file has (6.5.8)."""
    found = APERTURE.findall(data[:HEADER_BYTES])
    if len(found) != 1:
        return None
    numbers = struct.unpack(">IIIIiIiI", found[0])
    over, under = numbers[::2], numbers[1::2]
    if 0 in under:
        return None
    width, height, across, down = (top / bottom for top, bottom in zip(over, under, strict=True))
    return width, height, across, down
