"""`manage.py import_golden DIR`: labelled examples of an operator's own as a dataset version."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.evaluation import datasets
from registry.evaluation.datasets import AsksLessError, BadExamplesError
from registry.tasks import BadExample, all_tasks


class Command(BaseCommand):
    help = (
        "Import a folder of golden examples. Photos: labels.jsonl, labelled.json or a folder per "
        "type; scenarios: *.toml. Nothing is imported while an example is bad."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path)
        parser.add_argument("--task", default="digitize_photo", choices=sorted(all_tasks()))
        parser.add_argument(
            "--dataset", metavar="NAME", help="By default the name of the directory."
        )
        parser.add_argument(
            "--skip-bad", action="store_true", help="Import the rest, and list the bad ones."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        directory: Path = options["directory"]
        if not directory.is_dir():
            raise CommandError(f"{directory} is not a folder")
        try:
            imported = datasets.import_dataset(
                task_name=options["task"],
                directory=directory,
                name=options["dataset"] or directory.resolve().name,
                skip_bad=options["skip_bad"],
                report=self.show_count if self.stderr.isatty() else lambda count: None,
            )
        except BadExamplesError as error:
            self.list_bad(error.bad)
            raise CommandError(
                f"{error}; nothing was imported (--skip-bad leaves them out)"
            ) from error
        except (AsksLessError, LookupError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.list_bad(imported.bad)
        count = imported.version.examples.count()
        news = "imported" if imported.is_new else "known already, nothing changed"
        self.stdout.write(f"{imported.version}: {count} examples, {news}")

    def show_count(self, count: int) -> None:
        self.stderr.write(f"\r{count} examples read", ending="")

    def list_bad(self, bad: list[BadExample]) -> None:
        for example in bad:
            self.stderr.write(f"{example.key}: {example.reason}")
