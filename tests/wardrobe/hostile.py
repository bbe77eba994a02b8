"""Files made to cost whoever reads them: each grows to a wanted number of bytes."""

import struct
import zlib
from collections.abc import Callable

from tests.wardrobe.pictures import MP4, draw_noise, encode, jpeg_segment, png_chunk

JPEG = encode(draw_noise(), "jpeg")
PNG = encode(draw_noise(), "png")
WEBP = encode(draw_noise(), "webp")
HEIF = encode(draw_noise(), "heif")
AVIF = encode(draw_noise(), "avif")
TIFF_HEAD = b"II*\x00\x08\x00\x00\x00"


def fill(unit: bytes, size: int) -> bytes:
    return unit * (size // len(unit) + 1)


def exif_of_exifs(size: int) -> bytes:
    """Segments of EXIF without a maker, one behind the other."""
    tags = TIFF_HEAD + struct.pack("<H", 1000) + struct.pack("<HHII", 0x9000, 7, 60_000, 8) * 1000
    return JPEG[:2] + fill(jpeg_segment(0xE1, b"Exif\x00\x00" + tags), size) + JPEG[2:]


def tiff_of_overlaps(size: int) -> bytes:
    """Each of 65,535 tags says that its value is the whole file: Pillow copies it for each."""
    tags = b"".join(struct.pack("<HHII", tag, 7, size, 8) for tag in range(300, 30_000))
    return (TIFF_HEAD + struct.pack("<H", 29_700) + tags).ljust(size, b"\x00")


def riff(chunks: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


HOSTILE: dict[str, Callable[[int], bytes]] = {
    "jpeg tails": lambda size: JPEG + fill(b"\xff\xd8\xff\xd9", size),
    "jpeg fill": lambda size: JPEG[:2] + fill(b"\xff", size) + JPEG[2:],
    "jpeg fill before each segment": lambda size: (
        JPEG[:2] + fill(b"\xff" * 9_000 + jpeg_segment(0xE1, b"x"), size) + JPEG[2:]
    ),
    "jpeg stuffed scan": lambda size: JPEG[:-2] + fill(b"\xff\x00", size) + JPEG[-2:],
    "jpeg restart markers": lambda size: JPEG[:-2] + fill(b"\xff\xd0", size) + JPEG[-2:],
    "jpeg scans without end": lambda size: JPEG[:-2] + fill(jpeg_segment(0xDA, b""), size),
    "jpeg empty segments": lambda size: JPEG[:2] + fill(jpeg_segment(0xFE, b""), size) + JPEG[2:],
    "jpeg full segments": lambda size: (
        JPEG[:2] + fill(jpeg_segment(0xFE, bytes(65_000)), size) + JPEG[2:]
    ),
    "jpeg exif of exifs": exif_of_exifs,
    "jpeg behind jpeg": lambda size: fill(JPEG, size),
    "png empty chunks": lambda size: PNG[:33] + fill(png_chunk(b"teSt", b""), size) + PNG[33:],
    "png full chunks": lambda size: (
        PNG[:33] + fill(png_chunk(b"teSt", bytes(99_000)), size) + PNG[33:]
    ),
    "png one chunk": lambda size: PNG[:33] + png_chunk(b"tEXt", bytes(size)) + PNG[33:],
    "png packed text": lambda size: (
        PNG[:33]
        + fill(png_chunk(b"zTXt", b"k\x00\x00" + zlib.compress(bytes(100_000))), size)
        + PNG[33:]
    ),
    "png tail": lambda size: PNG + fill(PNG, size),
    "webp empty chunks": lambda size: riff(WEBP[12:] + fill(b"JUNK\x00\x00\x00\x00", size)),
    "webp without a picture": lambda size: riff(fill(b"JUNK\x00\x10\x00\x00" + bytes(4096), size)),
    "heif free boxes": lambda size: HEIF + fill(struct.pack(">I4s", 8, b"free"), size),
    "heif free boxes first": lambda size: HEIF[:24] + fill(struct.pack(">I4s", 8, b"free"), size),
    "heif exif everywhere": lambda size: (
        HEIF + struct.pack(">I4s", size + 8, b"mdat") + fill(b"Exif\x00\x00II", size)
    ),
    "heif sizes everywhere": lambda size: (
        HEIF[:24] + struct.pack(">I4s", size + 8, b"meta") + fill(b"ispe", size)
    ),
    "avif tail": lambda size: AVIF + fill(MP4, size),
    "tiff of overlaps": tiff_of_overlaps,
    "gif tail": lambda size: encode(draw_noise(), "gif") + bytes(size),
    "bmp tail": lambda size: encode(draw_noise(), "bmp") + bytes(size),
}
"""Each makes a file of about as many bytes as it is told."""
