"""`python -m lab pack_rehearsal`: the drawings that retraining rehearses, as what the engine sees of them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from lab.training.heads.rehearsal import pack


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Draw garments and write what the engine sees of them, for retraining to rehearse."

    def add_arguments(self, parser: ArgumentParser) -> None:
        output = Path(settings.BASE_DIR) / "feedback" / "training" / "rehearsal.npz"
        parser.add_argument("--output", type=Path, default=output, metavar="FILE")
        parser.add_argument("--drawn", type=Path, default=Path("var/heads/drawn"), metavar="DIR")
        parser.add_argument("--count", type=int, default=100)

    def handle(self, *args: Any, **options: Any) -> None:
        pack(options["drawn"], options["output"], count=options["count"], report=self.stdout.write)
