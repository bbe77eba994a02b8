"""Colours of a garment, measured in OKLab and named.

Lightness varies with folds and light far more than hue does, so it counts less when pixels are
grouped. Names are decided by lightness, chroma and hue, as people use them for clothes: a dark
blue is navy long before it is black, a dark orange is brown, a pale one beige.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardrobe.vision.clusters import Floats, cluster_colours
from wardrobe.vision.oklab import to_lightness_chroma_hue, to_oklab

CLUSTERS = 12
SAMPLE = 4000
"""Pixels that are looked at; more change shares by less than one in a hundred."""
LIGHTNESS_WEIGHT = 0.7
MINIMUM_SHARE = 0.05
MANY, COMPARABLE = 4, 0.1
"""So many colours of at least such a share, none of them half of the garment, are multicolor."""
SHADES = {
    **dict.fromkeys(("black", "grey", "white"), "neutral"),
    **dict.fromkeys(("navy", "blue", "light_blue"), "blue"),
    **dict.fromkeys(("brown", "beige", "olive"), "earth"),
}
"""Names that light, shade and wash give to one colour: many of these alone are not many colours."""
SUNLIT = 0.3
"""Share of a cloth's light (dark) part that must be white (black) for the rest to be its shade."""
SHADED_WHITE = 0.66
LIT_BLACK = 0.48
"""Lightness up to which folds darken white, and to which light lifts black."""


class MeasuredColour(NamedTuple):
    name: str
    hex: str
    """Like `#1f2a44`, as measured."""
    share: float


def measure_colours(pixels: NDArray[np.uint8]) -> list[MeasuredColour]:
    """Named colours of sRGB bytes (n, 3), largest share first; a single grey for no pixels."""
    if len(pixels) == 0:
        return [MeasuredColour("grey", "#808080", 1.0)]
    sample = pixels[:: max(1, len(pixels) // SAMPLE)]
    lab = to_oklab(sample)
    weights = np.array([LIGHTNESS_WEIGHT, 1, 1], dtype=np.float32)
    clusters = cluster_colours(lab * weights, CLUSTERS)
    centres = clusters.centres / weights
    names = forgive_shading([name_colour(centre) for centre in centres], centres, clusters.shares)
    found = [summarise_name(name, names, clusters.labels, sample) for name in dict.fromkeys(names)]
    found = [colour for colour in found if colour.share >= MINIMUM_SHARE] or found
    return name_mixture(sorted(found, key=lambda colour: colour.share, reverse=True), sample)


def name_mixture(found: list[MeasuredColour], pixels: NDArray[np.uint8]) -> list[MeasuredColour]:
    """Colours of which none leads go by one name first, then by their own."""
    comparable = [colour for colour in found if colour.share >= COMPARABLE]
    kinds = {SHADES.get(colour.name, colour.name) for colour in comparable}
    if len(comparable) < MANY or len(kinds) < MANY - 1 or found[0].share > 0.5:
        return found
    red, green, blue = pixels.mean(axis=0).astype(int)
    share = round(min(1.0, sum(colour.share for colour in comparable)), 3)
    return [MeasuredColour("multicolor", f"#{red:02x}{green:02x}{blue:02x}", share), *found]


def forgive_shading(names: list[str], centres: Floats, shares: Floats) -> list[str]:
    """White in the shade is white, and black in the light is black, not grey beside it."""
    lit, dim = centres[:, 0] > SHADED_WHITE, centres[:, 0] < LIT_BLACK
    is_grey = np.array([name == "grey" for name in names])
    for name, shaded in (("white", is_grey & lit), ("black", is_grey & dim)):
        sure = float(shares[[other == name for other in names]].sum())
        if sure > SUNLIT * (sure + float(shares[shaded].sum())):
            names = [name if change else old for change, old in zip(shaded, names, strict=True)]
    return names


def summarise_name(
    name: str, names: list[str], labels: NDArray[np.intp], pixels: NDArray[np.uint8]
) -> MeasuredColour:
    """All clusters that bear `name` as one colour, at the median of their pixels."""
    chosen = np.isin(labels, [index for index, other in enumerate(names) if other == name])
    red, green, blue = np.median(pixels[chosen], axis=0).astype(int)
    return MeasuredColour(name, f"#{red:02x}{green:02x}{blue:02x}", round(float(chosen.mean()), 3))


def name_colour(lab: Floats) -> str:
    """The vocabulary's name for one OKLab colour."""
    lightness, chroma, hue = to_lightness_chroma_hue(lab)
    if chroma < neutral_limit(lightness, hue):
        return name_neutral(lightness)
    return name_hue(lightness, chroma, hue)


def neutral_limit(lightness: float, hue: float) -> float:
    """Chroma below which a colour passes for black, grey or white."""
    if 230 <= hue < 300:
        return 0.028 if lightness < 0.25 else 0.022
    return 0.035 if lightness < 0.3 else 0.022


def name_neutral(lightness: float) -> str:
    if lightness < 0.38:
        return "black"
    return "grey" if lightness < 0.80 else "white"


def name_hue(lightness: float, chroma: float, hue: float) -> str:
    """Hues in OKLCH: red 29°, yellow 110°, green 142°, cyan 195°, blue 264°, magenta 328°."""
    if hue >= 340 or hue < (36 if lightness > 0.6 and chroma > 0.15 else 42):
        return name_reddish(lightness, chroma, hue)
    if hue < 115:
        return name_yellowish(lightness, chroma, hue)
    if hue < 165:
        return "olive" if hue < 130 and chroma < 0.09 and lightness < 0.65 else "green"
    if hue < 220:
        return "teal"
    if hue < 290:
        return name_bluish(lightness, chroma)
    return "purple" if hue < 328 or lightness < 0.5 else "pink"


def name_reddish(lightness: float, chroma: float, hue: float) -> str:
    if lightness > 0.7 or (lightness > 0.5 and not 10 <= hue < 40):
        return "pink"
    if chroma < 0.06 and 10 <= hue < 40:
        return "brown"
    return "red" if hue >= 0 and (hue < 40 or chroma > 0.1) else "purple"


def name_yellowish(lightness: float, chroma: float, hue: float) -> str:
    if chroma < 0.1:
        if lightness > 0.66:
            return "beige"
        return "olive" if hue > 100 else "brown"
    if hue < 75:
        return "orange" if lightness > 0.58 and chroma > 0.12 else "brown"
    return "yellow" if lightness > 0.66 else ("olive" if hue > 100 else "brown")


def name_bluish(lightness: float, chroma: float) -> str:
    if lightness < 0.38 and chroma < 0.13:
        return "navy"
    return "light_blue" if lightness > 0.72 else "blue"
