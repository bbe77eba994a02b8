"""Verbs of the registry: load prompt files, move the live alias, close what lost processes left open."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from registry import gate, prompts, versions
from registry.engines import preferred_engine
from registry.gate import NotPassedError
from registry.models import (
    Alias,
    Canary,
    Deployment,
    EvaluationRun,
    GateThresholds,
    InferenceCall,
    Override,
    Prompt,
    PromptVersion,
)
from registry.prompts import Bundle, PromptFile
from registry.tasks import all_tasks
from registry.thresholds import Thresholds

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

LOST_AFTER_S = 30.0
"""Six missed heartbeats: the process is gone, or as good as gone."""

EVALUATION_LOST_AFTER_S = 300.0
"""A run gives a sign of life after each example: longer than the longest call and its wait in the queue."""

OVERRIDE_DAYS = 7
"""How long an override lets its version pass, unless said otherwise."""


class MovedMeanwhileError(Exception):
    """Somebody else moved the alias first; nothing was changed."""


class NotOnceLiveError(Exception):
    """Only a version that has been live can be rolled back to."""


class ReasonRequiredError(ValueError):
    """A move by hand says why."""


class UnusableVersionError(Exception):
    """This release cannot run the version any more: made live, it would answer nothing."""


class SamePersonError(PermissionError):
    """Releases take two people here, and the author of the version is one of them."""


class NotSuperuserError(PermissionError):
    """Only a superuser may let a version pass that has not, or say what passing takes."""


@dataclass(frozen=True)
class Leave:
    """By what a move is allowed: the run that passed, an override, or neither where none is needed."""

    evaluation: EvaluationRun | None = None
    override: Override | None = None


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

    With `promote` the first version of a prompt goes live; a later one waits for the gate, unless this
    release cannot run the live one any more. Raises PromptFileError before anything is written.
    """
    files = [prompts.parse_prompt_file(path) for path in sorted(directory.glob("*.md"))]
    return [load_prompt(file, promote=promote, actor=actor) for file in files]


@transaction.atomic
def load_prompt(
    file: PromptFile,
    *,
    promote: bool,
    actor: User | None,
    source: str = PromptVersion.Source.FILE,
) -> PromptVersion:
    prompt, _ = Prompt.objects.update_or_create(
        name=file.name, defaults={"description": file.description}
    )
    version = create_version(
        prompt=prompt, bundle=file.bundle, notes=file.notes, source=source, author=actor
    )
    live = prompt.production()
    reason = f"Loaded {file.name}.md"
    if promote and live is None:
        promote_version(version=version, actor=actor, reason=reason)
    elif promote and live and (fault := explain_unusable(live.version)):
        replace_unusable(
            live.version, version, f"{reason}, for {live.version} is unusable: {fault}"
        )
    return version


def explain_unusable(version: PromptVersion) -> str:
    """Why this release cannot run a version that the built-in engine answers; empty if it can."""
    task = all_tasks().get(version.prompt.name)
    if task is None or preferred_engine(version.bundle["engine"]) != "builtin":
        return ""
    return task.explain_unusable(version.parameters)


def require_usable(version: PromptVersion) -> None:
    """Raises UnusableVersionError."""
    if fault := explain_unusable(version):
        raise UnusableVersionError(f"This release cannot run {version}: {fault}")


def replace_unusable(live: PromptVersion, version: PromptVersion, reason: str) -> None:
    """After an upgrade that left out what the live version needs, a version that has not passed is better
    than none: it goes live under an override of nobody's, red until a run passes."""
    if version.pk == live.pk or explain_unusable(version):
        return
    record_override(version=version, actor=None, reason=reason, days=OVERRIDE_DAYS)
    promote_version(version=version, actor=None, reason=reason)


@transaction.atomic
def promote_version(
    *,
    version: PromptVersion,
    actor: User | None,
    reason: str,
    override_reason: str = "",
    expected_epoch: int | None = None,
) -> Alias:
    """Make a version live that has passed the gate.

    The first version of a prompt and one that was live before need no run. `expected_epoch` is 0 while nothing
    is live. With `override_reason` a superuser
    lets any version pass. Raises NotPassedError, NotSuperuserError, SamePersonError, UnusableVersionError,
    MovedMeanwhileError and ReasonRequiredError; then nothing has changed.
    """
    alias = lock_alias(version.prompt)
    epoch = alias.epoch if alias else 0
    if expected_epoch is not None and epoch != expected_epoch:
        raise MovedMeanwhileError(
            f"{version.prompt.name} was moved meanwhile; look again before you act"
        )
    if alias:
        require_usable(version)
        require_second_person(version, actor)
    if override_reason:
        allow_override(version=version, actor=actor, reason=override_reason)
    leave = find_leave(version) if alias and not was_live(version.prompt, version) else Leave()
    return move_alias(
        prompt=version.prompt,
        alias=alias,
        to=version,
        kind=name_promotion(alias, leave),
        actor=actor,
        reason=reason,
        leave=leave,
    )


def require_second_person(version: PromptVersion, actor: User | None) -> None:
    """With `TWO_PERSON_RELEASE` somebody other than its author releases a version, and says who it is.

    A version from a file has no author: its review is that of the file. What was live before comes back by
    anybody's hand. Raises SamePersonError.
    """
    if not settings.TWO_PERSON_RELEASE or version.author is None:
        return
    if actor not in {None, version.author} or was_live(version.prompt, version):
        return
    raise SamePersonError(
        f"{version.author} wrote {version}: somebody else has to release it, signed in to the admin"
    )


def find_leave(version: PromptVersion) -> Leave:
    """The run or the override by which a version may go live. Raises NotPassedError."""
    try:
        return Leave(evaluation=gate.require_passed(version)[0])
    except NotPassedError:
        if override := version.overrides.valid().first():
            return Leave(override=override)
        raise


def name_promotion(alias: Alias | None, leave: Leave) -> str:
    if alias is None:
        return Deployment.Kind.INITIAL
    return Deployment.Kind.OVERRIDE if leave.override else Deployment.Kind.PROMOTE


def allow_override(
    *, version: PromptVersion, actor: User | None, reason: str, days: float = OVERRIDE_DAYS
) -> Override:
    """Let a version pass that has not. Raises NotSuperuserError, ReasonRequiredError."""
    if not is_superuser(actor):
        raise NotSuperuserError("Only a superuser may promote a version that has not passed")
    return record_override(version=version, actor=actor, reason=reason, days=days)


def is_superuser(actor: User | None) -> bool:
    return actor is not None and actor.is_active and actor.is_superuser


@transaction.atomic
def set_thresholds(
    *, prompt: Prompt, thresholds: Thresholds, actor: User | None, reason: str
) -> GateThresholds:
    """What versions of a prompt must reach from now on; what is live stays live.

    Raises NotSuperuserError, ReasonRequiredError.
    """
    if not is_superuser(actor):
        raise NotSuperuserError("Only a superuser may change what a version must reach")
    if not reason.strip():
        raise ReasonRequiredError("Say why, for those who read the history")
    lock_alias(prompt)
    return GateThresholds.objects.create(
        prompt=prompt, actor=actor, reason=reason.strip(), **asdict(thresholds)
    )


def record_override(
    *, version: PromptVersion, actor: User | None, reason: str, days: float
) -> Override:
    if not reason.strip():
        raise ReasonRequiredError("Say why it may go live without having passed")
    return Override.objects.create(
        version=version,
        actor=actor,
        reason=reason.strip(),
        expires_at=Now() + timedelta(days=days),
    )


@transaction.atomic
def roll_back(
    *,
    prompt: Prompt,
    to_version: PromptVersion,
    actor: User | None,
    reason: str,
    expected_epoch: int,
    in_flight: str = Deployment.InFlight.DRAIN,
) -> Alias:
    """Make a version live again that has been live, if the alias still stands at `expected_epoch`.

    `in_flight` says what becomes of streams that other versions are writing at this moment.

    Raises MovedMeanwhileError, NotOnceLiveError, UnusableVersionError and ReasonRequiredError; then
    nothing has changed.
    """
    alias = lock_alias(prompt)
    if alias is None or alias.epoch != expected_epoch:
        raise MovedMeanwhileError(f"{prompt.name} was moved meanwhile; look again before you act")
    if alias.version_id == to_version.pk:
        raise MovedMeanwhileError(f"Version {to_version.number} is live already")
    if not was_live(prompt, to_version):
        raise NotOnceLiveError(f"Version {to_version.number} has never been live")
    require_usable(to_version)
    return move_alias(
        prompt=prompt,
        alias=alias,
        to=to_version,
        kind=Deployment.Kind.ROLLBACK,
        actor=actor,
        reason=reason,
        in_flight=in_flight,
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
    leave: Leave = Leave(),  # noqa: B008 frozen
    in_flight: str = Deployment.InFlight.DRAIN,
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
        evaluation=leave.evaluation,
        override=leave.override,
        in_flight=in_flight,
    )
    end_canary_by_move(prompt, to, actor=actor, reason=reason.strip())
    publish_on_commit(alias)
    return alias


def publish_on_commit(alias: Alias) -> None:
    versions.notify_move(alias.prompt.name, alias.epoch)
    transaction.on_commit(
        partial(versions.publish_move, alias.prompt.name, alias.epoch), robust=True
    )


def end_canary_by_move(
    prompt: Prompt, to: PromptVersion, *, actor: User | None, reason: str
) -> None:
    """A canary is compared with what was live when it began: it ends with any move."""
    running = prompt.canaries.running().filter(version=to)
    state = Canary.State.PROMOTED if running.exists() else Canary.State.STOPPED
    ending = f"Production moved to version {to.number}: {reason}"
    end_canary(prompt, state=state, actor=actor, ending=ending)


def end_canary(prompt: Prompt, *, state: str, actor: User | None, ending: str) -> bool:
    """End the one that runs; False when none does. The caller publishes it."""
    running = prompt.canaries.running()
    return bool(running.update(state=state, ended_at=Now(), ended_by=actor, ending=ending))


def close_lost_calls(*, after_s: float = LOST_AFTER_S) -> int:
    """Close the open calls whose process has not been heard of; returns how many."""
    return InferenceCall.objects.stale(after_s).update(
        outcome=InferenceCall.Outcome.FAILED,
        error_code="process_lost",
        error="The process that made this call went away.",
        finished_at=Now(),
    )


def cancel_evaluation(run: EvaluationRun) -> bool:
    """End a run; its process stops after the example it is at. False when it had ended already."""
    running = EvaluationRun.objects.running().filter(pk=run.pk)
    return bool(running.update(ending=EvaluationRun.Ending.CANCELLED, ended_at=Now()))


def end_lost_evaluations(*, after_s: float = EVALUATION_LOST_AFTER_S) -> int:
    """End the runs whose process has not been heard of; returns how many. Their results stay."""
    return EvaluationRun.objects.stale(after_s).update(
        ending=EvaluationRun.Ending.LOST, ended_at=Now()
    )


def close_lost_call(call: InferenceCall) -> None:
    """Close one open call whose process is known to be gone, without waiting for its heartbeat."""
    InferenceCall.objects.unfinished().filter(pk=call.pk).update(
        outcome=InferenceCall.Outcome.FAILED,
        error_code="process_lost",
        error="The process that made this call went away.",
        finished_at=Now(),
    )
