"""The outfit of a wearer's morning: what is planned, else what the stylist says, asked as the wearer would."""

from datetime import date
from uuid import NAMESPACE_URL, uuid5

from asgiref.sync import async_to_sync
from django.utils import timezone

from accounts.models import User
from styling.models import CalendarOccasion, Event, Suggestion
from styling.services.hours import is_weekend, propose_hours, read_own_hours
from styling.services.occasions import find_own_hours
from styling.services.profiles import get_profile
from styling.services.requests import EventRequest, NothingToWearError, open_suggestion
from styling.streaming.reading import write
from styling.weather.places import get_place

USUAL = "casual"


def find_today(user: User, day: date) -> Suggestion | None:
    """The first outfit that was chosen for the day."""
    chosen = Suggestion.objects.by_day_of(user).filter(
        event__date=day, verdict=Suggestion.Verdict.ACCEPTED, pieces__isnull=False
    )
    return chosen.select_related("event", "owner").order_by("event__starts_at", "pk").first()


def ask_for_today(user: User, day: date) -> Suggestion | None:
    """An answer for the day, written now; the same one however often it is asked for. None where nothing can be worn, or
    nobody could answer."""
    try:
        suggestion = open_suggestion(
            owner=user,
            request_key=uuid5(NAMESPACE_URL, f"morning/{user.pk}/{day.isoformat()}"),
            event=propose_event(user, day),
        )
    except NothingToWearError:
        return None
    if suggestion.status == Suggestion.Status.OPEN:
        async_to_sync(write)(suggestion.pk)
    suggestion = Suggestion.objects.select_related("event", "owner").get(pk=suggestion.pk)
    return suggestion if suggestion.pieces.exists() else None


def propose_event(user: User, day: date) -> EventRequest:
    """What stands in the wearer's calendar; else the occasion that they last asked for on such a day."""
    now = timezone.localtime(timezone=user.zone)
    own = read_own_hours(user)
    occasion = CalendarOccasion.objects.for_owner(user).filter(date=day).exclude(kind="").first()
    profile = get_profile(user)
    place = get_place(profile.place) if profile.place else None
    kind = occasion.kind if occasion else find_habit(user, weekend=is_weekend(day))
    hours = (
        find_own_hours(occasion, own) if occasion else propose_hours(kind, day, now=now, own=own)
    )
    return EventRequest(kind, day, hours.starts_at, hours.ends_at, place)


def find_habit(user: User, *, weekend: bool) -> str:
    for kind, day in (
        Event.objects.filter(owner=user).order_by("-pk").values_list("kind", "date")[:50]
    ):
        if is_weekend(day) == weekend:
            return str(kind)
    return USUAL
