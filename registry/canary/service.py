"""Verbs of a canary: begin, watch, stop, promote. What ends with a move of production is in `services`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from accounts.models import User
from registry.canary import guards
from registry.evaluation import gate
from registry.models import Alias, Canary, PromptVersion
from registry.services import releases
from registry.services.archivings import require_unarchived
from registry.services.overrides import ReasonRequiredError
from registry.services.releases import MovedMeanwhileError
from telemetry.lines import log_move

MAX_SHARE = 0.5

SETTLE = timedelta(seconds=2)
"""Calls that end are weighed so much later, when their rows are sure to be committed."""


class CanaryRefusedError(Exception):
    """It cannot begin, or has ended already; the message says why."""


@transaction.atomic
def start_canary(
    *,
    version: PromptVersion,
    share: float,
    actor: User | None,
    reason: str,
    expected_epoch: int | None = None,
) -> Canary:
    """Let a version that may go live answer a share of the wearers (above 0, up to 0.5).

    Raises NotPassedError, SamePersonError, UnusableVersionError, MovedMeanwhileError,
    CanaryRefusedError, ArchivedError and ReasonRequiredError; then nothing has changed.
    """
    if not reason.strip():
        raise ReasonRequiredError("Say why, for those who read the history")
    if not 0 < share <= MAX_SHARE:
        raise CanaryRefusedError(f"A share is above 0 and up to {MAX_SHARE:g}")
    alias = version.prompt.lock_production()
    if alias and expected_epoch is not None and alias.epoch != expected_epoch:
        raise MovedMeanwhileError(
            f"{version.prompt.name} was moved meanwhile; look again before you act"
        )
    alias = require_room(alias, version)
    require_unarchived(version)
    releases.require_usable(version)
    releases.require_second_person(version, actor)
    gate.judge_again(version)
    leave = releases.find_release_basis(version)
    canary = Canary.objects.create(
        prompt=version.prompt,
        version=version,
        live_version=alias.version,
        share=share,
        evaluation=leave.evaluation,
        actor=actor,
        reason=reason.strip(),
    )
    log_move(
        "start_canary",
        actor=actor,
        task=version.prompt.name,
        to_version=version.number,
        sha256=version.sha256,
        share=share,
    )
    releases.publish_on_commit(alias)
    return canary


def require_room(alias: Alias | None, version: PromptVersion) -> Alias:
    """The alias that a version can run beside. Raises CanaryRefusedError."""
    if alias is None:
        raise CanaryRefusedError(f"{version.prompt.name} has no live version to compare with")
    if alias.version_id == version.pk:
        raise CanaryRefusedError(f"Version {version.number} is live already")
    if running := version.prompt.canaries.running().first():
        raise CanaryRefusedError(f"A canary runs already: {running}. Stop it first")
    return alias


@transaction.atomic
def stop_canary(*, canary: Canary, actor: User | None, reason: str) -> None:
    """Give its wearers the live version again. Raises CanaryRefusedError and ReasonRequiredError."""
    if not reason.strip():
        raise ReasonRequiredError("Say why, for those who read the history")
    alias = canary.prompt.lock_production()
    ended = releases.end_canary(
        canary.prompt, state=Canary.State.STOPPED, actor=actor, ending=reason.strip()
    )
    if alias is None or not ended:
        raise CanaryRefusedError("It had ended already")
    releases.publish_on_commit(alias)


def promote_canary(
    *,
    canary: Canary,
    actor: User | None,
    reason: str,
    expected_epoch: int | None = None,
    confirm: bool = False,
) -> Alias:
    """Make its version live for everyone, by the same way as any: the gate looks again.

    With too few answers to tell it takes `confirm`. Raises CanaryRefusedError and what `services.promote_version` raises.
    """
    canary.refresh_from_db()
    if not canary.is_running:
        raise CanaryRefusedError("It had ended already")
    return releases.promote_version(
        version=canary.version,
        actor=actor,
        reason=reason,
        expected_epoch=expected_epoch,
        confirm=confirm,
    )


def check_canaries() -> list[Canary]:
    """Weigh what has ended in each running canary; returns those that were reverted."""
    running = Canary.objects.running().values_list("pk", flat=True)
    return [canary for pk in running if (canary := check_canary(pk))]


@transaction.atomic
def check_canary(pk: int) -> Canary | None:
    """Weigh one canary, and revert it when it is worse; None when it goes on or somebody else checks it."""
    running = Canary.objects.running().select_for_update(skip_locked=True, of=("self",))
    canary = running.select_related("prompt", "version").filter(pk=pk).first()
    if canary is None:
        return None
    now = read_clock()
    found = guards.weigh_all(canary, now=now - SETTLE)
    canary.evidence = {name: evidence.as_json() for name, evidence in found.items()}
    canary.calls = guards.count_calls(canary, is_candidate=True)
    canary.live_calls = guards.count_calls(canary, is_candidate=False)
    canary.checked_at = now
    canary.save(update_fields=["evidence", "calls", "live_calls", "checked_at"])
    worse = guards.explain_worse(canary, found)
    return revert(canary, worse) if worse else None


def read_clock() -> datetime:
    """The database's, which says when calls ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def revert(canary: Canary, ending: str) -> Canary:
    releases.end_canary(canary.prompt, state=Canary.State.REVERTED, actor=None, ending=ending)
    if alias := canary.prompt.production():
        releases.publish_on_commit(alias)
    canary.refresh_from_db()
    return canary
