"""Where a picture ends within its file, read from the container's structure alone.

Nothing is decoded. Each `find_…_end` answers with the offset just behind the picture, or raises
TruncatedError when the file stops before that and DamagedError when it is no such container.
Sources: ITU-T T.81 annex B (JPEG), W3C PNG third edition, Google's WebP container specification,
ISO/IEC 14496-12 (boxes of HEIF, AVIF and MP4).
"""

import re
import struct
import zlib
from collections.abc import Iterator

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


class DamagedError(ValueError):
    """The file is not built as its beginning says."""


def find_jpeg_end(data: bytes) -> int:
    """The end of the file where its last scan does not end: its decoder knows whether that is whole."""
    position, filled, scans = 2, 0, 0
    for _ in range(MAXIMUM_PARTS):
        fill = count_fill(data, position)
        position, filled = position + fill, filled + fill
        if filled > MAXIMUM_FILL:
            raise DamagedError("more fill bytes than any camera writes")
        marker = read_marker(data, position)
        if marker == END_OF_IMAGE:
            return position + 2
        position = (
            position + 2 if marker in MARKERS_WITHOUT_LENGTH else skip_segment(data, position)
        )
        if marker == START_OF_SCAN:
            scans += 1
            if scans > MAXIMUM_SCANS:
                raise DamagedError("more scans than any program writes")
            position = find_scan_end(data, position)
            if position == len(data):
                return position
    raise DamagedError("more parts than any camera writes")


def count_fill(data: bytes, position: int) -> int:
    """How many bytes of FF precede a marker. Any number is allowed, and decoders read them one by one."""
    following = NOT_FILL.search(data, position)
    end = following.start() if following else len(data)
    return max(0, end - 1 - position)


def read_marker(data: bytes, position: int) -> int:
    if position + 2 > len(data):
        raise TruncatedError("no end of image")
    if data[position] != 0xFF:
        raise DamagedError(f"no marker at {position}")
    return data[position + 1]


def skip_segment(data: bytes, position: int) -> int:
    length = int.from_bytes(data[position + 2 : position + 4], "big")
    if position + 2 + max(length, 2) > len(data):
        raise TruncatedError("a segment is cut")
    if length < 2:
        raise DamagedError("a segment without room for its length")
    return position + 2 + length


def find_scan_end(data: bytes, position: int) -> int:
    end = SCAN_END.search(data, position)
    return end.start() if end else len(data)


def find_png_end(data: bytes) -> int:
    """Checks each chunk's CRC on the way."""
    position = len(PNG_SIGNATURE)
    if data[position + 4 : position + 8] != b"IHDR":
        raise DamagedError("the header is not the first chunk")
    for _ in range(MAXIMUM_PARTS):
        length = int.from_bytes(data[position : position + 4], "big")
        end = position + 12 + length
        if end > len(data):
            raise TruncatedError("a chunk is cut")
        crc = int.from_bytes(data[end - 4 : end], "big")
        if zlib.crc32(memoryview(data)[position + 4 : end - 4]) != crc:
            raise DamagedError("a chunk does not match its checksum")
        if data[position + 4 : position + 8] == b"IEND":
            return end
        position = end
    raise DamagedError("more parts than any program writes")


def find_webp_end(data: bytes) -> int:
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise TruncatedError("the file is shorter than it says")
    if not any(name in {b"VP8 ", b"VP8L", b"VP8X"} for name, _ in read_webp_chunks(data[:end])):
        raise DamagedError("no picture inside")
    return end + end % 2 if data[end : end + 1] == b"\x00" else end


def read_webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and payload of each chunk. Raises DamagedError for bytes that belong to none, and for too many."""
    position = 12
    for _ in range(MAXIMUM_PARTS):
        if position >= len(data):
            return
        name, length = data[position : position + 4], data[position + 4 : position + 8]
        start = position + 8
        end = start + int.from_bytes(length, "little")
        if len(length) < 4 or end > len(data):
            raise DamagedError("a chunk reaches beyond the file")
        yield name, data[start:end]
        position = end + end % 2
    raise DamagedError("more parts than any program writes")


def find_boxes_end(data: bytes) -> int:
    """The end of the last box that is known; strange bytes behind it belong to something else."""
    position = 0
    for _ in range(MAXIMUM_PARTS):
        if data[position + 4 : position + 8] not in BOXES:
            return position
        end = find_box_end(data, position)
        if end > len(data):
            raise TruncatedError("a box is cut")
        position = end
    raise DamagedError("more parts than any camera writes")


def find_box_end(data: bytes, position: int) -> int:
    """Size 0 reaches to the end of the file, size 1 announces 64 bits behind the name."""
    size = int.from_bytes(data[position : position + 4], "big")
    if size == 0:
        return len(data)
    header = 8
    if size == 1:
        size = int.from_bytes(data[position + 8 : position + 16], "big")
        header = 16
    if size < header:
        raise DamagedError("a box smaller than its own header")
    return position + size


def read_extents(data: bytes) -> list[tuple[int, int]]:
    """Width and height of every picture that a HEIF or AVIF file says it holds (ISO/IEC 23008-12, 6.5.3)."""
    return [struct.unpack(">4xII", found[1]) for found in EXTENT.finditer(data[:HEADER_BYTES])]


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
