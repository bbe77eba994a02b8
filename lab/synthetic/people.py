"""Somebody who wears what is drawn: head, neck, arms and legs, simply."""

import numpy as np

from lab.synthetic.clutter import ANYTHING, solid_panel
from lab.synthetic.curves import ellipse, rectangle, ribbon, smooth
from lab.synthetic.fields import Field, Random
from lab.synthetic.lighting import Light, put_down
from lab.synthetic.parts import Part
from lab.synthetic.sewing import Placement, Sewing

SKINS = ("#f0c8ae", "#e3b08c", "#c98f68", "#a66e48", "#7d5035", "#5c3a28")
HAIR = ("#17130f", "#2e2018", "#5a3b22", "#8d6a3c", "#7a7470")


def stand(photo: Field, placement: Placement, light: Light, skin: str, *, seed: int) -> None:
    """Put a body where the top or dress of that placement will come (linear, changed in place)."""
    rng = np.random.default_rng([seed, 4])
    parts = body(skin, str(rng.choice(HAIR)), rng)
    layer = Sewing(ANYTHING, parts, placement=placement, rng=rng).layer
    put_down(photo, layer, light, pixels_per_cm=placement.pixels_per_cm)


def body(skin: str, hair: str, rng: Random) -> list[Part]:
    """In centimetres from the middle of the collar."""
    long = float(rng.uniform(0, 10))
    parts: list[Part] = [solid_panel(ellipse(0, -18 + long / 2, 9.2, 9.5 + long), hair, bulge=1.0)]
    for side in (-1, 1):
        arm = smooth((side * 17, 4), (side * 25, 28), (side * 29, 52), (side * 30, 66))
        leg = smooth((side * 8, 45), (side * 9, 80), (side * 9, 118))
        parts += [solid_panel(ribbon(arm, 7.5), skin, bulge=1.5, roundness=3)]
        parts += [solid_panel(ribbon(leg, 11.0), skin, bulge=2, roundness=4)]
    return [
        *parts,
        solid_panel(rectangle(-5, -9, 10, 18, round_by=2), skin, lift=0.8),
        solid_panel(ellipse(0, -16, 7.4, 10.4), skin, lift=1.5, bulge=2.0, roundness=5),
        *face(),
    ]


def face() -> list[Part]:
    eyes: list[Part] = [
        solid_panel(ellipse(x, -17, 1.1, 0.6), "#2a2220", lift=1.6, bulge=0.1) for x in (-2.9, 2.9)
    ]
    return [*eyes, solid_panel(ellipse(0, -10.8, 2.4, 0.6), "#a8524a", lift=1.6, bulge=0.1)]
