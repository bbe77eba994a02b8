"""Write versions back as the prompt files that `load_prompts` reads."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from registry import selectors
from registry.models import Alias, PromptVersion
from registry.prompts import bundles
from registry.prompts.files import PromptFile, PromptFileError, parse_prompt, write_prompt


class Command(BaseCommand):
    help = "Write versions, the live ones unless named, as files that load_prompts reads again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("versions", nargs="*", metavar="TASK@VERSION")
        parser.add_argument("--directory", type=Path, metavar="DIR")
        parser.add_argument("--force", action="store_true", help="Overwrite files that differ.")

    def handle(self, *args: Any, **options: Any) -> None:
        directory = options["directory"] or settings.BASE_DIR / "fixtures" / "prompts"
        try:
            versions = find_versions(options["versions"])
            files = {directory / f"{v.prompt.name}.md": write_version(v) for v in versions}
        except (LookupError, PromptFileError) as error:
            raise CommandError(str(error)) from error
        if len(files) < len(versions):
            raise CommandError("Two versions of one prompt have one file name: dump one at a time")
        if not options["force"]:
            refuse_overwriting(files)
        directory.mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            path.write_text(content, encoding="utf-8")
            self.stdout.write(str(path))


def find_versions(names: list[str]) -> list[PromptVersion]:
    """Those named, or all that are live. Raises LookupError."""
    if names:
        return [selectors.find_version(name) for name in names]
    live = PromptVersion.objects.filter(aliases__name=Alias.Name.PRODUCTION)
    return list(live.select_related("prompt"))


def write_version(version: PromptVersion) -> str:
    """The text of its file. Raises PromptFileError, also when it would load as another version."""
    prompt = version.prompt
    content = write_prompt(
        PromptFile(prompt.name, prompt.description, version.notes, version.bundle)
    )
    if bundles.digest(parse_prompt(prompt.name, content).bundle) != version.sha256:
        raise PromptFileError(f"{version}: its file would load as another version")
    return content


def refuse_overwriting(files: dict[Path, str]) -> None:
    """Raises CommandError, before anything is written, for files that say something else."""
    for path, content in files.items():
        if path.exists() and path.read_text(encoding="utf-8") != content:
            raise CommandError(f"{path} has other content; --force overwrites it")
