"""A wearer's outfits as iCalendar (RFC 5545), at an address that only they know.

It says what to wear and when, not where: no place, no note.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.languages.speaking import language_of, speaking
from accounts.models import User
from styling.history.months import OFF, PLANNED, WORN, mark_outfit
from styling.models import CalendarFeed, Suggestion
from styling.services.requests import get_window
from wardrobe import vocabulary
from wardrobe.household.seeing import show_borrowed
from wardrobe.services.garments import call

REFRESH = timedelta(hours=1)
PAST = timedelta(days=60)
MOST_EVENTS = 400
SECRET_BYTES = 32


def renew_feed(owner: User) -> str:
    """A new secret, which is told this once; the one before stops at once."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    CalendarFeed.objects.update_or_create(
        owner=owner,
        defaults={
            "secret_sha256": hash_secret(secret),
            "created_at": timezone.now(),
            "read_at": None,
        },
    )
    return secret


def revoke_feed(owner: User) -> None:
    CalendarFeed.objects.filter(owner=owner).delete()


def find_feed(secret: str) -> CalendarFeed | None:
    """By the secret of its address; of an account that is open."""
    feeds = CalendarFeed.objects.select_related("owner")
    return feeds.filter(secret_sha256=hash_secret(secret), owner__is_active=True).first()


def note_reading(feed: CalendarFeed) -> None:
    """To the hour, so that a page can say whether anybody still reads it."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    if feed.read_at != now:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=now)


def hash_secret(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def write_feed(owner: User) -> bytes:
    """The outfits from two months ago on that are worn, planned or called off, 400 at most: the same bytes as long as
    nothing changed, its owner's language among it."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Dresscode//Outfits//{language_of(owner).upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Dresscode")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    rows = list_outfits(owner)
    with speaking(owner):  # Whoever reads it is nobody who is signed in.
        for row in rows:
            calendar.add_component(write_event(row, mark_outfit(row, today=owner.today)))
    if rows:
        days = [row.event.date for row in rows]
        calendar.add_missing_timezones(
            first_date=min(days) - timedelta(days=1), last_date=max(days) + timedelta(days=2)
        )
    return bytes(calendar.to_ical())


def list_outfits(owner: User) -> list[Suggestion]:
    """In the order of their days."""
    found = (
        Suggestion.objects.by_day_of(owner)
        .filter(event__date__gte=owner.today - PAST, pieces__isnull=False)
        .select_related("event", "owner", "plan")
        .prefetch_related("pieces__garment")
        .order_by("event__date", "event__starts_at", "pk")
        .distinct()
    )
    marks = {PLANNED, WORN, OFF}
    chosen = [row for row in found if mark_outfit(row, today=owner.today) in marks]
    return chosen[-MOST_EVENTS:]


def write_event(row: Suggestion, mark: str) -> Event:
    """One UID for an outfit, wherever it moves; SEQUENCE rises with each move, call-off and return."""
    plan = getattr(row, "plan", None)
    starts, ends = get_window(row.event, row.event.time_zone)
    names = [
        call(garment)
        for garment in show_borrowed(row.owner, [piece.garment for piece in row.pieces.all()])
    ]
    term = vocabulary.terms("event").get(row.event.kind)
    changed = as_utc(plan.changed_at if plan else None, row.decided_at, row.created_at)
    event = Event()
    event.add("uid", f"{row.pk}@{settings.SITE.hostname}")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("created", as_utc(row.created_at))
    event.add("sequence", plan.revision if plan else 0)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add(
        "summary",
        _("%(occasion)s: %(pieces)s")
        % {"occasion": term.said if term else _("Outfit"), "pieces": ", ".join(names)},
    )
    event.add("description", "\n".join(names))
    event.add("url", settings.SITE_URL + reverse("styling:outfit-detail", args=[row.pk]))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if mark == OFF else "CONFIRMED")
    return event


def as_utc(*moments: datetime | None) -> datetime:
    """The latest of some moments, to the second, as RFC 5545 wants stamps."""
    known = [moment for moment in moments if moment]
    return max(known).astimezone(UTC).replace(microsecond=0)
