"""The demo wearer's other calendar: a file of ours in the place of what an address would have answered, so that nothing
is asked of a network, and no address is let through that wearers may not give."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from styling.calendars.reading import read_calendar
from styling.calendars.subscriptions import DAYS_AHEAD, keep_look, keep_reading, subscribe
from styling.models import Subscription

ADDRESS = "https://calendar.example/mara.ics"
"""Of a name that is kept for examples (RFC 2606): nobody answers there."""
FILE = settings.BASE_DIR / "fixtures" / "demo" / "calendar.ics"


def subscribe_calendar(wearer: User) -> None:
    """Once. It is looked at when the days that were read are over; the page says then that nobody knows its address."""
    if Subscription.objects.filter(owner=wearer).exists():
        return
    today, subscription = wearer.today, subscribe(wearer, url=ADDRESS)
    reading = read_calendar(FILE.read_bytes(), first=today, days=DAYS_AHEAD, zone=wearer.zone)
    keep_reading(subscription, reading)
    keep_look(
        subscription,
        name=reading.name,
        read_on=today,
        next_look_at=timezone.now() + timedelta(days=DAYS_AHEAD),
    )
