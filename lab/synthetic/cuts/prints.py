"""What is printed on the chest: a word, a sun, mountains."""

import numpy as np

from lab.synthetic.curves import Points, ellipse, join, points, rectangle, ribbon, smooth
from lab.synthetic.fields import Random
from lab.synthetic.parts import Panel, Part
from lab.synthetic.specs import GarmentSpec

# Strokes of letters in a box one wide and one high.
LETTERS = (
    (((0.1, 1), (0.5, 0), (0.9, 1)), ((0.25, 0.65), (0.75, 0.65))),
    (((0.9, 0), (0.1, 0), (0.1, 1), (0.9, 1)), ((0.1, 0.5), (0.7, 0.5))),
    (((0.1, 0), (0.1, 1)), ((0.9, 0), (0.9, 1)), ((0.1, 0.5), (0.9, 0.5))),
    (((0.1, 0), (0.1, 1), (0.9, 1)),),
    (((0.1, 1), (0.1, 0), (0.9, 1), (0.9, 0)),),
    (((0.0, 0), (1.0, 0)), ((0.5, 0), (0.5, 1))),
    (((0.1, 0), (0.5, 1), (0.9, 0)),),
    (((0.5, 0), (0.95, 0.5), (0.5, 1), (0.05, 0.5), (0.5, 0)),),
)


def chest_print(spec: GarmentSpec, rng: Random) -> list[Part]:
    """Nothing, unless the pattern is a graphic one; then in the colours after the first."""
    if spec.pattern != "graphic" or len(spec.colours) < 2:
        return []
    inks = [colour.hex for colour in spec.colours[1:]]
    y = float(rng.uniform(17, 21))
    match int(rng.integers(4)):
        case 0:
            return word(rng, inks[0], y, float(rng.uniform(4, 7)))
        case 1:
            return [*word(rng, inks[0], y, 4.0), *word(rng, inks[-1], y + 6.5, 6.0)]
        case 2:
            return sun(rng, inks, y)
        case _:
            return mountains(rng, inks, y)


def printed(outline: Points, ink: str) -> Panel:
    """Ink has no thickness and follows every fold."""
    return Panel(outline=outline, attached=True, bulge=0.0, dye=ink, patterned=False)


def word(rng: Random, ink: str, y: float, height: float) -> list[Part]:
    count = int(rng.integers(3, 7))
    step = min(height * 1.05, 26 / count)
    size, thick = np.array((step * 0.78, height)), height * float(rng.uniform(0.14, 0.24))
    parts: list[Part] = []
    for k in range(count):
        corner = np.array(((k - count / 2) * step, y))
        for stroke in LETTERS[int(rng.integers(len(LETTERS)))]:
            line = np.array(stroke) * size + corner
            for a, b in zip(line, line[1:], strict=False):
                parts.append(printed(stroke_between(a, b, thick), ink))
    return parts


def stroke_between(a: Points, b: Points, thick: float) -> Points:
    along = (b - a) / max(float(np.hypot(*(b - a))), 1e-6) * thick / 2
    aside = np.array((-along[1], along[0]))
    return np.array((a - along + aside, b + along + aside, b + along - aside, a - along - aside))


def sun(rng: Random, inks: list[str], y: float) -> list[Part]:
    """A disc cut by ever wider bars."""
    radius = float(rng.uniform(7, 10))
    centre = y + radius
    parts: list[Part] = [printed(ellipse(0, centre, radius, radius), inks[0])]
    if len(inks) > 1:
        ring = ribbon(
            smooth(
                *[tuple(p) for p in ellipse(0, centre, radius + 1.4, radius + 1.4)[::4]],
                closed=True,
            ),
            0.8,
        )
        parts.append(printed(ring, inks[1]))
        for k in range(4):
            bar = rectangle(
                -radius, centre + k * radius * 0.24, 2 * radius, 0.4 + 0.3 * k, round_by=0.1
            )
            parts.append(printed(bar, inks[1]))
    return [*parts, *word(rng, inks[0], centre + radius + 2.5, 2.4)]


def mountains(rng: Random, inks: list[str], y: float) -> list[Part]:
    """A framed view of three peaks."""
    w, h = float(rng.uniform(9, 12)), float(rng.uniform(13, 17))
    low = y + h
    peaks = points(
        (-w, low - h * 0.35), (-w * 0.5, low - h * 0.7), (-w * 0.15, low - h * 0.45),
        (w * 0.35, low - h * 0.85), (w, low - h * 0.3),
    )  # fmt: skip
    frame = rectangle(-w, y, 2 * w, h, round_by=0.5)
    hill = join(peaks, points((w, low), (-w, low)))
    if len(inks) == 1:
        return [printed(hill, inks[0]), printed(ellipse(w * 0.6, y + 2, 1.8, 1.8), inks[0])]
    return [
        printed(frame, inks[0]),
        printed(ellipse(-w * 0.2, y + h * 0.3, 2.4, 2.4), inks[-1]),
        printed(hill, inks[1]),
    ]
