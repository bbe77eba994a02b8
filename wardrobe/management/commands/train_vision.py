"""`manage.py train_vision --photos DIR`: train the network that names garment types."""

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Train the garment-type network on DIR/train/<type>/ and measure it on DIR/validation/."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--photos", type=Path, required=True, metavar="DIR")
        parser.add_argument(
            "--output",
            type=Path,
            default=Path("var/vision"),
            metavar="DIR",
            help="Where weights, checkpoint and model card go (default: %(default)s).",
        )
        parser.add_argument("--epochs", type=int, help="Fewer for a trial.")
        parser.add_argument("--seed", type=int)
        parser.add_argument("--threads", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            # PyTorch is wanted here alone, and is not installed where Dresscode merely runs.
            from wardrobe.vision import training
        except ModuleNotFoundError as error:
            raise CommandError(
                f"{error.name} is missing: pip install -r requirements-training.txt"
            ) from error
        chosen = {name: options[name] for name in ("epochs", "seed", "threads") if options[name]}
        settings = replace(training.TrainingOptions(), **chosen)
        try:
            training.train(options["photos"], options["output"], settings, report=self.stdout.write)
        except FileNotFoundError as error:
            raise CommandError(str(error)) from error
