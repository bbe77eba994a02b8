"""Letting a version pass that has not, and saying what passing takes: superusers alone, with a reason."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from registry.evaluation import gate
from registry.evaluation.thresholds import Thresholds
from registry.models import GateThresholds, Override, Prompt, PromptVersion
from telemetry.lines import log_move

OVERRIDE_DAYS = 7
"""How long an override lets its version pass, unless said otherwise."""


class ReasonRequiredError(ValueError):
    """A move by hand says why."""


class NotSuperuserError(PermissionError):
    """Only a superuser may let a version pass that has not, or say what passing takes."""


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
    """What versions of a prompt must reach from now on. What was judged is judged again: what is live stays live, but an
    engine that it does not pass with any more stops answering.

    Raises NotSuperuserError, ReasonRequiredError.
    """
    if not is_superuser(actor):
        raise NotSuperuserError("Only a superuser may change what a version must reach")
    if not reason.strip():
        raise ReasonRequiredError("Say why, for those who read the history")
    prompt.lock_production()
    row = GateThresholds.objects.create(
        prompt=prompt, actor=actor, reason=reason.strip(), **asdict(thresholds)
    )
    log_move("set_thresholds", actor=actor, task=prompt.name, thresholds=row.pk)
    for version in prompt.versions.filter(verdicts__isnull=False).distinct():
        gate.judge_again(version)
    return row


def record_override(
    *, version: PromptVersion, actor: User | None, reason: str, days: float
) -> Override:
    if not reason.strip():
        raise ReasonRequiredError("Say why it may go live without having passed")
    log_move(
        "override",
        actor=actor,
        task=version.prompt.name,
        to_version=version.number,
        sha256=version.sha256,
        days=days,
    )
    return Override.objects.create(
        version=version,
        actor=actor,
        reason=reason.strip(),
        expires_at=Now() + timedelta(days=days),
    )
