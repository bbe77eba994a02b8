"""Draw the photos of the demo wardrobe."""

from argparse import ArgumentParser
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from PIL import Image

from lab.synthetic.demo import read_demo

SIZE = (900, 1200)
LARGEST_BYTES = 120_000
QUALITIES = (80, 76, 72, 68, 64, 60, 56)


class Command(BaseCommand):
    help = "Render fixtures/demo/photos from fixtures/demo/wardrobe.toml. One seed, one picture."

    def add_arguments(self, parser: ArgumentParser) -> None:
        demo = settings.BASE_DIR / "fixtures" / "demo"
        parser.add_argument("--wardrobe", type=Path, default=demo / "wardrobe.toml")
        parser.add_argument("--out", type=Path, default=demo / "photos")
        parser.add_argument("--size", type=int, nargs=2, default=SIZE, metavar=("WIDTH", "HEIGHT"))

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        out.mkdir(parents=True, exist_ok=True)
        for photo in read_demo(options["wardrobe"]):
            image = photo.render(tuple(options["size"])).image
            (out / photo.file).write_bytes(as_jpeg(image))
            self.stdout.write(str(out / photo.file))


def as_jpeg(image: Image.Image) -> bytes:
    """The best quality that keeps the repository small."""
    for quality in QUALITIES:
        file = BytesIO()
        image.save(file, "JPEG", quality=quality, optimize=True)
        if file.tell() <= LARGEST_BYTES:
            break
    return file.getvalue()
