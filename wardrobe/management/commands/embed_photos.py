from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from registry.engines.base import EngineError
from wardrobe.services.embeddings import count_missing, embed_photos


class Command(BaseCommand):
    help = "Make the vectors that photos and garments lack, after an extractor changed. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--limit", type=int, help="Photos to look at, at most, for each extractor."
        )

    def handle(self, *args: Any, limit: int | None, **options: Any) -> None:
        total = count_missing()
        made = {True: 0, False: 0}
        try:
            for was_made in embed_photos(limit=limit):
                made[was_made] += 1
                if sum(made.values()) % 100 == 0:
                    self.stdout.write(f"{sum(made.values())} of {total}")
        except EngineError as error:
            raise CommandError(
                f"Vectors made for {made[True]} photos, then {settings.EMBEDDINGS['base_url']} failed. "
                f"{error}. Run this again when it is back, or leave it to the job."
            ) from error
        self.stdout.write(f"Vectors made for {made[True]} photos.")
        if made[False]:
            self.stdout.write(f"{made[False]} were left out: the log says why.")
