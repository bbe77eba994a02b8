"""What an uploaded file really is, by its content, before any decoder sees its pixels.

`inspect_photo` refuses what is not a whole photo of a size we take. Its messages are for wearers.
"""

import io
import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from PIL import (
    AvifImagePlugin,  # noqa: F401 It and those below: with all that we take at hand, Pillow loads no other of its 40.
    BmpImagePlugin,  # noqa: F401
    GifImagePlugin,  # noqa: F401
    Image,
    JpegImagePlugin,  # noqa: F401
    PngImagePlugin,  # noqa: F401
    TiffImagePlugin,  # noqa: F401
    UnidentifiedImageError,
    WebPImagePlugin,  # noqa: F401
)
from pillow_heif import register_heif_opener

from wardrobe.photos import containers, headers
from wardrobe.photos.counted import CountedFile, DamagedError

register_heif_opener()

MINIMUM_SIDE = 32
"""Pixels. Below this no garment can be seen, and scaling would divide by nearly nothing."""
SNIFF_BYTES = 4096

# Names of ours to Pillow's: no plugin outside this list is ever asked.
PILLOW_FORMATS = {
    "jpeg": "JPEG",
    "png": "PNG",
    "webp": "WEBP",
    "heif": "HEIF",
    "avif": "AVIF",
    "gif": "GIF",
    "tiff": "TIFF",
    "bmp": "BMP",
}
BEGINNINGS = {
    "jpeg": (b"\xff\xd8\xff",),
    "png": (containers.PNG_SIGNATURE,),
    "gif": (b"GIF87a", b"GIF89a"),
    "tiff": (b"II*\x00", b"MM\x00*"),
}
FIND_END: dict[str, Callable[[CountedFile], int]] = {
    "jpeg": containers.find_jpeg_end,
    "png": containers.find_png_end,
    "webp": containers.find_webp_end,
    "heif": containers.find_boxes_end,
    "avif": containers.find_boxes_end,
}
"""Of the formats whose parts tell how long they are; whether another one is whole, its decoder says."""

AVIF_BRANDS = {b"avif", b"avis"}
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}

# Beginnings of what people take for photos, with the words of the answer.
STRANGERS: list[tuple[bytes, str]] = [
    (b"II+\x00", gettext_noop("a TIFF")),
    (b"BM", gettext_noop("a BMP")),
    (b"%PDF", gettext_noop("a PDF")),
    (b"%!PS", gettext_noop("a PostScript file")),
    (b"8BPS", gettext_noop("a Photoshop file")),
    (b"\x00\x00\x00\x0cjP  ", gettext_noop("a JPEG 2000")),
    (b"\x00\x00\x00\x0cJXL ", gettext_noop("a JPEG XL")),
    (b"\xff\x0a", gettext_noop("a JPEG XL")),
    (b"\x00\x00\x01\x00", gettext_noop("an icon")),
    (b"PK\x03\x04", gettext_noop("a ZIP archive")),
    (b"\x1f\x8b", gettext_noop("an archive")),
    (b"SIMPLE  =", gettext_noop("a FITS picture")),
    (b"MZ", gettext_noop("a program")),
    (b"\x7fELF", gettext_noop("a program")),
    (b"RIFF", gettext_noop("a sound or a film")),
    (b"ID3", gettext_noop("a sound")),
    (b"\x1aE\xdf\xa3", gettext_noop("a film")),
]

TEXTS = (gettext_noop("an SVG drawing"), gettext_noop("a web page"), gettext_noop("a text"))
NOBODY = gettext_noop("no photo we know")
NO_PICTURES = frozenset(
    (
        "a web page",
        "a text",
        "a ZIP archive",
        "an archive",
        "a program",
        "a sound",
        "a film",
        "a sound or a film",
    )
)
"""What nobody can save as a photo."""


class UnreadablePhotoError(Exception):
    """A file that cannot become a photo. `str()` tells the wearer; `code` is for machines.

    Codes: empty, too_large, too_many_pixels, too_small, unsupported, truncated, damaged, no_garment.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Inspection:
    """`format` is one of PILLOW_FORMATS; the size is in pixels, as stored, before orientation."""

    format: str
    width: int
    height: int


def inspect_photo(data: bytes) -> Inspection:
    """Decide what a whole file is. Raises UnreadablePhotoError."""
    check_bytes(len(data))
    format = sniff_format(data[:SNIFF_BYTES])
    file = CountedFile(data)
    check_structure(file, format)
    width, height = read_size(file, format)
    check_pixels(format, width, height)
    return Inspection(format, width, height)


def check_bytes(size: int) -> None:
    """Raises UnreadablePhotoError for an empty or too large file."""
    limit = settings.PHOTO_MAX_BYTES
    if size == 0:
        raise UnreadablePhotoError("empty", _("This file is empty. Choose the photo once more."))
    if size > limit:
        raise UnreadablePhotoError(
            "too_large",
            _(
                "This file has %(size)s MB, and we take up to %(most)s. Send a smaller copy of the photo."
            )
            % {"size": f"{size / 1e6:.0f}", "most": f"{limit / 1e6:.0f}"},
        )


def sniff_format(head: bytes) -> str:
    """The format by the first bytes. Raises UnreadablePhotoError that names what it is instead."""
    for format, beginnings in BEGINNINGS.items():
        if head.startswith(beginnings):
            return format
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return "bmp"
    brands = read_brands(head)
    if brands & AVIF_BRANDS:
        return "avif"
    if brands & HEIF_BRANDS:
        return "heif"
    raise unsupported(name_stranger(head, brands))


def unsupported(found: str) -> UnreadablePhotoError:
    if found in NO_PICTURES:
        said = _("This is %(found)s, not a photo. Choose a photo of the piece.")
    else:
        said = _("This is %(found)s, which we cannot read. Save it as JPEG and add it again.")
    return UnreadablePhotoError("unsupported", said % {"found": _(found)})


def name_format(head: bytes) -> str:
    """A short name of any file by its first bytes: `jpeg`, `jpeg-xl`, `text`, `unknown`; empty of nothing."""
    if not head:
        return ""
    try:
        return sniff_format(head)
    except UnreadablePhotoError:
        return slugify_stranger(name_stranger(head, read_brands(head)))


def slugify_stranger(words: str) -> str:
    if words == NOBODY:
        return "unknown"
    return slugify(words.removeprefix("an ").removeprefix("a "))


def list_format_names() -> list[str]:
    """Every answer of `name_format` but the empty one."""
    strangers = ["a film", *(words for _, words in STRANGERS), *TEXTS, NOBODY]
    return list(dict.fromkeys([*PILLOW_FORMATS, *map(slugify_stranger, strangers)]))


def read_brands(head: bytes) -> set[bytes]:
    """The brands of an ISO base media file: the major one and those it is compatible with."""
    if head[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(head[:4], "big"), len(head))
    return {head[8:12], *(head[at : at + 4] for at in range(16, end, 4))}


def name_stranger(head: bytes, brands: set[bytes]) -> str:
    if brands:
        return gettext_noop("a film")
    for beginning, words in STRANGERS:
        if head.startswith(beginning):
            return words
    if b"\x00" in head:
        return NOBODY
    text = head.lower()
    drawing, page, plain = TEXTS
    if b"<svg" in text:
        return drawing
    return page if b"<html" in text or b"<!doctype" in text else plain


def check_structure(file: CountedFile, format: str) -> None:
    """Raises UnreadablePhotoError for a photo that is cut or damaged.

    What lies behind the picture does not matter: only its pixels are kept. Of a JPEG whose last scan does not end, the
    decoder says whether it is whole (`ingestion`).
    """
    try:
        if format in FIND_END:
            FIND_END[format](file)
    except containers.TruncatedError:
        raise truncated() from None
    except DamagedError:
        raise damaged() from None


def truncated() -> UnreadablePhotoError:
    return UnreadablePhotoError(
        "truncated", _("The end of this photo is missing. Fetch it again and add the new copy.")
    )


def damaged() -> UnreadablePhotoError:
    return UnreadablePhotoError(
        "damaged", _("This photo is damaged. If you have it elsewhere, add that copy.")
    )


def read_size(file: CountedFile, format: str) -> tuple[int, int]:
    """Width and height by the header; no decoder is asked. Raises UnreadablePhotoError."""
    try:
        size = headers.read_size(file, format)
        for extent in containers.read_extents(file) if format in {"heif", "avif"} else ():
            check_area(format, *extent)
        if format == "tiff" and headers.is_raw(file):
            raise unsupported(gettext_noop("a raw photo"))
    except (containers.TruncatedError, DamagedError):
        raise damaged() from None
    if size is None:
        raise unsupported(gettext_noop("a kind of TIFF")) if format == "tiff" else damaged()
    return size


def open_photo(data: bytes, format: str) -> Image.Image:
    """Read the header. Raises UnreadablePhotoError."""
    try:
        with warnings.catch_warnings():
            # Of sizes, where our own limits are lower, and of broken metadata, which is dropped.
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(data), formats=[PILLOW_FORMATS[format]])
    except Image.DecompressionBombError:
        raise too_many_pixels(format, None) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, RuntimeError):
        raise (
            unsupported(gettext_noop("a kind of TIFF")) if format == "tiff" else damaged()
        ) from None


def check_pixels(format: str, width: int, height: int) -> None:
    """Raises UnreadablePhotoError for a bomb or a speck."""
    check_area(format, width, height)
    if min(width, height) < MINIMUM_SIDE:
        raise UnreadablePhotoError(
            "too_small",
            _("This picture is only %(width)s by %(height)s pixels. Send a larger copy.")
            % {"width": width, "height": height},
        )


def check_area(format: str, width: int, height: int) -> None:
    if width * height > settings.PHOTO_MAX_PIXELS[format]:
        raise too_many_pixels(format, width * height)


def too_many_pixels(format: str, pixels: int | None) -> UnreadablePhotoError:
    limit = math.floor(settings.PHOTO_MAX_PIXELS[format] / 1e5) / 10
    # Rounded up, so that it is more than the limit.
    if pixels is None:
        said = _(
            "This photo has too many pixels, and we take up to %(most)s million. Send a smaller copy."
        )
        return UnreadablePhotoError("too_many_pixels", said % {"most": f"{limit:g}"})
    said = _(
        "This photo has %(has)s million pixels, and we take up to %(most)s million. Send a smaller copy."
    )
    has = f"{math.ceil(pixels / 1e5) / 10:g}"
    return UnreadablePhotoError("too_many_pixels", said % {"has": has, "most": f"{limit:g}"})
