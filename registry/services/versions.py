"""Making versions: from prompt files, and from what an author wrote."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from registry.models import Prompt, PromptVersion
from registry.prompts import bundles
from registry.prompts.authoring import (
    UnknownVariableError,
    check_revisions,
    check_variables,
    complete_bundle,
    explain_unpinned,
)
from registry.prompts.bundles import Bundle
from registry.prompts.files import PromptFile, PromptFileError, parse_prompt_file
from registry.services.archivings import restore_version
from registry.services.overrides import OVERRIDE_DAYS, record_override
from registry.services.releases import explain_unusable, promote_version
from telemetry.lines import log_move


@transaction.atomic
def create_version(
    *,
    prompt: Prompt,
    bundle: Bundle,
    notes: str = "",
    source: str = PromptVersion.Source.FILE,
    author: User | None = None,
) -> PromptVersion:
    """The version with this content: the one there is, or a new one with the next number.

    Revisions that the bundle does not name are those of now. Raises PromptFileError.
    """
    check_variables(prompt.name, bundle)
    bundle = complete_bundle(prompt.name, bundle)
    sha256 = bundles.digest(bundle)
    prompt = Prompt.objects.select_for_update().get(pk=prompt.pk)
    if known := prompt.versions.filter(sha256=sha256).first():
        return known
    check_revisions(prompt.name, bundle)
    last = prompt.versions.aggregate(last=Max("number"))["last"] or 0
    version = PromptVersion.objects.create(
        prompt=prompt,
        number=last + 1,
        sha256=sha256,
        bundle=bundle,
        notes=notes,
        source=source,
        author=author,
    )
    log_move(
        "write_version",
        actor=author,
        task=prompt.name,
        version=version.number,
        sha256=sha256,
        source=str(source),
    )
    return version


def load_prompts(
    *, directory: Path, promote: bool = True, actor: User | None = None
) -> list[PromptVersion]:
    """Load every `*.md` as a version; a file whose content is known is left as it is.

    With `promote` the first version of a prompt goes live; a later one waits for the gate, unless this
    release cannot run the live one any more. Raises PromptFileError before anything is written.
    """
    files = [parse_prompt_file(path) for path in sorted(directory.glob("*.md"))]
    for file in files:
        check_file(file)
    return [load_prompt(file, promote=promote, actor=actor) for file in files]


def check_file(file: PromptFile) -> None:
    """Raises PromptFileError, which names the file and, for an unknown variable, the text."""
    try:
        check_revisions(file.name, file.bundle)
    except PromptFileError as error:
        raise PromptFileError(f"{file.name}.md: {error}") from error
    try:
        check_variables(file.name, file.bundle)
    except UnknownVariableError as error:
        place = f"{file.name}.md, # {error.part.title()}"
        raise UnknownVariableError(f"{place}: {error}", error.part) from error


@transaction.atomic
def load_prompt(
    file: PromptFile,
    *,
    promote: bool,
    actor: User | None,
    source: str = PromptVersion.Source.FILE,
) -> PromptVersion:
    """A file as a version of its prompt. Raises PromptFileError."""
    check_file(file)
    prompt, _ = Prompt.objects.update_or_create(
        name=file.name, defaults={"description": file.description}
    )
    version = create_version(
        prompt=prompt, bundle=file.bundle, notes=file.notes, source=source, author=actor
    )
    live = prompt.production()
    reason = f"Loaded {file.name}.md"
    if promote and live is None:
        restore_version(version=version, actor=actor, reason=reason)
        promote_version(version=version, actor=actor, reason=reason)
    elif promote and live and (fault := find_fault(live.version)):
        replace_unusable(
            live.version, version, f"{reason}, for {live.version} is unusable: {fault}"
        )
    return version


def find_fault(live: PromptVersion) -> str:
    """Why a live version cannot answer under this release; empty if it can."""
    return explain_unusable(live) or explain_unpinned(live.prompt.name, live.bundle)


def replace_unusable(live: PromptVersion, version: PromptVersion, reason: str) -> None:
    """After an upgrade that left out what the live version needs, a version that has not passed is better
    than none: it goes live under an override of nobody's, red until a run passes."""
    if version.pk == live.pk or explain_unusable(version):
        return
    restore_version(version=version, actor=None, reason=reason)
    record_override(version=version, actor=None, reason=reason, days=OVERRIDE_DAYS)
    promote_version(version=version, actor=None, reason=reason)
