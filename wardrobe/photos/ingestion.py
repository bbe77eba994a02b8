"""From an uploaded photo to the pictures we keep: upright, sRGB, small, with nothing but pixels.

Pure code over Pillow. `read_picture` decodes once; everything else works from its answer.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import piexif
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from PIL import Image

from wardrobe.photos.colours import read_meaning, to_srgb
from wardrobe.photos.containers import (
    find_jpeg_end,
    is_turned,
    read_aperture,
    read_webp_chunks,
)
from wardrobe.photos.counted import CountedFile, DamagedError
from wardrobe.photos.formats import (
    UnreadablePhotoError,
    check_area,
    damaged,
    open_photo,
    truncated,
)

try:
    import cykooz_resizer as resizer
except ImportError:
    resizer = None

IMAGE_SIDE = 1024
THUMBNAIL_SIDE = 320
CROP_SIZE = (400, 533)
CROP_MARGIN = 0.06
"""Surroundings kept around a garment in its own picture, as a share of its box."""

SHRINKING = resizer and resizer.ResizeOptions(
    resize_alg=resizer.ResizeAlg.convolution(resizer.FilterType.catmull_rom)
)
"""Against Lanczos on every pixel of a 12-megapixel photo: 47 dB, in a quarter of the time of Pillow's fastest filter of
41 dB. The same to the bit with and without vector instructions."""
FILTER = Image.Resampling.HAMMING
"""Where there is no package of it: Linux on ARM."""
KEPT_FORMAT = "webp"
QUALITY = 80
# Method 0 takes two thirds of the time of method 2 for 3 % more bytes.
METHOD = 0
CUT_OUT_BYTES = 25_000
CUT_OUT_QUALITIES = (80, 60, 40, 25)
CUT_OUT_CHUNKS = [b"VP8X", b"ALPH", b"VP8 "]
ONLY_ALPHA = 0x10
"""The features of a WebP file that has opacity and neither profile, EXIF, XMP nor frames."""
# A JPEG is decoded at the smallest of its scales that is at least this many times what we keep.
JPEG_SLACK = 1.5

NO_EXIF = "doesnot have exif"
"""What piexif raises in a ValueError for a WebP file without any."""

ORIENTATION = 0x0112
END_OF_IMAGE = b"\xff\xd9"
ANY_BYTES = bytes(range(7, 250, 3)) * 4
"""What no scan goes on with: without a marker, and of every length of code."""
Transpose = Image.Transpose
UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}


class UncleanRenditionError(Exception):
    """A stored picture would hold more than its pixels. A fault of ours: nothing is kept."""


@dataclass(frozen=True)
class Renditions:
    """`picture` is what `image` was encoded from, `small` what `thumbnail` was. Both encoded ones are WebP."""

    picture: Image.Image
    small: Image.Image
    image: bytes
    thumbnail: bytes


class Decoded(NamedTuple):
    """`profile` is the ICC profile that the file came with, as it came; empty without one."""

    picture: Image.Image
    profile: bytes


def make_renditions(data: bytes, *, format: str) -> Renditions:
    """Decode a photo and encode what is kept of it. Raises UnreadablePhotoError."""
    return render_picture(read_picture(data, format=format))


def render_picture(picture: Image.Image) -> Renditions:
    small = shrink(picture, THUMBNAIL_SIDE)
    return Renditions(picture, small, encode(picture), encode(small))


def read_picture(data: bytes, *, format: str, side: int = IMAGE_SIDE) -> Image.Image:
    """The picture of `decode`. Raises UnreadablePhotoError."""
    return decode(data, format=format, side=side).picture


def decode(data: bytes, *, format: str, side: int = IMAGE_SIDE) -> Decoded:
    """The first frame as upright sRGB, at most `side` pixels long, with no metadata.

    Transparency becomes white, under what is nearly white a light grey. Raises UnreadablePhotoError.
    """
    try:
        with open_photo(add_end(data) if format == "jpeg" else data, format) as image:
            check_area(format, *image.size)
            hint_scale(image, side)
            image.load()
            if format == "jpeg":
                check_whole(image, data, side)
            check_area(format, *image.size)  # A HEIF's header may lie.
            orientation = read_orientation(image, data, format)
            profile = image.info.get("icc_profile") or b""
            meaning = read_meaning(image, data, format)
            shrunk = shrink(unpack(crop_aperture(image, data, format)), side)
            picture = to_srgb(shrunk, meaning, profile)
    except MemoryError:
        raise UnreadablePhotoError(
            "too_many_pixels", _("This photo needs more memory than we have. Send a smaller copy.")
        ) from None
    except (OSError, SyntaxError, ValueError, EOFError, RuntimeError):
        raise damaged() from None
    if orientation in UPRIGHT:
        picture = picture.transpose(UPRIGHT[orientation])
    return Decoded(keep_pixels(picture), profile)


def hint_scale(image: Image.Image, side: int) -> None:
    """Let the JPEG decoder skip detail that scaling would throw away."""
    scale = JPEG_SLACK * side / max(image.size)
    if scale < 1:
        image.draft(None, (round(image.width * scale), round(image.height * scale)))


def add_end(data: bytes) -> bytes:
    """A JPEG that ends, also where its sender left the end out; copied only for that."""
    return data if data.endswith(END_OF_IMAGE) else data + END_OF_IMAGE


def check_whole(image: Image.Image, data: bytes, side: int) -> None:
    """Raises UnreadablePhotoError for a JPEG that was cut, whether an end was put behind it or not.

    Where a scan stops too early the decoder makes up the rest, in one colour. Bytes put behind a scan that is whole
    change nothing; where it is cut they are taken for the missing pixels.
    """
    end = find_jpeg_end(CountedFile(data))
    if data.endswith(END_OF_IMAGE, 0, end) and not is_plain_corner(image):
        return
    scan = data[:end].removesuffix(END_OF_IMAGE)
    with open_photo(scan + ANY_BYTES + END_OF_IMAGE, "jpeg") as other:
        hint_scale(other, side)
        other.load()
        if other.tobytes() != image.tobytes():
            raise truncated()


def is_plain_corner(image: Image.Image) -> bool:
    """Whether the last pixels, 8 by 8, are of one colour."""
    width, height = image.size
    corner = image.crop((max(0, width - 8), max(0, height - 8), width, height))
    return len(corner.getcolors() or []) == 1


def crop_aperture(image: Image.Image, data: bytes, format: str) -> Image.Image:
    """What is to be seen of a picture: without what the sender cut off and the file still holds."""
    aperture = read_aperture(data) if format == "avif" else None
    if not aperture:
        return image
    width, height, across, down = aperture
    left = (image.width - width) / 2 + across
    top = (image.height - height) / 2 + down
    box = (round(left), round(top), round(left + width), round(top + height))
    is_inside = box[0] >= 0 and box[1] >= 0 and box[2] <= image.width and box[3] <= image.height
    return image.crop(box) if is_inside and box[0] < box[2] and box[1] < box[3] else image


def read_orientation(image: Image.Image, data: bytes, format: str) -> int:
    """How to turn it, by EXIF alone, as browsers do. A TIFF is upright when it is decoded, and so is a HEIF, but for
    those of phones that only say it in EXIF; of an AVIF, Pillow puts what its boxes say there.
    """
    if format == "tiff":
        return 1
    if format == "heif":
        return 1 if is_turned(data) else int(image.info.get("original_orientation") or 1)
    try:
        exif = Image.Exif()
        exif.load(image.info.get("exif") or b"")
        return int(exif.get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001 However broken the metadata is, the pixels count.
        return 1


def unpack(image: Image.Image) -> Image.Image:
    """Palettes, bits and deep greys as 8-bit channels. Transparent ones become RGBA."""
    if image.mode.startswith(("I", "F")):
        grey = Image.fromarray(to_bytes(np.asarray(image), image.mode))
        return let_through(grey, np.asarray(image) == image.info.get("transparency"))
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in {"P", "HSV", "LAB", "YCbCr", "RGBX"}:
        return image.convert("RGB")
    return image.convert("L") if image.mode == "1" else image


def to_bytes(values: NDArray[Any], mode: str) -> NDArray[np.uint8]:
    """Deep grey as 8 bits: 16-bit by its high byte, others as they are."""
    is_deep = mode.startswith("I;16") or (mode == "I" and values.max(initial=0) > 255)
    scaled = values // 257 if is_deep else np.nan_to_num(values)
    grey: NDArray[np.uint8] = np.clip(scaled, 0, 255).astype(np.uint8)
    return grey


def let_through(grey: Image.Image, transparent: NDArray[np.bool_] | bool) -> Image.Image:
    """The same where a value stands for nothing: RGBA."""
    if not np.any(transparent):
        return grey
    picture = grey.convert("RGBA")
    picture.putalpha(Image.fromarray(np.where(transparent, 0, 255).astype(np.uint8)))
    return picture


def shrink(image: Image.Image, side: int) -> Image.Image:
    """At most `side` pixels long; smaller pictures stay as they are."""
    scale = side / max(image.size)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    if resizer is None:
        return image.resize(size, FILTER, reducing_gap=2.0)
    small = Image.new(image.mode, size)
    resizer.Resizer().resize_pil(image, small, SHRINKING)
    return small


def keep_pixels(image: Image.Image) -> Image.Image:
    """A new picture from the pixels alone: EXIF, comments and profiles stay behind."""
    kept = Image.new("RGB", image.size)
    kept.paste(image)
    return kept


def make_crop(picture: Image.Image, box: Sequence[float]) -> bytes:
    """One garment's own picture: 3:4, WebP, CROP_SIZE pixels.

    `box` is x, y, width, height in fractions of the picture; an empty one takes it whole. Where
    the frame reaches beyond the photo, it is filled with the colour of the photo's edge.
    """
    left, top, right, bottom = frame_box(picture, box or (0.0, 0.0, 1.0, 1.0))
    width, height = right - left, bottom - top
    frame = Image.new("RGB", (width, height), edge_colour(picture))
    frame.paste(picture, (-left, -top))
    return encode(frame.resize(CROP_SIZE, Image.Resampling.BICUBIC, reducing_gap=2.0))


def frame_box(picture: Image.Image, box: Sequence[float]) -> tuple[int, int, int, int]:
    """The 3:4 frame around a box, in pixels, moved into the photo as far as it fits."""
    x, y, width, height = (share * side for share, side in zip(box, picture.size * 2, strict=True))
    ratio = CROP_SIZE[0] / CROP_SIZE[1]
    frame_height = max(height, width / ratio, 8) * (1 + CROP_MARGIN)
    frame_width = frame_height * ratio
    left = fit(x + width / 2 - frame_width / 2, frame_width, picture.width)
    top = fit(y + height / 2 - frame_height / 2, frame_height, picture.height)
    return left, top, left + max(1, round(frame_width)), top + max(1, round(frame_height))


def fit(start: float, length: float, whole: int) -> int:
    """Where a span of `length` starts so that it lies within `whole`, or is centred on it."""
    if length >= whole:
        return round((whole - length) / 2)
    return round(min(max(start, 0), whole - length))


def edge_colour(picture: Image.Image) -> tuple[int, int, int]:
    pixels = np.asarray(picture)
    edges = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    red, green, blue = (int(value) for value in np.median(edges, axis=0))
    return red, green, blue


def encode(picture: Image.Image) -> bytes:
    """WebP of the pixels, proven to hold nothing else. Raises UncleanRenditionError."""
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=QUALITY, method=METHOD)
    data = buffer.getvalue()
    verify_rendition(data, picture.size)
    return data


def encode_cut_out(picture: Image.Image, *, most_bytes: int = CUT_OUT_BYTES) -> bytes:
    """WebP with opacity of an RGBA picture, `most_bytes` at most, proven to hold nothing else.

    Detail goes before size; what is still too large is made smaller. Raises UncleanRenditionError.
    """
    while True:
        for quality in CUT_OUT_QUALITIES:
            buffer = io.BytesIO()
            picture.save(buffer, "WEBP", quality=quality, alpha_quality=quality, method=METHOD)
            data = buffer.getvalue()
            if len(data) <= most_bytes:
                verify_rendition(data, picture.size, is_cut_out=is_see_through(picture))
                return data
        smaller = (max(1, picture.width * 3 // 4), max(1, picture.height * 3 // 4))
        picture = picture.resize(smaller, Image.Resampling.BICUBIC)


def is_see_through(picture: Image.Image) -> bool:
    """Whether any pixel of an RGBA picture is: the encoder leaves an opacity out that says nothing."""
    lowest, _ = picture.getchannel("A").getextrema()
    return bool(lowest != 255)


def verify_rendition(data: bytes, size: tuple[int, int], *, is_cut_out: bool = False) -> None:
    """Reopen a stored picture: one lossy frame of this size, of a cut-out with its opacity, and not a byte more.

    Raises UncleanRenditionError. The frame header is that of RFC 6386, section 9.1; the chunks are those of RFC 9649.
    """
    whole = data[:4] == b"RIFF" and len(data) == 8 + int.from_bytes(data[4:8], "little")
    if not whole or data[8:12] != b"WEBP":
        raise UncleanRenditionError("not exactly one WebP file")
    try:
        chunks = list(read_webp_chunks(CountedFile(data)))
    except DamagedError as error:
        raise UncleanRenditionError(str(error)) from error
    if [chunk.name for chunk in chunks] != (CUT_OUT_CHUNKS if is_cut_out else [b"VP8 "]):
        raise UncleanRenditionError(f"chunks {[chunk.name for chunk in chunks]}")
    if is_cut_out and data[chunks[0].start] != ONLY_ALPHA:
        raise UncleanRenditionError(f"features {data[chunks[0].start]:#x}")
    frame = data[chunks[-1].start : chunks[-1].end]
    width, height = (int.from_bytes(frame[at : at + 2], "little") & 0x3FFF for at in (6, 8))
    if frame[3:6] != b"\x9d\x01\x2a" or (width, height) != size:
        raise UncleanRenditionError(f"a frame of {width} by {height}, wanted {size}")
    if not is_without_exif(data):
        raise UncleanRenditionError("EXIF")


def is_without_exif(data: bytes) -> bool:
    """Whether piexif says so of a WebP file. It shares no code with `read_webp_chunks`.

    It opens what does not begin like a WebP file as a path: not for bytes that others made.
    """
    try:
        found = piexif.load(data)
    except Exception as error:  # noqa: BLE001 Of broken EXIF it raises all kinds.
        return str(error) == NO_EXIF
    return not any(found.values())  # So it says of a file that may have features, and has no EXIF.
