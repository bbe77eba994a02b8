"""Moving the production alias: promotions and roll-backs, their history, and what ends with them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from registry.engines import preferred_engine
from registry.evaluation import gate
from registry.evaluation.gate import NotPassedError
from registry.models import (
    Alias,
    Canary,
    Deployment,
    EvaluationRun,
    Override,
    Prompt,
    PromptVersion,
)
from registry.prompts import live_versions
from registry.services.overrides import ReasonRequiredError, allow_override
from registry.tasks import all_tasks


class MovedMeanwhileError(Exception):
    """Somebody else moved the alias first; nothing was changed."""


class NotOnceLiveError(Exception):
    """Only a version that has been live can be rolled back to."""


class UnusableVersionError(Exception):
    """This release cannot run the version any more: made live, it would answer nothing."""


class SamePersonError(PermissionError):
    """Releases take two people here, and the author of the version is one of them."""


@dataclass(frozen=True)
class ReleaseBasis:
    """By what a move is allowed: the run that passed, an override, or neither where none is needed."""

    evaluation: EvaluationRun | None = None
    override: Override | None = None


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
    alias = version.prompt.lock_production()
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
    leave = (
        find_release_basis(version)
        if alias and not was_live(version.prompt, version)
        else ReleaseBasis()
    )
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


def find_release_basis(version: PromptVersion) -> ReleaseBasis:
    """The run or the override by which a version may go live. Raises NotPassedError."""
    try:
        return ReleaseBasis(evaluation=gate.require_passed(version)[0])
    except NotPassedError:
        if override := version.overrides.valid().first():
            return ReleaseBasis(override=override)
        raise


def name_promotion(alias: Alias | None, leave: ReleaseBasis) -> str:
    if alias is None:
        return Deployment.Kind.INITIAL
    return Deployment.Kind.OVERRIDE if leave.override else Deployment.Kind.PROMOTE


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
    alias = prompt.lock_production()
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


def move_alias(
    *,
    prompt: Prompt,
    alias: Alias | None,
    to: PromptVersion,
    kind: str,
    actor: User | None,
    reason: str,
    leave: ReleaseBasis = ReleaseBasis(),  # noqa: B008 frozen
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
    live_versions.notify_move(alias.prompt.name, alias.epoch)
    transaction.on_commit(
        partial(live_versions.publish_move, alias.prompt.name, alias.epoch), robust=True
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
