"""What people do to an open alert: each leaves a row."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from monitoring.alerts.sentences import UNCOUNTED, say_counts
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


@transaction.atomic
def end_silence(*, alert: Alert, actor: User) -> bool:
    """It is told of again, as when its time is over; False when it was not silent. Raises ClosedError."""
    alert, now = lock_open(alert), timezone.now()
    if not alert.is_silenced(now):
        return False
    alert.silenced_until = now
    alert.save(update_fields=["silenced_until"])
    alert.add_note("Not silent any more.", now, actor=actor)
    log_move("end_silence", actor=actor, alert=alert.pk, rule=alert.rule_id)
    return True


@transaction.atomic
def archive(*, alert: Alert, actor: User) -> bool:
    """Until it is worse than now nobody is told of it; False when it was archived already. Raises ClosedError."""
    alert = lock_open(alert)
    if alert.archived_at:
        return False
    alert.archived_at, alert.archived_figures = timezone.now(), alert.figures
    alert.save(update_fields=["archived_at", "archived_figures"])
    counts = say_counts(alert.rule, alert.figures)
    note = f"Archived until it is worse than {counts}." if counts else f"Archived. {UNCOUNTED}"
    alert.add_note(note, timezone.now(), actor=actor, figures=alert.figures)
    log_move("archive_alert", actor=actor, alert=alert.pk, rule=alert.rule_id)
    return True


@transaction.atomic
def restore(*, alert: Alert, actor: User) -> bool:
    """Take it out of the archive; False when it was not in it. Raises ClosedError."""
    alert = lock_open(alert)
    if not alert.archived_at:
        return False
    alert.archived_at, alert.archived_figures = None, {}
    alert.save(update_fields=["archived_at", "archived_figures"])
    alert.add_note("Not archived any more.", timezone.now(), actor=actor)
    log_move("restore_alert", actor=actor, alert=alert.pk, rule=alert.rule_id)
    return True


def lock_open(alert: Alert) -> Alert:
    found = Alert.objects.current().select_for_update().filter(pk=alert.pk).first()
    if found is None:
        raise ClosedError(f"{alert} was closed meanwhile")
    return found
