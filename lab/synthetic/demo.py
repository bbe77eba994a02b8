"""The demo wardrobe's file: how each photo is drawn, and what is true of the garments in it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.synthetic.photos import render_photo
from lab.synthetic.specs import FabricColour, GarmentSpec, RenderedPhoto, Shot


@dataclass(frozen=True)
class DemoPhoto:
    """`boxes` is where its garments come to lie, as the file states it."""

    file: str
    seed: int
    background: str
    garments: tuple[GarmentSpec, ...]
    boxes: tuple[list[float], ...]
    shot: Shot

    def render(self, size: tuple[int, int]) -> RenderedPhoto:
        return render_photo(
            self.garments,
            seed=self.seed,
            background=self.background,
            size=size,
            shot=self.shot,
        )


def read_demo(path: Path) -> list[DemoPhoto]:
    """The photos of a `wardrobe.toml`. Raises KeyError when a photo does not say how it is drawn."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["photos"]
    return [
        DemoPhoto(
            row["file"],
            row["seed"],
            row["background"],
            tuple(read_spec(garment) for garment in row["garments"]),
            tuple(garment["box"] for garment in row["garments"]),
            Shot(**row.get("shot", {})),
        )
        for row in rows
    ]


def read_spec(row: dict[str, Any]) -> GarmentSpec:
    """`drawn` refines what the vocabulary says: the cut, the fabric, the trim."""
    return GarmentSpec(
        type=row["type"],
        colours=tuple(FabricColour(name, value) for name, value in row["colours"].items()),
        pattern=row.get("pattern", "solid"),
        material=row["material"],
        **row.get("drawn", {}),
    )
