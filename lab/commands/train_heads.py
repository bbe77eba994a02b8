"""`python -m lab train_heads --photos DIR --labels DIR`: fit what names types, colours and the like."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from wardrobe.vision.classifier import WEIGHTS


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Fit the heads on the pretrained trunk and the names of colours to labelled photos of DIR/train, "
        "and cross-validate them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--photos", type=Path, required=True, metavar="DIR")
        parser.add_argument("--labels", type=Path, required=True, metavar="DIR")
        parser.add_argument("--output", type=Path, default=WEIGHTS, metavar="DIR")
        parser.add_argument(
            "--kept",
            type=Path,
            default=Path("var/heads"),
            metavar="DIR",
            help="What was drawn and seen before, so that it is not done again (default: %(default)s).",
        )
        parser.add_argument("--drawn", type=int, default=1200, metavar="COUNT")
        parser.add_argument("--seed", type=int, default=14)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            # SciPy and PyTorch are wanted here alone, and are not installed where Dresscode merely runs.
            from lab.training.heads import publishing, rows
        except ModuleNotFoundError as error:
            raise CommandError(
                f"{error.name} is missing: pip install -r requirements-training.txt"
            ) from error
        try:
            publishing.train(
                options["photos"],
                [options["labels"] / "train.jsonl", settings.BASE_DIR / rows.OURS],
                output=options["output"],
                kept=options["kept"],
                drawn=options["drawn"],
                seed=options["seed"],
                report=self.stdout.write,
            )
        except OSError as error:
            raise CommandError(str(error)) from error
