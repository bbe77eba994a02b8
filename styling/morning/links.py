"""Links that do one thing without a sign-in: wear this outfit on this day. They do it for a day and a half."""

from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from styling.models import Suggestion

SALT = "styling.morning.wear"
VALID_FOR = timedelta(hours=36)


def make_wear_link(suggestion: Suggestion) -> str:
    """Its whole address. Whoever has it can say that this outfit is worn that day, and nothing else."""
    told = {"outfit": str(suggestion.pk), "day": suggestion.event.date.isoformat()}
    token = signing.dumps(told, salt=SALT, compress=True)
    return settings.SITE_URL + reverse("feedback:wear-by-link", args=[token])


def read_wear_link(token: str) -> Suggestion | None:
    """The outfit, if the link is ours, not too old, and the outfit is still for that day."""
    try:
        told = signing.loads(token, salt=SALT, max_age=VALID_FOR)
        key, day = UUID(told["outfit"]), date.fromisoformat(told["day"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
    found = Suggestion.objects.select_related("event", "owner").filter(pk=key, event__date=day)
    return found.filter(owner__is_active=True).first()
