"""The golden photos' file: how each is drawn, and what a person would say about it.

Labels come from what was drawn and from the file's own tables, never from an engine's answer.
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab.synthetic.demo import read_spec
from lab.synthetic.files import EXTENSIONS, Camera, as_file
from lab.synthetic.photos import render_photo
from lab.synthetic.specs import GarmentSpec, GarmentTruth, RenderedPhoto, Shot
from wardrobe.golden.labels import GarmentLabel, PhotoLabel

SIZE = (600, 800)
SMALL = (390, 520)
"""PNGs keep every grain of noise: they are as large as a screenshot's crop, not as a photo."""
LARGEST_BYTES = 95_000


KNITTED = frozenset({"sweater", "cardigan", "turtleneck", "beanie", "scarf", "gloves"})


@dataclass(frozen=True)
class GoldenPhoto:
    """`facts` are, for each garment, the label's fields that cannot be drawn.

    `unasked` names, by field, the types whose labels leave it out.
    """

    name: str
    seed: int
    background: str
    shot: Shot
    camera: Camera
    garments: tuple[GarmentSpec, ...]
    facts: tuple[dict[str, Any], ...]
    colours: tuple[list[str], ...]
    materials: tuple[list[str], ...]
    unasked: dict[str, list[str]] = field(default_factory=dict)

    @property
    def file(self) -> str:
        return f"photos/{self.name}.{EXTENSIONS[self.camera.format]}"

    def render(self, size: tuple[int, int] | None = None) -> RenderedPhoto:
        usual = SMALL if self.camera.format == "png" else SIZE
        return render_photo(
            self.garments,
            seed=self.seed,
            background=self.background,
            size=size or usual,
            shot=self.shot,
        )

    def slices(self) -> list[str]:
        conditions = {
            "dark": self.shot.dim > 0,
            "blurred": self.shot.blur > 0,
            "cluttered": self.shot.clutter > 0,
            "multi-garment": len(self.garments) > 1,
        }
        carried = {
            "display-p3": self.camera.p3,
            "exif-rotated": self.camera.orientation > 1,
            "gps": self.camera.gps,
            **conditions,
            "plain": not any(conditions.values()),
        }
        return [self.camera.format, *(name for name, holds in carried.items() if holds)]

    def label(self, truths: tuple[GarmentTruth, ...]) -> PhotoLabel:
        told = [self.tell_reach(truth) for truth in truths]
        facts = [{**one, **other} for one, other in zip(self.facts, told, strict=True)]
        rows = zip(self.garments, truths, facts, self.colours, self.materials, strict=True)
        return PhotoLabel(
            file=self.file,
            slices=self.slices(),
            garments=[label_garment(*row) for row in rows],
        )

    def tell_reach(self, truth: GarmentTruth) -> dict[str, str]:
        reach = {"sleeve": truth.sleeve, "length": truth.length}
        return {
            name: word
            for name, word in reach.items()
            if truth.type not in self.unasked.get(name, ())
        }


def label_garment(
    spec: GarmentSpec,
    truth: GarmentTruth,
    facts: dict[str, Any],
    colours: list[str],
    materials: list[str],
) -> GarmentLabel:
    return GarmentLabel(
        type=spec.type,
        colours=colours,
        patterns=[spec.pattern],
        box=[round(side, 4) for side in truth.box],
        slot=truth.slot,
        materials=materials,
        **facts,
    )


def list_materials(spec: GarmentSpec, also_made_of: dict[str, list[str]]) -> list[str]:
    """The vocabulary calls a woollen jumper wool and knit: both are right."""
    is_knitted = spec.type in KNITTED and spec.material == "wool"
    return [spec.material, *also_made_of.get(spec.material, []), *(["knit"] if is_knitted else [])]


def read_golden(path: Path) -> list[GoldenPhoto]:
    """The photos of a `photos.toml`. Raises KeyError for a type or colour its tables leave out."""
    source = tomllib.loads(path.read_text(encoding="utf-8"))
    return [read_photo(row, source) for row in source["photos"]]


def read_photo(row: dict[str, Any], source: dict[str, Any]) -> GoldenPhoto:
    specs = tuple(read_spec(garment) for garment in row["garments"])
    names = [spec.colours[0].name for spec in specs]
    return GoldenPhoto(
        name=row["name"],
        seed=row["seed"],
        background=row["background"],
        shot=Shot(**row.get("shot", {})),
        camera=Camera(**row.get("camera", {})),
        garments=specs,
        facts=tuple({**source["types"][g["type"]], **g.get("facts", {})} for g in row["garments"]),
        colours=tuple([name, *source["also_called"][name]] for name in names),
        materials=tuple(list_materials(spec, source["also_made_of"]) for spec in specs),
        unasked=source.get("unasked", {}),
    )


def draw(photo: GoldenPhoto) -> tuple[bytes, PhotoLabel]:
    """The file of a photo, and what is true of it."""
    drawn = photo.render()
    data = as_file(drawn.image, photo.camera, largest=LARGEST_BYTES)
    return data, photo.label(drawn.truth.garments)
