"""Verbs of the registry: load prompt files, move the live alias, close the calls of lost processes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from registry import prompts, versions
from registry.models import Alias, Deployment, InferenceCall, Prompt, PromptVersion
from registry.prompts import Bundle, PromptFile

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

LOST_AFTER_S = 30.0
"""Six missed heartbeats: the process is gone, or as good as gone."""


class MovedMeanwhileError(Exception):
    """Somebody else moved the alias first; nothing was changed."""


class NotOnceLiveError(Exception):
    """Only a version that has been live can be rolled back to."""


class ReasonRequiredError(ValueError):
    """A move by hand says why."""


@transaction.atomic
def create_version(
    *,
    prompt: Prompt,
    bundle: Bundle,
    notes: str = "",
    source: str = PromptVersion.Source.FILE,
    author: User | None = None,
) -> PromptVersion:
    """The version with this content: the one there is, or a new one with the next number."""
    sha256 = prompts.digest(bundle)
    prompt = Prompt.objects.select_for_update().get(pk=prompt.pk)
    if known := prompt.versions.filter(sha256=sha256).first():
        return known
    last = prompt.versions.aggregate(last=Max("number"))["last"] or 0
    return PromptVersion.objects.create(
        prompt=prompt,
        number=last + 1,
        sha256=sha256,
        bundle=bundle,
        notes=notes,
        source=source,
        author=author,
    )


def load_prompts(
    *, directory: Path, promote: bool = True, actor: User | None = None
) -> list[PromptVersion]:
    """Load every `*.md` as a version; a file whose content is known is left as it is.

    With `promote`, a version that this load made goes live; a file that has not changed moves nothing,
    so that a rollback survives a restart. Raises PromptFileError before anything is written.
    """
    files = [prompts.parse_prompt_file(path) for path in sorted(directory.glob("*.md"))]
    return [load_prompt(file, promote=promote, actor=actor) for file in files]


@transaction.atomic
def load_prompt(file: PromptFile, *, promote: bool, actor: User | None) -> PromptVersion:
    prompt, _ = Prompt.objects.update_or_create(
        name=file.name, defaults={"description": file.description}
    )
    last = prompt.versions.first()
    version = create_version(prompt=prompt, bundle=file.bundle, notes=file.notes, author=actor)
    is_new = last is None or version.number > last.number
    if promote and (is_new or prompt.production() is None):
        promote_version(version=version, actor=actor, reason=f"Loaded {file.name}.md")
    return version


@transaction.atomic
def promote_version(*, version: PromptVersion, actor: User | None, reason: str) -> Alias:
    """Make a version live. Raises ReasonRequiredError."""
    alias = lock_alias(version.prompt)
    kind = Deployment.Kind.PROMOTE if alias else Deployment.Kind.INITIAL
    return move_alias(
        prompt=version.prompt, alias=alias, to=version, kind=kind, actor=actor, reason=reason
    )


@transaction.atomic
def roll_back(
    *,
    prompt: Prompt,
    to_version: PromptVersion,
    actor: User | None,
    reason: str,
    expected_epoch: int,
) -> Alias:
    """Make a version live again that has been live, if the alias still stands at `expected_epoch`.

    Raises MovedMeanwhileError, NotOnceLiveError and ReasonRequiredError; then nothing has changed.
    """
    alias = lock_alias(prompt)
    if alias is None or alias.epoch != expected_epoch:
        raise MovedMeanwhileError(f"{prompt.name} was moved meanwhile; look again before you act")
    if alias.version_id == to_version.pk:
        raise MovedMeanwhileError(f"Version {to_version.number} is live already")
    if not was_live(prompt, to_version):
        raise NotOnceLiveError(f"Version {to_version.number} has never been live")
    return move_alias(
        prompt=prompt,
        alias=alias,
        to=to_version,
        kind=Deployment.Kind.ROLLBACK,
        actor=actor,
        reason=reason,
    )


def was_live(prompt: Prompt, version: PromptVersion) -> bool:
    return prompt.deployments.filter(alias=Alias.Name.PRODUCTION, to_version=version).exists()


def lock_alias(prompt: Prompt) -> Alias | None:
    """The production alias, locked; the prompt's row is locked first, for the alias may not exist."""
    Prompt.objects.select_for_update().get(pk=prompt.pk)
    return prompt.aliases.select_for_update().filter(name=Alias.Name.PRODUCTION).first()


def move_alias(
    *,
    prompt: Prompt,
    alias: Alias | None,
    to: PromptVersion,
    kind: str,
    actor: User | None,
    reason: str,
) -> Alias:
    """Move the pointer, write the history, publish after the commit. The caller holds the lock."""
    if not reason.strip():
        raise ReasonRequiredError("Say why, for those who read the history")
    if to.prompt_id != prompt.pk:
        raise ValueError(f"{to} is not a version of {prompt}")
    from_version = alias.version if alias else None
    epoch = alias.epoch + 1 if alias else 1
    alias, _ = Alias.objects.update_or_create(
        prompt=prompt, name=Alias.Name.PRODUCTION, defaults={"version": to, "epoch": epoch}
    )
    Deployment.objects.create(
        prompt=prompt,
        alias=alias.name,
        kind=kind,
        from_version=from_version,
        to_version=to,
        epoch=epoch,
        actor=actor,
        reason=reason.strip(),
    )
    transaction.on_commit(partial(versions.publish_move, prompt.name, epoch), robust=True)
    return alias


def close_lost_calls(*, after_s: float = LOST_AFTER_S) -> int:
    """Close the open calls whose process has not been heard of; returns how many."""
    return InferenceCall.objects.stale(after_s).update(
        outcome=InferenceCall.Outcome.FAILED,
        error_code="process_lost",
        error="The process that made this call went away.",
        finished_at=Now(),
    )


def close_lost_call(call: InferenceCall) -> None:
    """Close one open call whose process is known to be gone, without waiting for its heartbeat."""
    InferenceCall.objects.unfinished().filter(pk=call.pk).update(
        outcome=InferenceCall.Outcome.FAILED,
        error_code="process_lost",
        error="The process that made this call went away.",
        finished_at=Now(),
    )
