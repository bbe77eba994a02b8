"""Outfits as some twenty figures that people can name: what personal learning weighs.

A feature is 0 or 1 (something is there or is not) unless `NAMES` says otherwise. The same reader
describes one outfit that a wearer judged and thousands of combinations that are searched.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from styling.stylist.clo import ensemble_clo
from styling.stylist.comfort import UNSEEN_CLO, Comfort, read_comfort
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.harmony import Oklch, main_colour
from styling.stylist.preferences import Preferences

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

NAMES = (
    "warmth",  # insulation above what the weather asks for, in half clos
    "dressed_up",  # mean steps of formality above the occasion's
    "contrast",  # how far top and bottom are apart in lightness, 0 to 1
    "repeats",  # share of pieces that were worn lately
    "dark",
    "light",
    "grey",
    "red",
    "earth",
    "green",
    "blue",
    "purple",
    "patterned",
    "layers",
    "dress",
    "skirt",
    "jeans",
    "sneakers",
    "boots",
    "knit",
    "tailored",
    "sneakers_tailored",
    "jeans_tailored",
)
COLOURS = ("dark", "light", "grey", "red", "earth", "green", "blue", "purple")
MAIN_SLOTS = ("top", "dress", "bottom", "shoes", "outerwear")
"""What features are read of: another pair of socks is not another outfit."""
GREY_CHROMA, DARK, LIGHT = 0.035, 0.35, 0.82
HUES = ((15.0, "red"), (115.0, "earth"), (195.0, "green"), (290.0, "blue"), (340.0, "purple"))
"""The hue up to which each family reaches in OKLCH; what lies above the last is red again."""
KINDS: Mapping[str, frozenset[str]] = {
    "dress": frozenset({"dress", "jumpsuit"}),
    "skirt": frozenset({"skirt"}),
    "jeans": frozenset({"jeans"}),
    "sneakers": frozenset({"sneakers"}),
    "boots": frozenset({"boots", "rain-boots"}),
    "knit": frozenset({"sweater", "cardigan", "turtleneck"}),
    "tailored": frozenset({"blazer", "waistcoat"}),
}
FAR_APART = 0.5
"""In lightness: from here on top and bottom are as far apart as counts."""
MOST_WARMTH, MOST_STEPS = 1.5, 2.0
SWING = 1.0
"""No preference makes an outfit worth more than e^SWING times what it is, or less than its inverse."""


def name_family(colour: Oklch | None) -> str:
    """The family of a colour; empty where nobody knows it."""
    if colour is None:
        return ""
    if colour.chroma < GREY_CHROMA:
        return (
            "dark" if colour.lightness < DARK else "light" if colour.lightness > LIGHT else "grey"
        )
    return next((name for limit, name in HUES if colour.hue < limit), "red")


class FeatureReader:
    """The pieces of a search, or of one outfit, and the features of rows of positions among them.

    The position after the last piece means "nothing", as in `search`.
    """

    def __init__(
        self, pieces: Sequence[Candidate], context: OutfitContext, comfort: Comfort
    ) -> None:
        self.needed = comfort.needed
        columns = [_describe_piece(piece, context) for piece in pieces]
        self.columns = np.array([*columns, np.zeros(len(COLUMNS))])

    def read(self, rows: Indices) -> Array:
        """A line of `NAMES` for each row."""
        sums = self.columns[rows].sum(axis=1)
        of = {name: sums[:, index] for index, name in enumerate(COLUMNS)}
        count = np.maximum(of["count"], 1)
        has = {name: np.minimum(of[name], 1.0) for name in (*COLOURS, *KINDS)}
        full = ensemble_clo(of["clo"] + UNSEEN_CLO)
        tops, bottoms = np.maximum(of["tops"], 1), np.maximum(of["bottoms"], 1)
        apart = np.abs(of["top_light"] / tops - of["bottom_light"] / bottoms) / FAR_APART
        has_both = (of["tops"] > 0) & (of["bottoms"] > 0)
        found = {
            "warmth": np.clip((full - self.needed) / 0.5, -MOST_WARMTH, MOST_WARMTH),
            "dressed_up": np.clip(of["steps"] / count, -MOST_STEPS, MOST_STEPS),
            "contrast": np.where(has_both, np.minimum(apart, 1.0), 0.0),
            "repeats": of["recent"] / count,
            "patterned": np.minimum(of["patterned"], 1.0),
            "layers": np.minimum(of["layers"], 1.0),
            **has,
            "sneakers_tailored": has["sneakers"] * has["tailored"],
            "jeans_tailored": has["jeans"] * has["tailored"],
        }
        return np.stack([found[name] for name in NAMES], axis=1)


COLUMNS = (
    "count",
    "clo",
    "steps",
    "recent",
    "tops",
    "bottoms",
    "top_light",
    "bottom_light",
    "patterned",
    "layers",
    *COLOURS,
    *KINDS,
)


def _describe_piece(piece: Candidate, context: OutfitContext) -> list[float]:
    colour, _ = main_colour(piece)
    family, lightness = name_family(colour), colour.lightness if colour else 0.5
    is_top = piece.slot in {"top", "dress"} and piece.layer == "base"
    worn = piece.last_worn_on
    figures = {
        "count": 1,
        "clo": piece.clo,
        "steps": piece.formality - context.event.formality,
        "recent": worn is not None and 0 <= (context.today - worn).days < context.repeat_days,
        "tops": is_top,
        "bottoms": piece.slot == "bottom",
        "top_light": lightness * is_top,
        "bottom_light": lightness * (piece.slot == "bottom"),
        "patterned": piece.pattern not in {"", "solid"},
        "layers": piece.layer == "mid",
        **{name: name == family for name in COLOURS},
        **{name: piece.type in types for name, types in KINDS.items()},
    }
    return [float(figures[name]) for name in COLUMNS]


def describe_outfit(pieces: Sequence[Candidate], context: OutfitContext) -> dict[str, float]:
    """The features of one outfit that are not 0, by name."""
    main = [piece for piece in pieces if piece.slot in MAIN_SLOTS]
    reader = FeatureReader(main, context, read_comfort(context))
    (values,) = reader.read(np.arange(len(main) or 1)[None, :])
    return {
        name: round(float(value), 6) for name, value in zip(NAMES, values, strict=True) if value
    }


def weigh(features: Array, preferences: Preferences) -> Array:
    """How much each line of features suits a wearer, as a factor on its score: 1 for a stranger."""
    weights = np.array([preferences.weights.get(name, 0.0) for name in NAMES])
    factor: Array = np.exp(SWING * np.tanh(features @ weights / SWING))
    return factor


def rank_alone(pieces: Sequence[Candidate], context: OutfitContext) -> Array:
    """How much each garment by itself suits the wearer; to be compared within a slot."""
    reader = FeatureReader(pieces, context, read_comfort(context))
    return weigh(reader.read(np.arange(len(pieces))[:, None]), context.preferences)
