"""Calendars elsewhere: subscribed, looked at once an hour, given up for ever longer while they fail.

What stands in them is personal: the log says a subscription's number and a code, and nothing else.
"""

import asyncio
import logging
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.outside.asking import Answer, AskingError, fetch
from styling.calendars import rules
from styling.calendars.reading import NotACalendarError, Reading, read_calendar
from styling.models import CalendarOccasion, Subscription

logger = logging.getLogger(__name__)

MOST_SUBSCRIPTIONS = 5
MOST_BYTES = 2 * 1024 * 1024
TIMEOUT_S = 15.0
DAYS_AHEAD = 28
EVERY, LONGEST_PAUSE = timedelta(hours=1), timedelta(days=1)
LOOKED_AT_ONCE = 200
COMES_BACK_FOR = timedelta(days=1)
REFUSALS = {401: "refused", 403: "refused", 404: "not_found", 410: "gone"}


class TooManyError(Exception):
    """The wearer has as many subscriptions as one may have."""


def spell_url(url: str) -> str:
    """As it is asked: calendars' own "webcal:" is https."""
    url = url.strip()
    scheme, separator, rest = url.partition("://")
    is_webcal = separator and scheme.lower() in {"webcal", "webcals"}
    return f"https://{rest}" if is_webcal else url


def name_of(url: str) -> str:
    """Its host: all that a page shows of an address before the calendar has told its name."""
    return urlsplit(url).hostname or ""


def list_subscriptions(owner: User) -> QuerySet[Subscription]:
    return Subscription.objects.filter(owner=owner, removed_at=None)


@transaction.atomic
def subscribe(owner: User, *, url: str) -> Subscription:
    """The same address is one subscription. Raises TooManyError."""
    known = Subscription.objects.filter(owner=owner, url=url).first()
    if known is None and list_subscriptions(owner).count() >= MOST_SUBSCRIPTIONS:
        raise TooManyError
    rules.begin(owner)
    if known is None:
        return Subscription.objects.create(owner=owner, url=url)
    return bring_back(known)


@transaction.atomic
def remove(subscription: Subscription) -> None:
    """Its events go at once, the address within a day: until then it can come back."""
    subscription.occasions.all().delete()
    Subscription.objects.filter(pk=subscription.pk).update(removed_at=timezone.now())


def bring_back(subscription: Subscription) -> Subscription:
    """It is looked at again, as if for the first time."""
    subscription.removed_at, subscription.read_on = None, None
    subscription.failures, subscription.failure = 0, ""
    subscription.next_look_at = timezone.now()
    subscription.save(
        update_fields=["removed_at", "read_on", "failures", "failure", "next_look_at"]
    )
    return subscription


def list_due() -> list[int]:
    """The numbers of those whose hour has come, and the end of those that were removed a day ago."""
    now = timezone.now()
    Subscription.objects.filter(removed_at__lt=now - COMES_BACK_FOR).delete()
    due = Subscription.objects.filter(removed_at=None, next_look_at__lte=now)
    due = due.filter(owner__is_active=True).order_by("next_look_at")
    return list(due.values_list("pk", flat=True)[:LOOKED_AT_ONCE])


def claim(pk: int) -> Subscription | None:
    """Its next look is put off before this one begins: what breaks a worker is not tried again at once."""
    with transaction.atomic():
        found = (
            Subscription.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("owner")
            .filter(pk=pk, removed_at=None, next_look_at__lte=timezone.now())
            .first()
        )
        if found is None:
            return None
        found.next_look_at = timezone.now() + pause_after(found.failures)
        found.save(update_fields=["next_look_at"])
    return found


def pause_after(failures: int) -> timedelta:
    """An hour, doubled with each failure in a row, a day at most."""
    return min(EVERY * (1 << min(failures, 10)), LONGEST_PAUSE)


def look(pk: int) -> bool:
    """Read a calendar that is due; whether there was one to read, and it could be."""
    subscription = claim(pk)
    if subscription is None:
        return False
    try:
        read(subscription)
    except (AskingError, NotACalendarError) as error:
        fail(subscription, getattr(error, "code", "not_a_calendar"))
        return False
    return True


def fail(subscription: Subscription, code: str) -> None:
    """What was read before stays; the wearer is told on the page."""
    failures = min(subscription.failures + 1, 1000)
    Subscription.objects.filter(pk=subscription.pk).update(
        failure=code, failures=failures, next_look_at=timezone.now() + pause_after(failures)
    )
    logger.warning("Calendar %s could not be read: %s", subscription.pk, code)


def read(subscription: Subscription) -> None:
    """Raises AskingError, NotACalendarError."""
    today = subscription.owner.today
    answer = ask(subscription, today)
    if answer.status == 304:
        keep_look(subscription, failure="", failures=0)
        return
    if answer.status != 200:
        raise AskingError(REFUSALS.get(answer.status, "unreachable"))
    reading = read_calendar(answer.body, first=today, days=DAYS_AHEAD, zone=subscription.owner.zone)
    keep_reading(subscription, reading)
    keep_look(
        subscription,
        failure="",
        failures=0,
        name=reading.name,
        skipped=reading.skipped,
        etag=answer.headers.get("etag", "")[:300],
        last_modified=answer.headers.get("last-modified", "")[:64],
        read_on=today,
    )


def ask(subscription: Subscription, today: date) -> Answer:
    """With its ETag where the days of today were read already: another day needs the whole again."""
    headers = {"Accept": "text/calendar, */*;q=0.1", "User-Agent": "Dresscode"}
    if subscription.read_on == today:
        if subscription.etag:
            headers["If-None-Match"] = subscription.etag
        if subscription.last_modified:
            headers["If-Modified-Since"] = subscription.last_modified
    return asyncio.run(
        fetch(
            subscription.url,
            headers=headers,
            networks=settings.WEARER_NETWORKS,
            most_bytes=MOST_BYTES,
            timeout_s=TIMEOUT_S,
        )
    )


def keep_look(subscription: Subscription, **told: object) -> None:
    Subscription.objects.filter(pk=subscription.pk).update(fetched_at=timezone.now(), **told)


@transaction.atomic
def keep_reading(subscription: Subscription, reading: Reading) -> None:
    """Rows stay for events that are still there; those that are gone, or whose day has passed, go."""
    mine = rules.list_rules(subscription.owner)
    rows = [
        CalendarOccasion(
            owner=subscription.owner,
            subscription=subscription,
            kind=rules.find_kind(one.title, mine),
            **vars(one),
        )
        for one in reading.occurrences
    ]
    keys = [row.key for row in rows]
    subscription.occasions.exclude(key__in=keys).delete()
    CalendarOccasion.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["subscription", "key"],
        update_fields=["title", "date", "starts_at", "ends_at", "is_all_day", "kind"],
        batch_size=500,
    )
