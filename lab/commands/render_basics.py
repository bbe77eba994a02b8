"""Draw the basics: `python -m lab render_basics` writes the pictures beside fixtures/basics/basics.toml."""

import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from lab.synthetic import FabricColour, GarmentSpec, Shot, render_photo
from wardrobe.cutouts.cutting import CUT_SIZE
from wardrobe.photos import ingestion

FOLDER = Path(settings.BASE_DIR, "fixtures", "basics")
DRAWN = (900, 1200)
"""Pixels in which it is drawn: several times those that are kept, so that the outline is soft."""
INSIDE = 5
"""Pixels of the outline that are left out, where the ground shines through. Odd: a filter's width."""


class Command(BaseCommand):
    help = "Render fixtures/basics from fixtures/basics/basics.toml. One seed, one picture."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("keys", nargs="*", help="Those alone; else all.")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = tomllib.loads((FOLDER / "basics.toml").read_text())["basics"]
        for seed, row in enumerate(rows):
            if options["keys"] and row["key"] not in options["keys"]:
                continue
            cut_out = draw(row, seed)
            data = ingestion.encode_cut_out(cut_out)
            (FOLDER / f"{row['key']}.webp").write_bytes(data)
            self.stdout.write(f"{row['key']}: {cut_out.size}, {len(data)} bytes")


def draw(row: dict[str, Any], seed: int) -> Image.Image:
    """The garment of a row of the file, upright and without a ground."""
    spec = GarmentSpec(
        type=row["type"],
        colours=tuple(FabricColour(name, hex_) for name, hex_ in row["colours"].items()),
        material=row["material"],
        **row.get("drawn", {}),
    )
    photo = render_photo(spec, seed=seed, background="pale_parquet", size=DRAWN, shot=Shot())
    return cut(photo.image, photo.masks[0])


def cut(picture: Image.Image, mask: NDArray[np.bool_]) -> Image.Image:
    """What lies within the mask, cropped to it and made as small as cut-outs are."""
    outline = Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.MinFilter(INSIDE))
    whole = picture.convert("RGB")
    whole.putalpha(outline)
    cropped = whole.crop(outline.getbbox())
    scale = min(most / side for most, side in zip(CUT_SIZE, cropped.size, strict=True))
    size = (round(cropped.width * scale), round(cropped.height * scale))
    small: Image.Image = cropped.resize(size, Image.Resampling.LANCZOS)
    return small
