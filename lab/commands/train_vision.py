"""`python -m lab train_vision --photos DIR`: train the networks that name garment types."""

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Train the garment-type networks on DIR/train/<type>/; measure them on DIR/validation/."

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
        parser.add_argument(
            "--minutes", type=float, help="Per network: end by the clock, not by epochs."
        )
        parser.add_argument("--members", type=int, help="How many networks answer together.")
        parser.add_argument("--drawn", type=int, help="How many photos are drawn to learn from.")
        parser.add_argument("--seed", type=int)
        parser.add_argument("--threads", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            # PyTorch is wanted here alone, and is not installed where Dresscode merely runs.
            from lab.training import learning, publishing
        except ModuleNotFoundError as error:
            raise CommandError(
                f"{error.name} is missing: pip install -r requirements-training.txt"
            ) from error
        names = ("epochs", "minutes", "members", "drawn", "seed", "threads")
        chosen = {name: options[name] for name in names if options[name] is not None}
        settings = replace(learning.TrainingOptions(), **chosen)
        try:
            publishing.train(
                options["photos"], options["output"], settings, report=self.stdout.write
            )
        except (FileNotFoundError, ValueError) as error:
            raise CommandError(str(error)) from error
