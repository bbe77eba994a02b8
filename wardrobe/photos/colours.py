"""From the colours that a file says it has to sRGB, as a browser shows them.

What counts, as in the PNG specification's third edition (4.3): cICP, then an ICC profile, then sRGB, then gAMA with
cHRM. A HEIF or AVIF has an ICC profile or code points (nclx). High dynamic range is brought into sRGB's as Chromium 156
does it: the figures of ROLL_OFF were read from its screenshots.
Sources: ITU-T H.273 (code points), SMPTE ST 2084 and ITU-R BT.2100 (PQ, HLG), IEC 61966-2-1 (sRGB).
"""

import io
import re
from collections.abc import Callable
from functools import cache
from itertools import takewhile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from wardrobe.photos.containers import HEADER_BYTES, read_png_chunks
from wardrobe.photos.counted import CountedFile

Floats = NDArray[np.float64]
Primaries = tuple[float, ...]
"""x and y of white, red, green and blue (CIE 1931)."""

MAXIMUM_PROFILE_BYTES = 4 * 1024 * 1024
WHITE, LIGHT_GREY = (255, 255, 255), (205, 205, 205)
NEARLY_WHITE = 235
"""Of 255, the median of what is seen."""

D65 = (0.3127, 0.3290)
SRGB: Primaries = (*D65, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
PRIMARIES: dict[int, Primaries] = {
    1: SRGB,
    5: (*D65, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06),
    6: (*D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07),
    9: (*D65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046),
    12: (*D65, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06),
}
PQ, HLG = 16, 18
VIDEO = {1, 6, 14, 15}
"""BT.709 in four spellings, shown by BT.1886. Of a PNG that counts; of an AVIF browsers take it for sRGB."""
UNTOUCHED = 0.05
"""A gAMA as near to 1/2.2 as this says nothing (libpng, PNG_GAMMA_THRESHOLD)."""

REFERENCE_NITS, PEAK_NITS = 203.0, 1000.0
"""White of BT.2408, and the peak that HLG is made for."""
ROLL_OFF = (
    (0.0, 0.211, 0.426, 0.639, 0.851, 1.0625, 1.273, 1.482, 1.691, 1.9, 2.107, 2.3),
    (-1.005, -1.036, -1.122, -1.227, -1.334, -1.457, -1.596, -1.722, -1.863, -2.017, -2.159, -2.3),
)
"""By the logarithm (base 2) of the lightest channel, white being 0, that of what it is multiplied with."""


class Meaning(NamedTuple):
    """`to_light` takes values from 0 to 1, three a pixel, to light where 1 is white."""

    to_light: Callable[[Floats], Floats]
    primaries: Primaries
    is_hdr: bool = False


def to_srgb(image: Image.Image, meaning: Meaning | None, profile: bytes) -> Image.Image:
    """The colours that are meant, on a ground where the picture is transparent.

    `profile` counts where there is no `meaning`.
    """
    if image.mode == "RGBA":
        seen = convert_colours(image.convert("RGB"), meaning, profile)
        ground = Image.new("RGB", image.size, choose_ground(seen, image.getchannel("A")))
        ground.paste(seen, mask=image.getchannel("A"))
        return ground
    return convert_colours(image, meaning, profile)


def choose_ground(seen: Image.Image, alpha: Image.Image) -> tuple[int, int, int]:
    """White, or a light grey behind what is so light that nobody would see it on white."""
    opaque = np.asarray(alpha) > 127
    light = np.asarray(seen.convert("L"))[opaque]
    return LIGHT_GREY if light.size and np.median(light) > NEARLY_WHITE else WHITE


def convert_colours(image: Image.Image, meaning: Meaning | None, profile: bytes) -> Image.Image:
    """A profile that is missing, unusable or of another colour space counts as sRGB."""
    if meaning:
        return show(image.convert("RGB"), meaning)
    if profile and len(profile) <= MAXIMUM_PROFILE_BYTES:
        try:
            return transform_colours(image, ImageCms.ImageCmsProfile(io.BytesIO(profile)))
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return image.convert("RGB")


# ICC profiles


def transform_colours(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    if is_srgb(profile):
        return image.convert("RGB")
    converted = ImageCms.profileToProfile(
        image,
        profile,
        srgb_profile(),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    assert converted is not None  # noqa: S101 It is None only for inPlace=True.
    return converted


def is_srgb(profile: ImageCms.ImageCmsProfile) -> bool:
    """By its name, and by its primaries: the name alone is anybody's to choose."""
    own, known = profile.profile, srgb_profile().profile
    named = "sRGB" in ImageCms.getProfileDescription(profile)
    for primary in ("red_colorant", "green_colorant", "blue_colorant"):
        told = getattr(own, primary)
        named = (
            named and bool(told) and np.allclose(told[0], getattr(known, primary)[0], atol=0.002)
        )
    return named


@cache
def srgb_profile() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


# Code points, gamma and primaries


def read_meaning(image: Image.Image, data: bytes, format: str) -> Meaning | None:
    """What a file says of its colours besides a profile; None where that is sRGB, or a profile goes first."""
    if format == "png":
        code_points = read_png_code_points(data)
        if code_points or image.info.get("icc_profile") or "srgb" in image.info:
            return explain_code_points(*code_points) if code_points else None
        return explain_gamma(image.info.get("gamma"), image.info.get("chromaticity"))
    if format in {"heif", "avif"} and not image.info.get("icc_profile"):
        primaries, transfer = read_nclx(data)
        return explain_code_points(primaries, 13 if transfer in VIDEO else transfer)
    return None


def read_png_code_points(data: bytes) -> tuple[int, int] | None:
    """Primaries and transfer of a cICP chunk (11.3.2.6), which comes before the pixels."""
    file = CountedFile(data)
    for chunk in takewhile(lambda chunk: chunk.name != b"IDAT", read_png_chunks(file)):
        if chunk.name == b"cICP" and chunk.end - chunk.start == 4:
            primaries, transfer, *_ = file.read(chunk.start, 4)
            return primaries, transfer
    return None


def read_nclx(data: bytes) -> tuple[int, int]:
    """Primaries and transfer of the first `colr` box with code points (ISO/IEC 14496-12, 12.1.5); 2 is unspecified."""
    found = re.search(rb"colrnclx(.{4})", data[:HEADER_BYTES], re.DOTALL)
    return (
        (int.from_bytes(found[1][:2], "big"), int.from_bytes(found[1][2:], "big"))
        if found
        else (2, 2)
    )


def explain_code_points(primaries: int, transfer: int) -> Meaning | None:
    """None for sRGB, and for what is unspecified or unknown."""
    gamut = PRIMARIES.get(primaries, SRGB)
    if transfer == PQ:
        return Meaning(pq_to_light, gamut, is_hdr=True)
    if transfer == HLG:
        return Meaning(hlg_to_light, gamut, is_hdr=True)
    curves = {4: lambda v: v**2.2, 5: lambda v: v**2.8, 8: lambda v: v}
    curves |= dict.fromkeys(VIDEO, lambda v: v**2.4)
    if transfer not in curves and gamut is SRGB:
        return None
    return Meaning(curves.get(transfer, srgb_to_light), gamut)


def explain_gamma(gamma: float | None, chromaticity: Primaries | None) -> Meaning | None:
    """cHRM counts with gAMA alone, as in Chromium."""
    if not gamma or gamma <= 0:
        return None
    if chromaticity is None and abs(gamma * 2.2 - 1) < UNTOUCHED:
        return None
    return Meaning(lambda values: values ** (1 / gamma), chromaticity or SRGB)


def show(image: Image.Image, meaning: Meaning) -> Image.Image:
    """An RGB picture as sRGB."""
    light = meaning.to_light(np.asarray(image, np.float64) / 255)
    if meaning.is_hdr:
        lightest = light.max(axis=-1, keepdims=True)
        light = light * 2 ** np.interp(np.log2(np.maximum(lightest, 1e-9)), *ROLL_OFF)
    light = np.clip(light @ gamut_matrix(meaning.primaries).T, 0, 1)
    values = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return Image.fromarray(np.rint(values * 255).astype(np.uint8))


def gamut_matrix(primaries: Primaries) -> Floats:
    """Linear light of these primaries to sRGB's; none at all where they span no space."""
    try:
        own, srgb = rgb_to_xyz(primaries), rgb_to_xyz(SRGB)
        white = adapt_white(own.sum(axis=1), srgb.sum(axis=1))
        matrix: Floats = np.linalg.inv(srgb) @ white @ own
    except (np.linalg.LinAlgError, ZeroDivisionError):
        return np.eye(3)
    return matrix if np.isfinite(matrix).all() else np.eye(3)


def rgb_to_xyz(primaries: Primaries) -> Floats:
    """Raises ZeroDivisionError or LinAlgError for points that are no colours."""
    pairs = list(zip(primaries[::2], primaries[1::2], strict=True))
    white, *columns = (np.array([x / y, 1.0, (1 - x - y) / y]) for x, y in pairs)
    matrix = np.array(columns).T
    scaled: Floats = matrix * np.linalg.solve(matrix, white)
    return scaled


def adapt_white(own: Floats, wanted: Floats) -> Floats:
    """Bradford's, from one white to another."""
    cone = np.array(
        [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
    )
    adapted: Floats = np.linalg.inv(cone) @ np.diag((cone @ wanted) / (cone @ own)) @ cone
    return adapted


def srgb_to_light(values: Floats) -> Floats:
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def pq_to_light(values: Floats) -> Floats:
    c1, c2, c3 = 3424 / 4096, 2413 / 128, 2392 / 128
    root = values ** (32 / 2523)
    nits = 10_000 * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (16384 / 2610)
    return nits / REFERENCE_NITS


def hlg_to_light(values: Floats) -> Floats:
    """On a screen of 1,000 nits, whose gamma is 1.2."""
    a, b = 0.17883277, 0.28466892
    c = 0.55991073
    scene = np.where(values <= 0.5, values**2 / 3, (np.exp((values - c) / a) + b) / 12)
    luma = scene @ np.array([0.2627, 0.6780, 0.0593])
    light: Floats = scene * luma[..., None] ** 0.2 * PEAK_NITS / REFERENCE_NITS
    return light
