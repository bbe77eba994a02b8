"""Which colours go together, judged in OKLCH (Björn Ottosson, 2020)."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from styling.stylist.context import Candidate

NEUTRAL_CHROMA = 0.04
UNKNOWN = 0.6
NEUTRAL_PAIR, NEUTRAL_WITH_COLOUR = 0.8, 0.9
TEMPLATES = (
    (0.0, 30.0, 1.0),
    (30.0, 60.0, 0.85),
    (150.0, 180.0, 0.85),
    (135.0, 150.0, 0.7),
)
"""Hue distance from, to, and how well it goes: one family, analogous, complementary and
split-complementary (after Itten; Cohen-Or et al. 2006, harmonic templates)."""
CLASH = 0.3
SATURATED_CHROMA = 0.12
LOUD_PAIR, LOUD_PAIR_SHARING = 0.35, 0.7


@dataclass(frozen=True)
class Oklch:
    """Lightness 0..1, chroma from 0 (about 0.3 at most in sRGB), hue in degrees."""

    lightness: float
    chroma: float
    hue: float


def parse_hex(colour: str) -> Oklch | None:
    """ "#1f2a44" in OKLCH; None for anything else."""
    digits = colour.removeprefix("#")
    if len(digits) != 6:
        return None
    try:
        srgb = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    except ValueError:
        return None
    red, green, blue = (_linear(value) for value in srgb)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Oklch(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def main_colour(piece: Candidate) -> tuple[Oklch | None, bool]:
    """A garment's largest colour, and whether it is a neutral one."""
    if not piece.colours:
        return None, True
    colour = piece.colours[0]
    oklch = parse_hex(colour.hex)
    return oklch, colour.neutral or (oklch is not None and oklch.chroma < NEUTRAL_CHROMA)


def judge_pairs(pieces: list[Candidate]) -> NDArray[np.float64]:
    """How well the main colours of each two garments go, 0..1, as a symmetric matrix."""
    colours = [main_colour(piece) for piece in pieces]
    hue = np.array([oklch.hue if oklch else 0.0 for oklch, _ in colours])
    chroma = np.array([oklch.chroma if oklch else 0.0 for oklch, _ in colours])
    neutral = np.array([is_neutral for _, is_neutral in colours], dtype=bool)
    known = np.array([oklch is not None for oklch, _ in colours], dtype=bool)
    distance = np.abs((hue[:, None] - hue[None, :] + 180) % 360 - 180)
    fit = np.full(distance.shape, CLASH)
    for low, high, value in TEMPLATES:
        fit = np.where((distance >= low) & (distance <= high), np.maximum(fit, value), fit)
    # Muted colours clash less: below full saturation the verdict fades towards the middle.
    strength = np.minimum(np.sqrt(chroma[:, None] * chroma[None, :]) / SATURATED_CHROMA, 1)
    fit = strength * fit + (1 - strength) * np.maximum(fit, 0.7)
    either, both = neutral[:, None] | neutral[None, :], neutral[:, None] & neutral[None, :]
    fit = np.where(both, NEUTRAL_PAIR, np.where(either, NEUTRAL_WITH_COLOUR, fit))
    judged: NDArray[np.float64] = np.where(known[:, None] & known[None, :], fit, UNKNOWN)
    return judged


def judge_contrast(pieces: list[Candidate]) -> NDArray[np.float64]:
    """How well each two garments stand apart in lightness, 0.7..1: what top and bottom should do."""
    light = np.array([oklch.lightness if oklch else 0.5 for oklch, _ in map(main_colour, pieces)])
    apart = np.abs(light[:, None] - light[None, :])
    judged: NDArray[np.float64] = 0.7 + 0.3 * np.minimum(apart / 0.25, 1)
    return judged


def judge_patterns(pieces: list[Candidate]) -> NDArray[np.float64]:
    """1 for each two garments of which at most one is loud; less for two, least for two strangers."""
    loud = np.array([piece.loud for piece in pieces], dtype=bool)
    both = loud[:, None] & loud[None, :]
    sharing = np.array([[_share_colour(one, other) for other in pieces] for one in pieces])
    judged: NDArray[np.float64] = np.where(both, np.where(sharing, LOUD_PAIR_SHARING, LOUD_PAIR), 1)
    return judged


def _share_colour(one: Candidate, other: Candidate) -> bool:
    if not (one.loud and other.loud) or one.pattern == other.pattern:
        return False
    return bool({colour.name for colour in one.colours} & {colour.name for colour in other.colours})
