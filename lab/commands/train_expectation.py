"""`python -m lab train_expectation --photos DIR`: fit where in a photo garments are expected."""

import hashlib
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lab.training.heads.drawings import draw_missing
from wardrobe.vision.classifier import WEIGHTS
from wardrobe.vision.expectation import WEIGHTS as NAME
from wardrobe.vision.expectation import write_expectation
from wardrobe.vision.trunk.sessions import find_trunk


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Fit where garments are expected to photos of DIR/train and to drawings, by our own masks of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        apart = Path(settings.BASE_DIR) / "tests" / "wardrobe" / "masks" / "outlines.json"
        parser.add_argument("--photos", type=Path, required=True, metavar="DIR")
        parser.add_argument(
            "--apart",
            type=Path,
            default=apart,
            metavar="FILE",
            help="Outlines of photos that masks are measured by, and nothing is learned from (default: %(default)s).",
        )
        parser.add_argument("--kept", type=Path, default=Path("var/heads"), metavar="DIR")
        parser.add_argument("--output", type=Path, default=WEIGHTS / NAME, metavar="FILE")
        parser.add_argument("--real", type=int, default=320, metavar="COUNT")
        parser.add_argument("--drawn", type=int, default=90, metavar="COUNT")
        parser.add_argument("--seed", type=int, default=5)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            # SciPy is wanted here alone, and is not installed where Dresscode merely runs.
            from lab.training import expectation as training
        except ModuleNotFoundError as error:
            raise CommandError(
                f"{error.name} is missing: pip install -r requirements-training.txt"
            ) from error
        trunk = find_trunk()
        if trunk is None:
            raise CommandError("The pretrained trunk is not installed.")
        try:
            apart = set(json.loads(options["apart"].read_text()))
            files = training.choose_files(
                options["photos"], apart, options["real"], options["seed"]
            )
            drawings = options["kept"] / "drawings"
            draw_missing(drawings, options["drawn"], report=self.stdout.write)
            files += [drawings / f"{number}.png" for number in range(options["drawn"])]
            lessons = list(training.read_lessons(files, trunk, report=self.stdout.write))
        except OSError as error:
            raise CommandError(str(error)) from error
        if not lessons:
            raise CommandError("No photo has a plain mask to learn from.")
        content = write_expectation(training.fit_expectation(lessons))
        options["output"].write_bytes(content)
        self.stdout.write(f"SHA256 = {hashlib.sha256(content).hexdigest()}")
