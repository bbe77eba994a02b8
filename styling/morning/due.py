"""Who is to be told something now, by the clock of where they are.

A wearer is told between their hour and two hours later, on that same day, once. The clock on the wall decides: an hour
that a change of the clocks leaves out comes with the next one, and one that it repeats tells nobody twice. A scheduler
that was away for longer than those two hours leaves the day out.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from accounts.models import NotificationChoices
from styling.models import Plan

LATE = timedelta(hours=2)
TOLD_FROM, TOLD_UNTIL = time(7), time(21)
"""The hours for what comes at no hour of the wearer's: a sky that turned."""
NEAR = timedelta(days=3)
"""So far ahead a sky that turned is news."""
WASH_EVERY = timedelta(days=7)
AT_ONCE = 500


def list_zones() -> list[str]:
    """Of those who want to be told anything; empty is UTC."""
    wanted = NotificationChoices.objects.filter(Q(morning=True) | Q(wash=True) | Q(sky=True))
    zones = wanted.filter(user__is_active=True).values_list("user__time_zone", flat=True)
    return sorted({*zones})


def list_mornings(now: datetime) -> Iterator[tuple[int, date]]:
    """Keys of wearers whose hour it is, with their day."""
    for zone in list_zones():
        local = now.astimezone(ZoneInfo(zone or "UTC"))
        rows = find_at(zone, local).filter(Q(morning=True) | Q(wash=True))
        due = rows.exclude(morning_told_on=local.date())
        for key in due.values_list("pk", flat=True)[:AT_ONCE]:
            yield key, local.date()


def find_at(zone: str, local: datetime) -> QuerySet[NotificationChoices]:
    """Those of a zone whose hour came at most two hours ago, today, unless they want this weekday quiet."""
    clock = local.replace(tzinfo=None)
    begins = clock - LATE
    since = begins.time() if begins.date() == clock.date() else time.min
    rows = NotificationChoices.objects.filter(user__time_zone=zone, user__is_active=True)
    rows = rows.filter(at__gte=since, at__lte=clock.time())
    return rows.exclude(quiet_days__contains=[local.weekday()])


def claim_morning(key: int, day: date) -> NotificationChoices | None:
    """Whoever gets it tells the wearer; nobody gets it twice on one day, and what was told is never told again."""
    untold = NotificationChoices.objects.filter(pk=key).exclude(morning_told_on=day)
    if not untold.update(morning_told_on=day):
        return None
    return NotificationChoices.objects.select_related("user").get(pk=key)


def list_untold() -> QuerySet[Plan]:
    """Plans that stand, on which the sky turned, and of which nobody was told."""
    standing = Plan.objects.filter(
        is_kept=False, called_off_at=None, suggestion__verdict="accepted"
    )
    return standing.exclude(turned="").filter(told_at=None)


def list_turned(now: datetime) -> list[int]:
    """Keys of wearers with a plan on which the sky turned, who want to know and were not told, at a time of day at which
    one tells people things."""
    turned = list_untold().filter(owner__notification_choices__sky=True, owner__is_active=True)
    rows = turned.values_list("owner", "owner__time_zone", "suggestion__event__date")
    found = set()
    for owner, zone, day in rows:
        local = now.astimezone(ZoneInfo(zone or "UTC"))
        is_news = local.date() <= day <= local.date() + NEAR
        if is_news and TOLD_FROM <= local.time() < TOLD_UNTIL:
            found.add(owner)
    quiet = NotificationChoices.objects.filter(pk__in=found)
    return sorted(
        choices.pk
        for choices in quiet.select_related("user")
        if now.astimezone(choices.user.zone).weekday() not in choices.quiet_days
    )
