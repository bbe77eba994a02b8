"""`python -m lab compare_drawings --photos DIR`: how far drawn photos are from real ones."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from PIL import Image

from lab.synthetic.measures import MEASURES, distance, measure_photo
from lab.synthetic.sampling import sample_photo
from lab.synthetic.snapshots import draw_snapshot

TYPES = (
    *("dress", "shorts", "shirt", "jeans", "t-shirt", "skirt", "longsleeve", "cap", "jacket"),
    *("pants", "sneakers", "sweater", "t-shirt", "sandals", "boots", "coat"),
)
"""In turn: about the mixture of the real photos."""
QUANTILES = (0.1, 0.5, 0.9)


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Compare brightness, blur, clutter and detail of drawn photos with those in DIR/train."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--photos", type=Path, required=True, metavar="DIR")
        parser.add_argument(
            "--count", type=int, default=160, help="how many to draw of either kind"
        )
        parser.add_argument("--seed", type=int, default=20_000)

    def handle(self, *args: Any, **options: Any) -> None:
        files = sorted(options["photos"].glob("train/*/*.jpg"))
        if not files:
            raise CommandError(f"No photos in {options['photos']}/train/<type>/*.jpg")
        real = measure_all(read_every(files, 400))
        lots = {
            "other real": measure_all(read_every(files[3:], 400)),
            "plain": measure_all(draw(options["count"], options["seed"], draw_plain)),
            "hard": measure_all(draw(options["count"], options["seed"], draw_hard)),
        }
        self.stdout.write(
            f"{'10, 50, 90 %':<16}{'real':>18}{'hard':>18}   distance: {', '.join(lots)}"
        )
        for name in MEASURES:
            distances = [distance(real[name], lot[name]) for lot in lots.values()]
            self.stdout.write(
                f"{name:<16}{quantiles(real[name])}{quantiles(lots['hard'][name])}   "
                + "".join(f"{value:>8.2f}" for value in distances)
            )


def read_every(files: list[Path], count: int) -> Iterable[Image.Image]:
    """About `count` of the files, evenly spread."""
    for path in files[:: max(1, len(files) // count)]:
        with Image.open(path) as image:
            yield image


def draw(count: int, seed: int, one: Callable[[str, int], Image.Image]) -> Iterable[Image.Image]:
    return (one(TYPES[number % len(TYPES)], seed + number) for number in range(count))


def draw_plain(type_: str, seed: int) -> Image.Image:
    return sample_photo(np.random.default_rng(seed), type_, size=(300, 400)).image


def draw_hard(type_: str, seed: int) -> Image.Image:
    return draw_snapshot(type_, seed).image


def measure_all(images: Iterable[Image.Image]) -> dict[str, Any]:
    rows = [measure_photo(image) for image in images]
    return {name: np.array([row[name] for row in rows]) for name in MEASURES}


def quantiles(values: Any) -> str:
    return "".join(f"{value:>6.2f}" for value in np.quantile(values, QUANTILES))
