"""Draw the golden photos and write down what is true of them."""

import os
from argparse import ArgumentParser
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from lab.synthetic.golden import draw, read_golden


class Command(BaseCommand):
    help = (
        "Render fixtures/golden/digitize_photo from its photos.toml: 100 photos and their labels."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        golden = settings.BASE_DIR / "fixtures" / "golden" / "digitize_photo"
        parser.add_argument("--source", type=Path, default=golden / "photos.toml")
        parser.add_argument("--out", type=Path, default=golden)
        parser.add_argument(
            "--labels", action="store_true", help="Write the labels, and leave the photos alone."
        )
        parser.add_argument("--processes", type=int, default=os.cpu_count())

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        photos = read_golden(options["source"])
        (out / "photos").mkdir(parents=True, exist_ok=True)
        lines = []
        with ProcessPoolExecutor(options["processes"]) as pool:
            for photo, (data, label) in zip(photos, pool.map(draw, photos), strict=True):
                if not options["labels"]:
                    (out / photo.file).write_bytes(data)
                lines.append(label.model_dump_json(exclude_defaults=True))
                self.stdout.write(f"{len(lines)} of {len(photos)}: {photo.file}")
        (out / "labels.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
