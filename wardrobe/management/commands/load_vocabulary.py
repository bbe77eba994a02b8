from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from wardrobe.vocabulary.loading import load_vocabulary


class Command(BaseCommand):
    help = "Load the vocabulary of garments from its files. Safe to repeat; keeps admin edits."

    def add_arguments(self, parser: CommandParser) -> None:
        default = Path(settings.BASE_DIR) / "fixtures" / "vocabulary"
        parser.add_argument("--directory", type=Path, default=default)

    def handle(self, *args: Any, directory: Path, **options: Any) -> None:
        written = load_vocabulary(directory=directory)
        self.stdout.write(f"Vocabulary: {written} terms written.")
