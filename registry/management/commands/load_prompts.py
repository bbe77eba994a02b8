"""Load prompt files as immutable versions; a second load changes nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from registry.models import PromptVersion
from registry.prompts.files import PromptFileError
from registry.services import releases
from registry.services.archivings import explain_archived
from registry.services.versions import load_prompts


class Command(BaseCommand):
    help = "Load fixtures/prompts/*.md; a file with new content becomes a version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", nargs="?", type=Path)
        parser.add_argument(
            "--no-promote", action="store_true", help="Do not make first versions live either."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        directory = options["directory"] or settings.BASE_DIR / "fixtures" / "prompts"
        if not directory.is_dir():
            raise CommandError(f"{directory} is not a folder")
        try:
            loaded = load_prompts(directory=directory, promote=not options["no_promote"])
        except PromptFileError as error:
            raise CommandError(str(error)) from error
        for version in loaded:
            self.stdout.write(f"{version} {version.short_sha}")
            if not releases.was_live(version.prompt, version):
                self.stdout.write(explain_archived(version) or explain_waiting(version))


def explain_waiting(version: PromptVersion) -> str:
    name = f"{version.prompt.name}@{version.number}"
    return (
        f"{version} is loaded, not live: run manage.py evaluate {name}, "
        f"then manage.py promote {name}"
    )
