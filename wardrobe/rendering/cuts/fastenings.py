"""Zips, toggles, buckles and studs that several garments share."""

from wardrobe.rendering.curves import Pair, Points, mirror, offset, points, rectangle, ribbon
from wardrobe.rendering.parts import Crease, Panel, Part, Seam


def zip_teeth(top: float, low: float, metal: str) -> list[Part]:
    tape = points((-0.9, top), (0.9, top), (0.9, low), (-0.9, low))
    teeth = points((0, top), (0, low))
    pull = rectangle(-0.5, top + 0.5, 1.0, 3.2, round_by=0.3)
    return [
        Panel(outline=tape, attached=True, bulge=-0.1, roundness=0.3, shade=0.6),
        Seam(line=teeth, depth=-0.1, width=0.4, thread=metal),
        Panel(outline=pull, attached=True, bulge=0.3, roundness=0.3, dye=metal, fabric="metal"),
        Crease(line=mirror(teeth), height=0.1, width=0.3),
    ]


def cord(line: Points, dye: str, *, thick: float = 0.75) -> list[Part]:
    x, y = line[-1]
    tip: Pair = (float(x) - thick / 2, float(y) - 0.4)
    return [
        Panel(outline=ribbon(offset(line, -thick / 2), thick), attached=True, bulge=0.45, roundness=0.4, dye=dye,
              fabric="canvas"),
        Panel(outline=rectangle(*tip, thick, 2.0, round_by=0.2), attached=True, bulge=0.4, roundness=0.4,
              dye="#9c978d", fabric="metal"),
    ]  # fmt: skip
