"""Warmth as a number: thermal insulation in clo, 1 clo = 0.155 m²K/W. Scalars or arrays alike."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", float, NDArray[np.float64])

STILL_AIR_CLO, OUTDOOR_AIR_CLO = 0.7, 0.5
"""Insulation of the layer of air around a body: indoors, and outdoors in the usual breeze. Apparent
temperature has the wind in it already, so that strong wind does not lower this again."""
DRY_HEAT_SHARE = 0.75
"""Of the metabolic rate: about a quarter leaves by breath and evaporation (ISO 7730)."""
INDOOR_CELSIUS, SEATED_W_M2 = 22.0, 70.0


def ensemble_clo(garments_clo: Number) -> Number:
    """The insulation of an outfit from the sum of its garments': `0.161 + 0.835 · Σ I_clu`, ISO 9920."""
    return 0.161 + 0.835 * garments_clo


def needed_clo(apparent_c: float, met_w_m2: float, *, air_clo: float = OUTDOOR_AIR_CLO) -> float:
    """The insulation for comfort at an apparent temperature and a metabolic rate; never below 0.

    Heat balance with ISO 7730's comfortable skin temperature, `35.7 − 0.0275 · M`:
    `(t_skin − t) / (0.155 · 0.75 · M) − I_air`.
    """
    skin_c = 35.7 - 0.0275 * met_w_m2
    return max((skin_c - apparent_c) / (0.155 * DRY_HEAT_SHARE * met_w_m2) - air_clo, 0.0)


INDOOR_CLO = needed_clo(INDOOR_CELSIUS, SEATED_W_M2, air_clo=STILL_AIR_CLO)
"""What is comfortable at a desk, about 0.75 clo: a light business outfit, as ASHRAE 55 has it."""
