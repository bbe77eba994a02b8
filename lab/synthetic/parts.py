"""The parts a garment is sewn of, in the order in which they lie on each other."""

from dataclasses import dataclass
from typing import TypeAlias

from lab.synthetic.curves import Pair, Points


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A piece of cloth.

    `grain` turns the cloth (radians): folds run down the grain. With `fan` folds run away from that
    point, as in a gathered skirt. An attached panel (pocket, collar) lies on what is beneath and
    shares its folds. `lift` is how high it lies, `bulge` how round it is, both in centimetres.
    `sleeve` is how long the sleeve is that it is, in centimetres; 0 for any other piece.
    """

    outline: Points
    grain: float = 0.0
    fan: Pair | None = None
    lift: float = 0.5
    bulge: float = 0.3
    roundness: float = 1.2
    folds: float = 1.0
    attached: bool = False
    fabric: str = ""
    dye: str = ""
    patterned: bool = True
    shade: float = 1.0
    sleeve: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Seam:
    """A line where cloth is joined; with a `thread` colour it shows stitches."""

    line: Points
    depth: float = 0.06
    width: float = 0.16
    thread: str = ""


@dataclass(frozen=True, kw_only=True)
class Crease:
    """A fold that the shape of the garment asks for. Negative heights are valleys."""

    line: Points
    height: float = 0.3
    width: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Button:
    centre: Pair
    radius: float = 0.55
    dye: str = "#e8e4da"
    holes: bool = True


@dataclass(frozen=True, kw_only=True)
class Fading:
    """A worn or washed-out area, as on the thighs of jeans."""

    outline: Points
    strength: float = 0.3
    softness: float = 5.0


Part: TypeAlias = Panel | Seam | Crease | Button | Fading
