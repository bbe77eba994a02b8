"""What the stylist is told of one suggestion, read from the stored state."""

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import User
from styling.models import Event, OutfitPiece, Suggestion
from styling.services.requests import get_window
from styling.stylist.context import Candidate, EventContext, OutfitContext
from styling.stylist.preferences import Preferences
from styling.weather.model import WeatherSnapshot
from wardrobe import vocabulary
from wardrobe.models import Garment


def build_context(suggestion: Suggestion, garments: Sequence[Garment]) -> OutfitContext:
    """Everything that the stylist may use, from the stored state: a second try knows the same."""
    event, known = suggestion.event, suggestion.known
    starts, ends = get_window(event, event.time_zone)
    words = vocabulary.current()
    return OutfitContext(
        event=EventContext.of(event.kind, starts=starts, ends=ends, note=event.note, words=words),
        weather=WeatherSnapshot.from_json(suggestion.weather) if suggestion.weather else None,
        wardrobe=tuple(Candidate.from_garment(garment, words) for garment in garments),
        today=timezone.localdate(timezone=ZoneInfo(event.time_zone)),
        sensitivity=known["sensitivity"],
        likes=known["likes"],
        dislikes=known["dislikes"],
        repeat_days=known["repeat_days"],
        start_from=str(suggestion.start_from_id) if suggestion.start_from_id else None,
        avoid=list_combinations(event),
        seed=suggestion.seed,
        units=known["units"],
        no_forecast=suggestion.no_forecast,
        unavailable=list_unavailable(suggestion.owner, garments),
        preferences=Preferences.from_json(known.get("preferences", {})),
        worn_together=Suggestion.objects.for_owner(suggestion.owner).count_worn_together(
            suggestion.owner.today
        ),
        words=words,
    )


def list_unavailable(owner: User, garments: Sequence[Garment]) -> frozenset[str]:
    """What the wearer owns and is not offered: in the wash, put away, or waiting for a look."""
    owned = Garment.objects.for_owner(owner).exclude(pk__in=[garment.pk for garment in garments])
    return frozenset(str(pk) for pk in owned.values_list("pk", flat=True))


def list_combinations(event: Event) -> frozenset[frozenset[str]]:
    """The outfits that were suggested for this event already."""
    outfits: dict[UUID, set[str]] = {}
    pieces = OutfitPiece.objects.filter(suggestion__event=event)
    for suggestion_id, garment_id in pieces.values_list("suggestion_id", "garment_id"):
        outfits.setdefault(suggestion_id, set()).add(str(garment_id))
    return frozenset(frozenset(outfit) for outfit in outfits.values())
