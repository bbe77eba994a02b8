"""Write a backup of the database and of all files."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dresscode.backups.making import delete_older, make_backup
from dresscode.backups.manifest import read_manifest
from dresscode.backups.programs import ProgramError


def read_count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError("keep one at least")
    return int(text)


class Command(BaseCommand):
    help = (
        "Write the database and all files into a new folder below DIR, while the site runs. It holds "
        "everything that wearers told, unencrypted: keep it where only you can read it. SECRET_KEY is not in it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", metavar="DIR", type=Path)
        parser.add_argument(
            "--keep", type=read_count, metavar="N", help="Delete all but the newest N afterwards."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        parent = options["directory"]
        try:
            folder = make_backup(parent)
            older = delete_older(parent, options["keep"]) if options["keep"] else []
        except (ProgramError, OSError) as error:
            raise CommandError(str(error)) from error
        made = read_manifest(folder)
        size = made.dump.size + sum(kept.size for kept in made.files.values())
        self.stderr.write(
            f"{sum(made.rows.values())} rows and {len(made.files)} files, {size / 1e6:.1f} MB; "
            f"{len(older)} older deleted."
        )
        self.stdout.write(str(folder))
