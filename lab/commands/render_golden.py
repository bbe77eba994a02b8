"""Draw the golden photos and write down what is true of them."""

import os
import tomllib
from argparse import ArgumentParser
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lab.synthetic.golden import draw, read_golden
from lab.synthetic.golden_sampling import sample_golden


class Command(BaseCommand):
    help = (
        "Render fixtures/golden/digitize_photo from its photos.toml: 100 photos and their labels. "
        "With --seed, another set that is nearly as hard as real photos, into the folder of --out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        golden = settings.BASE_DIR / "fixtures" / "golden" / "digitize_photo"
        parser.add_argument("--source", type=Path, default=golden / "photos.toml")
        parser.add_argument("--out", type=Path, help="by default the folder of --source")
        parser.add_argument(
            "--labels", action="store_true", help="write the labels, and leave the photos alone"
        )
        parser.add_argument("--seed", type=int, help="draw a set of its own, of hard photos")
        parser.add_argument("--count", type=int, default=100, help="photos of a set of its own")
        parser.add_argument("--processes", type=int, default=os.cpu_count())

    def handle(self, *args: Any, **options: Any) -> None:
        source, seed = options["source"], options["seed"]
        if seed is not None and options["out"] is None:
            raise CommandError("--seed wants --out: a set of its own has a folder of its own.")
        out: Path = options["out"] or source.parent
        if seed is None:
            photos = read_golden(source)
        else:
            tables = tomllib.loads(source.read_text(encoding="utf-8"))
            photos = sample_golden(seed, options["count"], tables)
        (out / "photos").mkdir(parents=True, exist_ok=True)
        lines = []
        with ProcessPoolExecutor(options["processes"]) as pool:
            for photo, (data, label) in zip(photos, pool.map(draw, photos), strict=True):
                if not options["labels"]:
                    (out / photo.file).write_bytes(data)
                lines.append(label.model_dump_json(exclude_defaults=True))
                self.stdout.write(f"{len(lines)} of {len(photos)}: {photo.file}")
        (out / "labels.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
