"""Moving the production alias: promotions and roll-backs, their history, and what ends with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

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
from registry.prompts.runnable import explain_unrunnable
from registry.services.archivings import ArchivedError, require_unarchived
from registry.services.overrides import (
    NotSuperuserError,
    ReasonRequiredError,
    allow_override,
)
from registry.tasks import all_tasks
from telemetry.lines import log_move
from telemetry.spans import open_span


class MovedMeanwhileError(Exception):
    """Somebody else moved the alias first; nothing was changed."""


class NotOnceLiveError(Exception):
    """Only a version that has been live can be rolled back to."""


class UnusableVersionError(Exception):
    """This release cannot run the version any more: made live, it would answer nothing."""


class TakenBackError(ValueError):
    """A version that was taken back comes again only for a reason of its own."""


class TooFewAnswersError(Exception):
    """The version's canary has not been asked often enough to say anything, and nobody confirmed it."""


class SamePersonError(PermissionError):
    """Releases take two people here, and the author of the version is one of them."""


REFUSALS = (
    ArchivedError,
    MovedMeanwhileError,
    NotOnceLiveError,
    NotSuperuserError,
    ReasonRequiredError,
    SamePersonError,
    TakenBackError,
    TooFewAnswersError,
    UnusableVersionError,
)
"""What stops a move, in a sentence for whoever asked for it. NotPassedError besides, which has several."""


@dataclass(frozen=True)
class ReleaseBasis:
    """By what a move is allowed: the run that passed, an override, or neither where none is needed."""

    evaluation: EvaluationRun | None = None
    override: Override | None = None


def explain_unusable(version: PromptVersion) -> str:
    """Why this release cannot run a version; empty if it can."""
    task = all_tasks().get(version.prompt.name)
    if task is None:
        return ""
    return explain_unrunnable(task, version.bundle, preferred_engine(version.bundle["engine"]))


def require_usable(version: PromptVersion) -> None:
    """Raises UnusableVersionError."""
    if fault := explain_unusable(version):
        raise UnusableVersionError(f"This release cannot run {version}: {fault}")


def promote_version(
    *,
    version: PromptVersion,
    actor: User | None,
    reason: str,
    override_reason: str = "",
    again_reason: str = "",
    confirm: bool = False,
    expected_epoch: int | None = None,
) -> Alias:
    """Make a version live that has passed the gate with one engine at least: those answer under it.

    The first version of a prompt needs no run. What it answered is judged once more before. `expected_epoch` is 0 while
    nothing is live. With `override_reason` a superuser lets any version pass, until the override expires or the version
    is taken back; what is live already is promoted for that alone. One that was taken back takes `again_reason`, one
    whose canary ended too early to tell takes `confirm`.
    Raises NotPassedError, NotSuperuserError, SamePersonError, UnusableVersionError, MovedMeanwhileError, TakenBackError,
    TooFewAnswersError, ArchivedError and ReasonRequiredError; then nothing is live that was not before.
    """
    try:
        return move_forward(
            version=version,
            actor=actor,
            reason=reason,
            override_reason=override_reason,
            again_reason=again_reason,
            confirm=confirm,
            expected_epoch=expected_epoch,
        )
    except NotPassedError:
        gate.judge_again(version)  # The refusal has undone the verdict with which it was refused.
        raise


@transaction.atomic
def move_forward(
    *,
    version: PromptVersion,
    actor: User | None,
    reason: str,
    override_reason: str,
    again_reason: str,
    confirm: bool,
    expected_epoch: int | None,
) -> Alias:
    alias = version.prompt.lock_production()
    epoch = alias.epoch if alias else 0
    if expected_epoch is not None and epoch != expected_epoch:
        raise MovedMeanwhileError(
            f"{version.prompt.name} was moved meanwhile; look again before you act"
        )
    if alias and alias.version_id == version.pk and not override_reason:
        raise MovedMeanwhileError(f"Version {version.number} is live already")
    require_unarchived(version)
    if alias:
        require_usable(version)
        require_second_person(version, actor)
    if override_reason:
        allow_override(version=version, actor=actor, reason=override_reason)
    leave = ReleaseBasis()
    if alias:
        gate.judge_again(version)
        leave = find_release_basis(version)
        require_enough_answers(version, confirm=confirm)
        reason = add_again(version, leave, reason, again_reason)
    return move_alias(
        prompt=version.prompt,
        alias=alias,
        to=version,
        kind=name_promotion(alias, leave),
        actor=actor,
        reason=reason,
        leave=leave,
    )


def require_enough_answers(version: PromptVersion, *, confirm: bool) -> None:
    """Raises TooFewAnswersError where its last canary says nothing yet, unless somebody confirms it."""
    if (canary := find_untold_canary(version)) and not confirm:
        raise TooFewAnswersError(
            f"The canary of {version} had {canary.calls} answers, too few to tell: "
            f"{Canary.TELLS_FROM} would be. Confirm that it goes live all the same"
        )


def find_untold_canary(version: PromptVersion) -> Canary | None:
    """The version's last canary, if it was asked too seldom to tell anything."""
    canary = version.canaries.first()
    states = {Canary.State.RUNNING, Canary.State.STOPPED}
    return canary if canary and canary.state in states and not canary.can_tell else None


def add_again(version: PromptVersion, leave: ReleaseBasis, reason: str, again_reason: str) -> str:
    """The reason for the history, with why a version that was taken back comes again. Raises TakenBackError.

    An override has said so already.
    """
    taken_back = explain_taken_back(version)
    if not taken_back or leave.override:
        return reason
    if not again_reason.strip():
        raise TakenBackError(f"{version} was taken back, {taken_back}. Say why it comes again")
    return f"{reason.strip()} It was taken back and comes again: {again_reason.strip()}"


def explain_taken_back(version: PromptVersion) -> str:
    """When and why a version was rolled back last, or its canary reverted by itself; empty where neither was."""
    moves = version.prompt.deployments.filter(alias=Alias.Name.PRODUCTION).order_by("-epoch")
    last = moves.filter(Q(from_version=version) | Q(to_version=version)).first()
    if last and last.to_version_id != version.pk and last.kind == Deployment.Kind.ROLLBACK:
        return f"{tell_time(last.created_at)}: {last.reason}"
    canary = version.canaries.first()
    if canary is None or canary.state != Canary.State.REVERTED or canary.ended_at is None:
        return ""
    if last and last.created_at > canary.ended_at:
        return ""
    return f"{tell_time(canary.ended_at)}, by its canary: {canary.ending.rstrip('.')}"


def tell_time(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d %b %Y %H:%M}"


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
        return ReleaseBasis(evaluation=gate.require_passed(version))
    except NotPassedError:
        if override := version.overrides.open().first():
            return ReleaseBasis(override=override)
        raise


def find_return_basis(version: PromptVersion) -> ReleaseBasis:
    """The same for a version that comes back: it had passed when it was live. Raises NotPassedError."""
    if PromptVersion.objects.passed_when_live().filter(pk=version.pk).exists():
        verdict = version.verdicts.filter(passed=True).select_related("run").first()
        return ReleaseBasis(evaluation=verdict.run if verdict else None)
    return find_release_basis(version)


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
    override_reason: str = "",
    again_reason: str = "",
) -> Alias:
    """Make a version live again that has been live, if the alias still stands at `expected_epoch`.

    It had passed with an engine when it was live; else it takes a new override, as in `promote_version`, whose
    `again_reason` it takes, too. `in_flight` says what becomes of streams that other versions are writing at this moment.

    Raises MovedMeanwhileError, NotOnceLiveError, NotPassedError, NotSuperuserError, TakenBackError,
    UnusableVersionError and ReasonRequiredError; then nothing has changed.
    """
    alias = prompt.lock_production()
    if alias is None or alias.epoch != expected_epoch:
        raise MovedMeanwhileError(f"{prompt.name} was moved meanwhile; look again before you act")
    if alias.version_id == to_version.pk:
        raise MovedMeanwhileError(f"Version {to_version.number} is live already")
    if not was_live(prompt, to_version):
        raise NotOnceLiveError(f"Version {to_version.number} has never been live")
    require_usable(to_version)
    if override_reason:
        allow_override(version=to_version, actor=actor, reason=override_reason)
    leave = find_return_basis(to_version)
    reason = add_again(to_version, leave, reason, again_reason)
    return move_alias(
        prompt=prompt,
        alias=alias,
        to=to_version,
        kind=Deployment.Kind.ROLLBACK,
        actor=actor,
        reason=reason,
        leave=leave,
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
    with open_span(f"{kind} {prompt.name}") as span:
        span.say(prompt_name=prompt.name, prompt_version=str(to.number), version_sha256=to.sha256)
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
        log_move(
            kind,
            actor=actor,
            task=prompt.name,
            from_version=from_version.number if from_version else None,
            to_version=to.number,
            sha256=to.sha256,
            epoch=epoch,
            in_flight=in_flight,
        )
        end_canary_by_move(prompt, to, actor=actor, reason=reason.strip())
        gate.judge_again(to)  # What is live is compared with nothing.
        publish_on_commit(alias)
        return alias


def publish_on_commit(alias: Alias) -> None:
    live_versions.announce(alias.prompt.name, alias.epoch)


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
    ended = bool(running.update(state=state, ended_at=Now(), ended_by=actor, ending=ending))
    if ended:
        log_move("end_canary", actor=actor, task=prompt.name, state=str(state))
    return ended
