"""Rendered photos as the files that phones and programs make of them."""

import io
import struct
from dataclasses import dataclass
from typing import cast

from PIL import ExifTags, Image, ImageCms
from pillow_heif import register_heif_opener

register_heif_opener()

MAKE, MODEL = "Dresscode", "Dresscode Renderer"
TAKEN = "2026:05:02 10:24:00"
PLACE = ((52.0, 31.0, 12.0), (13.0, 24.0, 36.0))
"""Latitude north and longitude east in degrees, minutes, seconds: a park."""

# How a camera held that way stores an upright picture (Exif 2.32, Orientation).
STORED = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}
EXTENSIONS = {"jpeg": "jpg", "heic": "heic", "avif": "avif", "png": "png", "webp": "webp"}
QUALITIES = (84, 78, 72, 66, 60, 54)


@dataclass(frozen=True, kw_only=True)
class Camera:
    """`orientation` is the Exif value; `gps` writes where it was; `p3` is a wide-gamut screen's."""

    format: str = "jpeg"
    orientation: int = 1
    gps: bool = False
    p3: bool = False


def as_file(image: Image.Image, camera: Camera, *, largest: int) -> bytes:
    """An upright sRGB image as the camera's file, of at most about `largest` bytes where it can."""
    if camera.orientation in STORED:
        image = image.transpose(STORED[camera.orientation])
    profile = display_p3() if camera.p3 else b""
    if profile:
        image = to_profile(image, profile)
    for quality in QUALITIES:
        data = encode_image(image, camera, profile, quality)
        if len(data) <= largest:
            break
    return data


def encode_image(image: Image.Image, camera: Camera, profile: bytes, quality: int) -> bytes:
    file = io.BytesIO()
    match camera.format:
        case "jpeg":
            image.save(
                file, "JPEG", quality=quality, optimize=True, exif=exif_of(camera),
                icc_profile=profile or None,
            )  # fmt: skip
        case "heic":
            image.save(file, "HEIF", quality=quality - 20)
        case "png":
            image.save(file, "PNG", optimize=True)
        case _:
            image.save(file, camera.format.upper(), quality=quality - 8)
    return file.getvalue()


def exif_of(camera: Camera) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = MAKE, MODEL
    exif[ExifTags.Base.Orientation] = camera.orientation
    exif[ExifTags.Base.DateTime] = TAKEN
    if camera.gps:
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLongitudeRef] = "N", "E"
        place[ExifTags.GPS.GPSLatitude], place[ExifTags.GPS.GPSLongitude] = PLACE
    return exif


def to_profile(image: Image.Image, profile: bytes) -> Image.Image:
    """sRGB pixels as the same colours in another space."""
    wide = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    moved = ImageCms.profileToProfile(image, ImageCms.createProfile("sRGB"), wide)
    return cast(Image.Image, moved)  # None only for changes in place.


def display_p3() -> bytes:
    """A profile with Display P3's primaries, adapted to D50, and a gamma of 2.2 (ICC.1:2001-04)."""
    description = b"desc" + bytes(4) + struct.pack(">I", 11) + b"Display P3\x00" + bytes(78)
    gamma = b"curv" + bytes(4) + struct.pack(">IH", 1, round(2.2 * 256)) + bytes(2)
    tags = {
        b"desc": description + bytes(-len(description) % 4),
        b"cprt": b"text" + bytes(4) + b"CC0\x00",
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": xyz(0.5151, 0.2412, -0.0011),
        b"gXYZ": xyz(0.2919, 0.6922, 0.0419),
        b"bXYZ": xyz(0.1572, 0.0666, 0.7841),
        b"rTRC": gamma,
        b"gTRC": gamma,
        b"bTRC": gamma,
    }
    start, entries, body = 132 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        entries += name + struct.pack(">II", start + len(body), len(data))
        body += data
    header = struct.pack(
        ">I4sI4s4s4s", start + len(body), bytes(4), 0x02400000, b"mntr", b"RGB ", b"XYZ "
    )
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    header += struct.pack(">3i", *(round(v * 65536) for v in (0.9642, 1.0, 0.8249)))
    return header.ljust(128, b"\x00") + struct.pack(">I", len(tags)) + entries + body


def xyz(x: float, y: float, z: float) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(v * 65536) for v in (x, y, z)))
