"""Files for tests, built byte by byte where no library would make them."""

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image
from pillow_heif import register_heif_opener

register_heif_opener()

PILLOW_NAMES = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "heif": "HEIF", "avif": "AVIF"}
PILLOW_NAMES |= {"gif": "GIF", "tiff": "TIFF", "bmp": "BMP"}

# A small MP4: as phones put it behind the JPEG of a motion photo.
MP4 = (
    struct.pack(">I4s4sI4s", 20, b"ftyp", b"mp42", 0, b"isom")
    + struct.pack(">I4s", 16, b"mdat")
    + b"\x07" * 8
    + struct.pack(">I4s", 8, b"moov")
)


def draw_corners(width: int = 96, height: int = 64) -> Image.Image:
    """Red, green, blue and white corners on grey: an upright one is known by its corners."""
    picture = Image.new("RGB", (width, height), (128, 128, 128))
    w, h = width // 3, height // 3
    picture.paste((220, 30, 30), (0, 0, w, h))
    picture.paste((30, 180, 30), (width - w, 0, width, h))
    picture.paste((30, 30, 220), (0, height - h, w, height))
    picture.paste((255, 255, 255), (width - w, height - h, width, height))
    return picture


def draw_noise(width: int = 160, height: int = 120, seed: int = 1) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 255, (height // 8, width // 8, 3), np.uint8)
    return Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC)


def encode(picture: Image.Image, format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, PILLOW_NAMES[format], **options)
    return buffer.getvalue()


def jpeg_segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def add_segment(jpeg: bytes, marker: int, payload: bytes) -> bytes:
    """Behind the start of image."""
    return jpeg[:2] + jpeg_segment(marker, payload) + jpeg[2:]


def png_chunk(name: bytes, payload: bytes) -> bytes:
    crc = zlib.crc32(name + payload)
    return struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", crc)


def add_chunk(png: bytes, name: bytes, payload: bytes) -> bytes:
    """Behind the header chunk."""
    return png[:33] + png_chunk(name, payload) + png[33:]


def samsung_trailer() -> bytes:
    block = struct.pack("<HHI", 0, 0x0A01, 4) + b"Text" + b"1234"
    directory = b"SEFH" + struct.pack("<II", 106, 1)
    directory += struct.pack("<HHII", 0, 0x0A01, len(block), len(block))
    return block + directory + struct.pack("<I", len(directory)) + b"SEFT"


def png_bomb(side: int) -> bytes:
    """A few kilobytes that unpack to side x side pixels of black."""
    row = b"\x00" * (side // 8 + 2)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", packed)
        + png_chunk(b"IEND", b"")
    )


def claim_size(jpeg: bytes, width: int, height: int) -> bytes:
    """The same JPEG, saying in its frame header that it is of another size."""
    start = jpeg.index(b"\xff\xc0")
    return jpeg[: start + 5] + struct.pack(">HH", height, width) + jpeg[start + 9 :]
