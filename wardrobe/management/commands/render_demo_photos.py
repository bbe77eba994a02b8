"""Draw the photos of the demo wardrobe."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from wardrobe.rendering.demo import read_demo

SIZE = (900, 1200)
QUALITY = 80


class Command(BaseCommand):
    help = "Render fixtures/demo/photos from fixtures/demo/wardrobe.toml. One seed, one picture."

    def add_arguments(self, parser: ArgumentParser) -> None:
        demo = settings.BASE_DIR / "fixtures" / "demo"
        parser.add_argument("--wardrobe", type=Path, default=demo / "wardrobe.toml")
        parser.add_argument("--out", type=Path, default=demo / "photos")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        out.mkdir(parents=True, exist_ok=True)
        for photo in read_demo(options["wardrobe"]):
            image = photo.render(SIZE).image
            image.save(out / photo.file, "JPEG", quality=QUALITY, optimize=True)
            self.stdout.write(str(out / photo.file))
