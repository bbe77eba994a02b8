"""Take a backup into an empty database and an empty storage."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dresscode.backups.manifest import UnfitBackupError
from dresscode.backups.programs import ProgramError
from dresscode.backups.restoring import NotEmptyError, restore_backup


class Command(BaseCommand):
    help = (
        "Take the backup DIR into an empty database and an empty storage, with the site stopped and an empty "
        "Redis. Then run the commands of each release, `migrate` first, with the SECRET_KEY of before."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", metavar="DIR", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = restore_backup(options["directory"])
        except (UnfitBackupError, NotEmptyError, ProgramError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Restored {sum(made.rows.values())} rows and {len(made.files)} files of {made.made_at}. "
            "Now run: manage.py migrate"
        )
