"""Days that an operator chose: asking for their comparison, and finding it."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from monitoring.models import DriftComparison

LOST_AFTER = timedelta(minutes=10)
"""A comparison that takes longer was lost, with its worker or with Redis."""


def ask(since: datetime, until: datetime, actor: User) -> tuple[DriftComparison, bool]:
    """The comparison of these days, and whether it has to be queued: it is new, or it was lost."""
    row, is_new = DriftComparison.objects.get_or_create(
        since=since, until=until, defaults={"asked_by": actor}
    )
    if is_new or not is_lost(row, timezone.now()):
        return row, is_new
    row.asked_by, row.asked_at = actor, timezone.now()
    row.save(update_fields=["asked_by", "asked_at"])
    return row, True


def is_lost(row: DriftComparison, now: datetime) -> bool:
    if row._state.adding or row.findings is not None:
        return False
    return now - row.asked_at > LOST_AFTER
