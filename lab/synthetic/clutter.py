"""Things that lie about at the edges of a photo: nobody tidies up for a snapshot."""

import math
from collections.abc import Callable

import numpy as np

from lab.synthetic.curves import Points, ellipse, rectangle, ribbon, smooth, turned
from lab.synthetic.fields import Field, Random
from lab.synthetic.lighting import Light, put_down
from lab.synthetic.parts import Panel, Part
from lab.synthetic.sewing import Placement, Sewing
from lab.synthetic.specs import FabricColour, GarmentSpec

Thing = Callable[[Random], list[Part]]

ANYTHING = GarmentSpec(type="other", colours=(FabricColour("grey", "#8b8d91"),), material="other")


def scatter(photo: Field, count: int, light: Light, *, pixels_per_cm: float, rng: Random) -> None:
    """Lay things on the photo (linear, changed in place), each cut by an edge of it."""
    height, width, _ = photo.shape
    edges = rng.permutation(8)[:count]
    for edge, thing in zip(edges, rng.permutation(len(THINGS)), strict=False):
        parts = THINGS[int(thing)](rng)
        place = Placement(
            at_edge(int(edge), width, height, rng), (0, 0), pixels_per_cm, float(rng.uniform(0, 6))
        )
        layer = Sewing(ANYTHING, parts, placement=place, rng=rng).layer
        put_down(photo, layer, light, pixels_per_cm=pixels_per_cm)


def hang(photo: Field, placement: Placement, light: Light, *, seed: int) -> None:
    """Lay a hanger where the garment of that placement will come (linear, changed in place)."""
    rng = np.random.default_rng([seed, 3])
    layer = Sewing(ANYTHING, hanger(rng), placement=placement, rng=rng).layer
    put_down(photo, layer, light, pixels_per_cm=placement.pixels_per_cm)


def at_edge(number: int, width: int, height: int, rng: Random) -> tuple[float, float]:
    """A point near one of the four corners or four sides, pixels."""
    aside, off = float(rng.uniform(-0.12, 0.12)), float(rng.uniform(-0.02, 0.03))
    angle = math.pi / 4 * number
    x = 0.5 + (0.5 + off) * float(np.sign(round(math.cos(angle), 3)))
    y = 0.5 + (0.5 + off) * float(np.sign(round(math.sin(angle), 3)))
    if number % 2 == 0:
        x, y = x + aside * abs(math.sin(angle)), y + aside * abs(math.cos(angle))
    return x * width, y * height


def solid_panel(
    outline: Points, dye: str, *, lift: float = 0.5, bulge: float = 0.3, roundness: float = 1.2
) -> Panel:
    return Panel(
        outline=outline, dye=dye, folds=0, fabric="rubber",
        lift=lift, bulge=bulge, roundness=roundness,
    )  # fmt: skip


def mug(rng: Random) -> list[Part]:
    """From above: rim, tea, handle."""
    glaze = str(rng.choice(["#e8e4da", "#3f5f74", "#b5533c", "#2b2b2e", "#8aa08a"]))
    return [
        solid_panel(ribbon(smooth((3.6, -1.4), (6.6, 0), (3.6, 1.4)), 0.9), glaze, lift=4),
        solid_panel(ellipse(0, 0, 4.2, 4.2), glaze, lift=5, bulge=0.5),
        solid_panel(ellipse(0, 0, 3.7, 3.7), "#3a2212", lift=3.4, bulge=0.05),
    ]


def cable(rng: Random) -> list[Part]:
    bends = [(x, float(rng.uniform(-5, 5))) for x in range(-20, 21, 8)]
    ink = str(rng.choice(["#e6e6e3", "#1b1b1d"]))
    plug = rectangle(19, bends[-1][1] - 0.8, 3.2, 1.5)
    return [
        solid_panel(ribbon(smooth(*bends), 0.38), ink, lift=0.4, bulge=0.2, roundness=0.2),
        solid_panel(plug, ink, lift=0.5, bulge=0.3, roundness=0.4),
    ]


def phone(rng: Random) -> list[Part]:
    return [
        solid_panel(rectangle(-3.7, -7.5, 7.4, 15, round_by=1.1), "#26272b", lift=0.7),
        solid_panel(
            rectangle(-3.4, -7.2, 6.8, 14.4, round_by=0.9), "#0d0e11", lift=0.7, bulge=0.05
        ),
    ]


def book(rng: Random) -> list[Part]:
    cover = str(rng.choice(["#7a2f2a", "#2f4a5c", "#d6c7a2", "#47603f", "#c78f35"]))
    return [
        solid_panel(rectangle(-7, -10, 14, 20), "#e9e2d0", lift=1.6),
        solid_panel(rectangle(-7.2, -10.2, 13.8, 20), cover, lift=1.9, bulge=0.1),
        solid_panel(rectangle(-5, -6, 9.4, 1.1), "#efe6cf", lift=1.9, bulge=0.02),
        solid_panel(rectangle(-5, -4, 6.4, 0.7), "#efe6cf", lift=1.9, bulge=0.02),
    ]


def hanger(rng: Random) -> list[Part]:
    """Wood, with its wire hook."""
    bar = smooth((-20, 6), (-10, 1.2), (0, -1.5), (10, 1.2), (20, 6))
    hook = smooth((0, -1), (0.2, -4), (2.2, -6), (0.4, -8.4), (-1.8, -7))
    return [
        solid_panel(ribbon(hook, 0.35), "#9a9a98", lift=0.5, roundness=0.2),
        solid_panel(ribbon(bar, 1.9), str(rng.choice(["#9c6f42", "#d2b48a", "#3a2a20"])), lift=0.9),
    ]


def pencil(rng: Random) -> list[Part]:
    body = rectangle(-8, -0.4, 15, 0.8, round_by=0.05)
    tip = smooth((7, -0.4), (9, 0), (7, 0.4), closed=True, steps=3)
    return [
        solid_panel(tip, "#d9b98c", lift=0.5, roundness=0.3),
        solid_panel(
            body, str(rng.choice(["#d9a520", "#b3312b", "#2f5e8f"])), lift=0.5, roundness=0.3
        ),
    ]


def leaf(rng: Random) -> list[Part]:
    """The tips of a house plant."""
    blade = smooth((0, 0), (5, -2.2), (13, 0), (5, 2.2), closed=True)
    turns = rng.uniform(-0.3, 0.3, 5) + np.arange(5) * 1.25
    greens = ["#3d6b35", "#4c7d3c", "#35602f"]
    return [
        solid_panel(
            turned(blade, float(turn)), str(rng.choice(greens)), lift=2 + 0.4 * k, bulge=0.8
        )
        for k, turn in enumerate(turns)
    ]


def slipper(rng: Random) -> list[Part]:
    """The tip of somebody's foot in a slipper, who is taking the photo."""
    felt = str(rng.choice(["#6b6f76", "#8a6a55", "#394a5e"]))
    sole = smooth((-14, -4), (2, -5), (9, -2.5), (9, 2.5), (2, 5), (-14, 4), closed=True)
    return [
        Panel(outline=sole * 1.07, dye="#d8d2c4", fabric="rubber", folds=0, lift=1),
        Panel(outline=sole, dye=felt, fabric="fleece", folds=0.3, lift=3, bulge=3, roundness=4),
    ]


def paper(rng: Random) -> list[Part]:
    lines: list[Part] = [
        solid_panel(rectangle(-4.6, -6 + 1.4 * k, 9.0 - (k % 3), 0.28), "#6a6a6e", bulge=0)
        for k in range(8)
    ]
    return [solid_panel(rectangle(-6, -8.5, 12, 17, round_by=0.1), "#ecebe6", lift=0.1), *lines]


THINGS: tuple[Thing, ...] = (mug, cable, phone, book, hanger, pencil, leaf, slipper, paper)
