"""Where a picture ends within its file, read from the container's structure alone.

Nothing is decoded. Each `find_…_end` answers with the offset just behind the picture, or raises
TruncatedError when the file stops before that and DamagedError when it is no such container.
Sources: ITU-T T.81 annex B (JPEG), W3C PNG third edition, Google's WebP container specification,
ISO/IEC 14496-12 (boxes of HEIF, AVIF and MP4).
"""

import re
import zlib
from collections.abc import Iterator

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

# Within a scan, FF is followed by 00 (a stuffed byte), a restart marker or another FF.
SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
END_OF_IMAGE, START_OF_SCAN = 0xD9, 0xDA
MARKERS_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD8)}

# What HEIF, AVIF and MP4 files have at their top level. "mpvd" and "sefd" are Samsung's and Google's.
BOXES = {b"ftyp", b"meta", b"mdat", b"moov", b"moof", b"mfra", b"free", b"skip", b"wide", b"uuid"}
BOXES |= {b"idat", b"pdin", b"styp", b"sidx", b"mpvd", b"sefd", b"udta"}


class TruncatedError(ValueError):
    """The file stops within the picture."""


class DamagedError(ValueError):
    """The file is not built as its beginning says."""


def find_jpeg_end(data: bytes, start: int = 0) -> int:
    position = start + 2
    while True:
        marker = read_marker(data, position)
        if marker == END_OF_IMAGE:
            return position + 2
        if marker == 0xFF:  # A fill byte.
            position += 1
        elif marker in MARKERS_WITHOUT_LENGTH:
            position += 2
        else:
            position = skip_segment(data, position)
        if marker == START_OF_SCAN:
            position = find_scan_end(data, position)


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
    if end is None:
        raise TruncatedError("a scan is cut")
    return end.start()


def find_png_end(data: bytes) -> int:
    """Checks each chunk's CRC on the way."""
    position = len(PNG_SIGNATURE)
    while True:
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


def find_webp_end(data: bytes) -> int:
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise TruncatedError("the file is shorter than it says")
    if not any(name in {b"VP8 ", b"VP8L", b"VP8X"} for name, _ in read_webp_chunks(data[:end])):
        raise DamagedError("no picture inside")
    return end + end % 2 if data[end : end + 1] == b"\x00" else end


def read_webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and payload of each chunk. Raises DamagedError for bytes that belong to none."""
    position = 12
    while position < len(data):
        name, length = data[position : position + 4], data[position + 4 : position + 8]
        start = position + 8
        end = start + int.from_bytes(length, "little")
        if len(length) < 4 or end > len(data):
            raise DamagedError("a chunk reaches beyond the file")
        yield name, data[start:end]
        position = end + end % 2


def find_boxes_end(data: bytes, start: int = 0) -> int:
    """The end of the last box that is known; strange bytes behind it belong to something else."""
    position = start
    while position < len(data) and data[position + 4 : position + 8] in BOXES:
        end = find_box_end(data, position)
        if end > len(data):
            raise TruncatedError("a box is cut")
        position = end
    return position


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


def is_known_tail(data: bytes, position: int) -> bool:
    """Whether all that follows a JPEG is what cameras put there.

    More JPEGs (multi-picture, gain map), an MP4 (motion photo), Samsung's trailer, or zeros.
    """
    while position < len(data):
        if not data[position:].strip(b"\x00"):
            return True
        if is_samsung_trailer(data, position):
            return True
        position = skip_zeros(data, position)
        following = find_tail_end(data, position)
        if following <= position:
            return False
        position = following
    return True


def skip_zeros(data: bytes, position: int) -> int:
    """To the next byte that is not zero, less the three zeros that begin a small box."""
    first = len(data) - len(data[position:].lstrip(b"\x00"))
    return max(position, first - 3) if data[first + 1 : first + 5] == b"ftyp" else first


def find_tail_end(data: bytes, position: int) -> int:
    """The end of the JPEG or MP4 that starts here; `position` itself when neither does."""
    try:
        if data.startswith(b"\xff\xd8\xff", position):
            return find_jpeg_end(data, position)
        if data.startswith(b"ftyp", position + 4):
            return find_boxes_end(data, position)
    except (TruncatedError, DamagedError):
        pass
    return position


def is_samsung_trailer(data: bytes, position: int) -> bool:
    """Blocks, a directory that starts with SEFH, its length, and SEFT as the very last bytes."""
    if not data.endswith(b"SEFT"):
        return False
    directory = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    return directory >= position and data.startswith(b"SEFH", directory)
