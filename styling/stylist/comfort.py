"""What an event's weather asks of an outfit: insulation, cover from rain, no coat in summer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from styling.notes.leanings import Leaning
from styling.stylist.clo import INDOOR_CLO, ensemble_clo, needed_clo
from styling.stylist.context import Candidate, OutfitContext
from styling.weather.model import SENSITIVITY_STEP_C

Array = NDArray[np.float64]

UNKNOWN_WEATHER_C = (13.0, 20.0)
"""With no forecast we dress for a mild day in layers, and say so."""
LIGHTEST_CLO = 0.15
"""No outfit is lighter by much (shorts, t-shirt and sandals are 0.37), whatever the heat asks."""
UNSEEN_CLO = 0.04
"""Underwear, which everybody wears and nobody is told to (ISO 9920)."""
TOLERANCE_CLO = 0.5
"""From here on an outfit is too warm or too cold."""
COAT_CLO, COAT_CELSIUS = 0.5, 25.0
COOL_START_C = 15.0
"""A coat is no mistake when the same event begins this cool."""
DRY_SNOW_C = -3.0
"""Below this what falls is dry snow: warmth comes before waterproofing."""
SHARPNESS_CLO = 0.3
WALKING_W_M2, SPORTING_W_M2 = 165.0, 190.0
"""Metabolic rates from which it takes closed shoes, and clothes made to move in."""
SHORTS_CELSIUS, OPEN_SHOES_CELSIUS = 17.0, 17.0
"""Below these, bare legs and open shoes are a last resort."""


@dataclass(frozen=True)
class Comfort:
    """The demands of an event. Temperatures are apparent ones as this wearer feels them, in °C.

    `needed` is what all layers together should have at the coolest hour, `indoors` what should
    remain without the layers that come off, at the warmest hour or inside.
    """

    low_c: float
    high_c: float
    needed: float
    stripped: float
    is_wet: bool
    is_windy: bool
    met_w_m2: float = 116.0

    @property
    def is_hot(self) -> bool:
        """Whether a coat would be a mistake."""
        return self.high_c >= COAT_CELSIUS and self.low_c >= COOL_START_C

    def bans(self, piece: Candidate) -> bool:
        return self.is_hot and piece.clo > COAT_CLO

    def judge_warmth(self, full: Array, stripped: Array, carried: Array) -> Array:
        """How well ensembles fit, 0..1. `carried` is insulation worn only against the rain."""
        cold = np.maximum(self.needed - full - 0.1, 0)
        warm = np.maximum(full - carried - self.needed - 0.1, 0)
        stuffy = np.maximum(stripped - self.stripped - 0.2, 0)
        return _fall_off(cold) * _fall_off(warm) * _fall_off(stuffy)


def read_comfort(context: OutfitContext) -> Comfort:
    """The demands of this event on this wearer."""
    event, weather = context.event, context.weather
    low, high = find_felt_range(context)
    at_low = max(needed_clo(low, event.met_w_m2), LIGHTEST_CLO)
    at_high = max(needed_clo(high, event.met_w_m2), LIGHTEST_CLO)
    return Comfort(
        low_c=low,
        high_c=high,
        needed=at_low,
        stripped=min(at_high, INDOOR_CLO) if event.indoors else at_high,
        is_wet=weather is not None and weather.is_wet and low > DRY_SNOW_C,
        is_windy=weather is not None and weather.categories["wind"] == "windy",
        met_w_m2=event.met_w_m2,
    )


def find_felt_range(context: OutfitContext) -> tuple[float, float]:
    """Lowest and highest apparent temperature as the wearer feels it; a guess with no forecast. Who asks to be
    warmer, or lighter, is dressed for one step of sensitivity less, or more."""
    low, high = UNKNOWN_WEATHER_C
    leanings = context.wishes.leanings
    steps = (Leaning.LIGHTER in leanings) - (Leaning.WARMER in leanings)
    if context.weather is not None:
        low, high = context.weather.felt_range_c(context.sensitivity)
    else:
        steps += context.sensitivity
    return low + steps * SENSITIVITY_STEP_C, high + steps * SENSITIVITY_STEP_C


def sum_clo(pieces: list[Candidate]) -> float:
    """The insulation of these pieces worn together, with the underwear nobody mentions."""
    return ensemble_clo(sum(piece.clo for piece in pieces) + UNSEEN_CLO)


def strip_layers(pieces: list[Candidate]) -> list[Candidate]:
    """What is left when everything that can be taken off is: no outer and, over a base, no mid layer."""
    has_base = any(piece.slot == "dress" or _is_base(piece) for piece in pieces)
    return [
        piece
        for piece in pieces
        if piece.slot in {"dress", "bottom", "shoes", "socks", "underwear"}
        or _is_base(piece)
        or (piece.slot == "top" and not has_base)
    ]


def _is_base(piece: Candidate) -> bool:
    return piece.slot == "top" and piece.layer == "base"


def _fall_off(distance: Array) -> Array:
    """1 at home, 0.11 at half a clo away, and never 0: of bad choices the least bad wins."""
    judged: Array = 1 / (1 + (distance / SHARPNESS_CLO) ** 2) ** 2
    return judged
