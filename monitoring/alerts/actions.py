"""What a rule does when it fires, off by default: stop the canary, or roll back to the last version that passed.

It acts in the transaction in which it is decided, and only on the version that the alert is about: one that was
replaced meanwhile is left alone, and so is a version that somebody else made live.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from monitoring.alerts.sentences import say_figures
from monitoring.models import Alert, AlertRule
from registry.canary.service import CanaryRefusedError, stop_canary
from registry.evaluation.gate import NotPassedError
from registry.evaluation.standings import list_standings
from registry.models import Deployment, Prompt, PromptVersion
from registry.selectors import list_returns
from registry.services import releases
from telemetry.lines import log_move

logger = logging.getLogger(__name__)

State = Alert.ActionState


class CannotActError(Exception):
    """There is nothing to stop or to go back to; the message says why. Nothing was changed."""


REFUSALS = (
    CannotActError,
    CanaryRefusedError,
    NotPassedError,
    releases.MovedMeanwhileError,
    releases.NotOnceLiveError,
    releases.TakenBackError,
    releases.UnusableVersionError,
)


def begin(alert: Alert, now: datetime) -> None:
    """Act as the alert opens, or write down when."""
    if alert.rule.action == AlertRule.Action.NONE:
        return
    alert.action_state = State.WAITING
    alert.action_due_at = now + timedelta(seconds=alert.rule.action_delay_s)
    alert.save(update_fields=["action_state", "action_due_at"])
    if not alert.rule.action_delay_s:
        act(alert, now)


def carry_out_due(now: datetime | None = None) -> list[Alert]:
    """The actions whose delay is over."""
    now = now or timezone.now()
    due = Alert.objects.filter(action_state=State.WAITING, action_due_at__lte=now)
    return [alert for pk in due.values_list("pk", flat=True) if (alert := carry_out(pk, now))]


@transaction.atomic
def carry_out(pk: int, now: datetime) -> Alert | None:
    """One of them, if nobody has stopped it and the alert still fires; None where another process is at it."""
    waiting = Alert.objects.filter(pk=pk, action_state=State.WAITING)
    alert = waiting.select_for_update(skip_locked=True).first()
    if alert is None:
        return None
    if alert.state != Alert.State.FIRING:
        drop(alert, f"Not needed: it was {alert.state} before.", now)
    elif not alert.rule.is_enabled or alert.rule.action == AlertRule.Action.NONE:
        drop(alert, "The rule was changed before, and does nothing now.", now)
    else:
        act(alert, now)
    return alert


def drop(alert: Alert, note: str, now: datetime) -> None:
    """What was to be done is not needed any more."""
    if alert.action_state == State.WAITING:
        settle(alert, State.DROPPED, note, now)


@transaction.atomic
def stop(*, alert: Alert, actor: User, now: datetime | None = None) -> bool:
    """A person stops what is still to be done; False when it was too late."""
    alert = Alert.objects.select_for_update().get(pk=alert.pk)
    if alert.action_state != State.WAITING:
        return False
    settle(alert, State.STOPPED, f"{alert.rule.get_action_display()}: stopped.", now, actor)
    return True


def act(alert: Alert, now: datetime) -> None:
    """Do it, and say on the alert what was done or why not. A refusal undoes its own changes alone."""
    verbs: dict[str, Callable[[Alert], str]] = {
        AlertRule.Action.STOP_CANARY: stop_its_canary,
        AlertRule.Action.ROLL_BACK: roll_back,
    }
    try:
        with transaction.atomic():
            done = verbs[alert.rule.action](alert)
    except REFUSALS as error:
        settle(alert, State.REFUSED, f"Nothing was changed: {error}.", now)
        logger.warning("%s could not act: %s", alert, error)
    else:
        settle(alert, State.DONE, done, now)
        logger.warning("%s acted: %s", alert, done)


def stop_its_canary(alert: Alert) -> str:
    """Raises CannotActError where the version is on trial no more."""
    version = require_version(alert)
    canary = version.canaries.running().first()
    if canary is None:
        raise CannotActError(f"v{version.number} is not on trial")
    stop_canary(canary=canary, actor=None, reason=say_reason(alert))
    return f"The canary of v{version.number} was stopped."


def roll_back(alert: Alert) -> str:
    """Raises CannotActError where the version is not live, or no earlier one passed and was never taken back."""
    version = require_version(alert)
    live = version.prompt.lock_production()
    if live is None or live.version_id != version.pk:
        raise CannotActError(f"v{version.number} is not live")
    target = find_target(version.prompt)
    if target is None:
        raise CannotActError("no earlier version had passed and was never taken back")
    releases.roll_back(
        prompt=version.prompt,
        to_version=target,
        actor=None,
        reason=say_reason(alert),
        expected_epoch=live.epoch,
        in_flight=Deployment.InFlight.RESTART,
    )
    alert.action_deployment = version.prompt.deployments.order_by("-epoch").first()
    return f"Rolled back to v{target.number}."


def find_target(prompt: Prompt) -> PromptVersion | None:
    """The newest version that passed, was live before and was not taken back."""
    standings = list_standings(list(prompt.versions.all()))
    return next(iter(list_returns(prompt, standings).offered), None)


def require_version(alert: Alert) -> PromptVersion:
    if alert.version is None:
        raise CannotActError("the alert is about no version")
    return alert.version


def say_reason(alert: Alert) -> str:
    """For the history: the rule, its figures and up to five calls."""
    calls = ", ".join(alert.figures.get("calls", []))
    evidence = f" Calls: {calls}." if calls else ""
    return f"{alert}, rule “{alert.rule}”: {say_figures(alert)}.{evidence}"


def settle(
    alert: Alert, state: str, note: str, now: datetime | None, actor: User | None = None
) -> None:
    alert.action_state, alert.action_note = state, note
    alert.save(update_fields=["action_state", "action_note", "action_deployment"])
    alert.add_note(note, now or timezone.now(), actor=actor, figures=alert.figures)
    log_move("alert_action", actor=actor, alert=alert.pk, rule=alert.rule_id, state=str(state))
