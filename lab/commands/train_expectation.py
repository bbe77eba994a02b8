"""`python -m lab train_expectation --photos DIR`: fit where in a photo garments are expected."""

import hashlib
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lab.training import expectation as training
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
        parser.add_argument("--output", type=Path, default=WEIGHTS / NAME, metavar="FILE")
        parser.add_argument("--first", type=int, default=200, metavar="COUNT")
        parser.add_argument("--then", type=int, default=600, metavar="COUNT")
        parser.add_argument("--composed", type=int, default=240, metavar="COUNT")
        parser.add_argument("--drawn", type=int, default=160, metavar="COUNT")
        parser.add_argument("--seed", type=int, default=5)

    def handle(self, *args: Any, **options: Any) -> None:
        trunk = find_trunk()
        if trunk is None:
            raise CommandError("The pretrained trunk is not installed.")
        try:
            apart = set(json.loads(options["apart"].read_text()))
            files = training.choose_files(options["photos"], apart, options["seed"])
            expectation = training.train(
                files[: options["first"] + options["then"]],
                trunk,
                first=options["first"],
                composed=options["composed"],
                drawn=options["drawn"],
                report=self.stdout.write,
            )
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        content = write_expectation(expectation)
        options["output"].write_bytes(content)
        self.stdout.write(f"SHA256 = {hashlib.sha256(content).hexdigest()}")
