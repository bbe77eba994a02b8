"""Colours of a garment, named as people name them for clothes.

Each group of pixels is rated for each of the vocabulary's colours by what a softmax has learned
from labelled photos: a dark blue is navy long before it is black, white in the shade stays white.
A head on the trunk's answers, where there is one, leans towards names that such a garment has.
`python -m lab train_heads` fits it.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardrobe.vision.clusters import Floats
from wardrobe.vision.heads import Calibration, Leaning
from wardrobe.vision.hues import ColourEvidence, look_at_colours, measure_groups

WEIGHTS = Path(__file__).parent / "weights" / "colours.npz"
MULTICOLOR = "multicolor"
MINIMUM_SHARE = 0.05


class MeasuredColour(NamedTuple):
    name: str
    hex: str
    """Like `#1f2a44`, as measured."""
    share: float


class NamedColours(NamedTuple):
    colours: list[MeasuredColour]
    """Largest share first; the first is the main one."""
    confidence: float
    """How likely the main colour's name is right."""


@dataclass(frozen=True)
class ColourModel:
    names: tuple[str, ...]
    """Of the columns; MULTICOLOR has none, for it is no group's colour but a garment's."""
    means: Floats
    deviations: Floats
    coefficients: Floats
    """(MEASURES, names)"""
    mixing: Floats
    """Coefficients of what `describe_mixture` gives: how likely the garment is MULTICOLOR."""
    calibration: Calibration

    def rate_groups(self, centres: Floats, ground: Floats) -> Floats:
        """Probabilities of names for groups (…, 3) on grounds (…, 4): (…, names)."""
        measures = (measure_groups(centres, ground) - self.means) / self.deviations
        return softmax(np.asarray(measures @ self.coefficients, dtype=np.float32))

    def rate_garments(self, groups: Floats, shares: Floats) -> Floats:
        """Probabilities (…, names and MULTICOLOR) of the main colour, of groups with shares (…, groups)."""
        mixture = (shares[..., None] * groups).sum(axis=-2)
        many = 1 / (1 + np.exp(-(describe_mixture(groups, shares) @ self.mixing)))
        return np.concatenate([mixture * (1 - many[..., None]), many[..., None]], axis=-1)


def softmax(logits: Floats) -> Floats:
    scaled = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(scaled / scaled.sum(axis=-1, keepdims=True), dtype=np.float32)


def describe_mixture(groups: Floats, shares: Floats) -> Floats:
    """What tells one colour from many, of groups (…, groups, names) and their shares: (…, 4).

    The spread of the mixture, how much of it lies between groups, and its greatest share.
    """
    mixture = (shares[..., None] * groups).sum(axis=-2)
    spread = measure_spread(mixture)
    between = spread - (shares * measure_spread(groups)).sum(axis=-1)
    return np.stack([np.ones_like(spread), spread, between, mixture.max(axis=-1)], axis=-1).astype(
        np.float32
    )


def measure_spread(shares: Floats) -> Floats:
    """Shannon's entropy of the last axis, in nats."""
    return np.asarray(-(shares * np.log(shares + 1e-9)).sum(axis=-1))


@lru_cache(maxsize=1)
def load_model() -> ColourModel:
    with np.load(WEIGHTS) as file:
        return ColourModel(
            names=tuple(file["names"].tolist()),
            calibration=Calibration(*file["calibration"].tolist()),
            **{
                name: file[name].astype(np.float32)
                for name in ("means", "deviations", "coefficients", "mixing")
            },
        )


def measure_colours(
    pixels: NDArray[np.uint8],
    surroundings: NDArray[np.uint8] | None = None,
    leaning: Leaning | None = None,
) -> NamedColours:
    """Named colours of sRGB bytes (n, 3) on those (m, 3) around them; a doubtful grey for no pixels.

    `leaning` is what else is known of the main colour's name.
    """
    if len(pixels) == 0:
        return NamedColours([MeasuredColour("grey", "#808080", 1.0)], 0.0)
    look = look_at_colours(pixels, pixels[:0] if surroundings is None else surroundings)
    model = load_model()
    groups = model.rate_groups(look.centres, look.ground)
    words = [*model.names, MULTICOLOR]
    rates, calibration = model.rate_garments(groups, look.shares), model.calibration
    if leaning is not None:
        rates, calibration = leaning.join(words, rates), leaning.calibration
    best = int(rates.argmax())
    mixture = (look.shares[:, None] * groups).sum(axis=0)
    own = (groups * mixture).argmax(axis=1)
    found = [
        summarise_name(model.names[name], own == name, look) for name in sorted(set(own.tolist()))
    ]
    found = sorted(found, key=lambda colour: colour.share, reverse=True)
    found = [colour for colour in found if colour.share >= MINIMUM_SHARE] or found[:1]
    named = put_first(words[best], found, look)
    return NamedColours(named, calibration.correct(float(rates[best])))


def summarise_name(name: str, groups: NDArray[np.bool_], look: ColourEvidence) -> MeasuredColour:
    """All groups that bear `name` as one colour, at the median of their pixels."""
    chosen = groups[look.labels]
    red, green, blue = np.median(look.pixels[chosen], axis=0).astype(int)
    return MeasuredColour(name, f"#{red:02x}{green:02x}{blue:02x}", round(float(chosen.mean()), 3))


def put_first(main: str, found: list[MeasuredColour], look: ColourEvidence) -> list[MeasuredColour]:
    """With `main` leading: many colours are all of the garment, another takes the largest share."""
    if main == found[0].name:
        return found
    red, green, blue = look.pixels.mean(axis=0).astype(int)
    mean = MeasuredColour(main, f"#{red:02x}{green:02x}{blue:02x}", found[0].share)
    if main == MULTICOLOR:
        return [mean._replace(share=1.0), *found]
    own = next((colour for colour in found if colour.name == main), mean)
    others = [colour for colour in found if colour.name != main]
    return [own._replace(share=max(own.share, others[0].share)), *others]
