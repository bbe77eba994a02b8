"""`manage.py build_training_set [--export DIR]`: the next training set, of what reviewers accepted."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feedback.models import TrainingSet
from feedback.training.building import NothingToLearnError, build_set
from feedback.training.export import write_folder


class Command(BaseCommand):
    help = "Build the next training set, of what reviewers accepted and wearers consented to."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--export", type=Path, metavar="DIR", help="Write its files there.")
        parser.add_argument(
            "--set", type=int, metavar="NUMBER", help="Build nothing: export this one."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            chosen = find_set(options["set"]) if options["set"] else build_set(author=None)
        except NothingToLearnError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{chosen}, {chosen.rows.count()} rows, {chosen.sha256}")
        for one in chosen.left_out:
            self.stdout.write(f"Left out: {one['count']} ({one['check']}: {one['why']})")
        if folder := options["export"]:
            self.stdout.write(f"{write_folder(chosen, folder)} files in {folder}")


def find_set(number: int) -> TrainingSet:
    """Raises CommandError."""
    if found := TrainingSet.objects.filter(number=number).first():
        return found
    raise CommandError(f"There is no training set {number}.")
