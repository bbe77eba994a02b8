from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from wardrobe.services.embeddings import embed_photos, find_unembedded


class Command(BaseCommand):
    help = "Make the vectors that photos and garments lack, after an extractor changed. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, help="Photos to look at, at most.")

    def handle(self, *args: Any, limit: int | None, **options: Any) -> None:
        total = min(find_unembedded().count(), limit or 10**9)
        done = 0
        for done, _ in enumerate(embed_photos(limit=limit), 1):
            if done % 100 == 0:
                self.stdout.write(f"{done} of {total}")
        self.stdout.write(f"Vectors made for {done} photos.")
