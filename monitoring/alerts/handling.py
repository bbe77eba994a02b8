"""What people do to an open alert: each leaves a row."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from monitoring.models import Alert
from telemetry.lines import log_move


class ClosedError(Exception):
    """The alert was closed meanwhile."""


@transaction.atomic
def acknowledge(*, alert: Alert, actor: User) -> bool:
    """Somebody looks after it; False when somebody did already. Raises ClosedError."""
    alert = lock_open(alert)
    if alert.acknowledged_at:
        return False
    alert.acknowledged_at, alert.acknowledged_by = timezone.now(), actor
    alert.save(update_fields=["acknowledged_at", "acknowledged_by"])
    alert.add_note("Acknowledged.", timezone.now(), actor=actor)
    log_move("acknowledge_alert", actor=actor, alert=alert.pk, rule=alert.rule_id)
    return True


@transaction.atomic
def silence(*, alert: Alert, until: datetime, reason: str, actor: User) -> None:
    """Until then nobody is told of it, also when its series opens again; it goes on counting. Raises ClosedError."""
    alert = lock_open(alert)
    alert.silenced_until = until
    alert.save(update_fields=["silenced_until"])
    moment = timezone.localtime(until)
    note = f"Silenced until {moment:%d %b %H:%M}: {reason}"
    alert.add_note(note, timezone.now(), actor=actor)
    log_move(
        "silence_alert", actor=actor, alert=alert.pk, rule=alert.rule_id, until=f"{until:%FT%TZ}"
    )


def lock_open(alert: Alert) -> Alert:
    found = Alert.objects.current().select_for_update().filter(pk=alert.pk).first()
    if found is None:
        raise ClosedError(f"{alert} was closed meanwhile")
    return found
