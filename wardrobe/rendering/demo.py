"""The demo wardrobe's file: how its photos are drawn, and what is true of the garments in them."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wardrobe.rendering.cloth import Cloth
from wardrobe.rendering.photos import GarmentSpec, RenderedPhoto, render_photo


@dataclass(frozen=True)
class DemoGarment:
    """`attributes` are fields of `Garment`; `spec` is how it is drawn; `box` where it then lies."""

    spec: GarmentSpec
    box: list[float]
    attributes: dict[str, Any]


@dataclass(frozen=True)
class DemoPhoto:
    file: str
    seed: int
    scene: str
    is_settled: bool
    """False: the demo leaves it as the built-in engine described it, to be looked at."""
    garments: list[DemoGarment]

    def render(self, size: tuple[int, int]) -> RenderedPhoto:
        specs = [garment.spec for garment in self.garments]
        return render_photo(specs, seed=self.seed, scene=self.scene, size=size)


def read_demo(path: Path) -> list[DemoPhoto]:
    """The photos of a `wardrobe.toml`."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["photos"]
    return [
        DemoPhoto(
            row["file"],
            row["seed"],
            row["scene"],
            row.get("is_settled", True),
            [*map(read_garment, row["garments"])],
        )
        for row in rows
    ]


def read_garment(row: dict[str, Any]) -> DemoGarment:
    colours: dict[str, str] = row.pop("colours")
    pattern = row.setdefault("pattern", "solid")
    centre = row.pop("centre", [0.5, 0.5])
    spec = GarmentSpec(
        shape=row.pop("shape"),
        cloth=Cloth(tuple(colours.values()), pattern, row["material"]),
        centre=(centre[0], centre[1]),
        width=row.pop("width"),
        angle=row.pop("angle"),
    )
    return DemoGarment(
        spec, row.pop("box"), {**row, "fit": "regular", "colours": share_out(colours)}
    )


def share_out(colours: dict[str, str]) -> list[dict[str, Any]]:
    """`Garment.colours`: most of the cloth is its ground, the rest is divided evenly."""
    rest = len(colours) - 1
    shares = [0.7 if rest else 1.0, *([round(0.3 / rest, 2)] * rest if rest else [])]
    return [
        {"name": name, "hex": colour, "share": share}
        for (name, colour), share in zip(colours.items(), shares, strict=True)
    ]
