from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.engines.base import EngineError
from wardrobe.similarity.extractors import list_extractors
from wardrobe.similarity.measure import embed_folders, measure_separation


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Measure on your own photos, a folder a type, how near garments of one type and of two types "
        "are for each extractor in use, and up to which distance to call them alike. Writes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="PHOTOS")
        parser.add_argument("--per-type", type=int, default=50, help="Photos of each, at most.")

    def handle(self, *args: Any, folder: Path, per_type: int, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        for extractor in list_extractors():
            try:
                photos = list(embed_folders(extractor, folder, per_type=per_type))
            except EngineError as error:
                raise CommandError(f"{extractor.name} failed. {error}.") from error
            if len({name for name, _ in photos}) < 2:
                raise CommandError(f"{folder} needs photos in at least two folders, one a type.")
            self.report(extractor.name, extractor.alike_distance, *zip(*photos, strict=True))

    def report(self, name: str, in_use: float, types: Any, vectors: Any) -> None:
        separation = measure_separation(types, vectors)
        self.stdout.write(f"{name}: {len(types)} photos of {len(set(types))} types")
        self.stdout.write("distance   one type   two types")
        suggested = separation.suggest_distance()
        for distance in sorted({0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, in_use, suggested}):
            same, different = separation.share_same(distance), separation.share_different(distance)
            word = "   in use" if distance == in_use else ""
            self.stdout.write(f"{distance:8.2f} {same:10.1%} {different:11.3%}{word}")
        self.stdout.write(f"alike up to {suggested:.2f}: at most 1 pair of two types in 1,000\n")
