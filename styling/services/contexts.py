"""What the stylist is told of one suggestion, read from the stored state."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import User
from styling.models import LeftOut, OutfitPiece, Suggestion
from styling.services.requests import get_window
from styling.stylist.context import AbsentPiece, Candidate, EventContext, OutfitContext
from styling.stylist.preferences import Preferences
from styling.stylist.seasons import find_season
from styling.weather.model import WeatherSnapshot
from wardrobe import vocabulary
from wardrobe.household.seeing import show_borrowed
from wardrobe.models import Care, Garment


def build_context(suggestion: Suggestion, garments: Sequence[Garment]) -> OutfitContext:
    """Everything that the stylist may use, from the stored state: a second try knows the same."""
    event, known = suggestion.event, suggestion.known
    garments = show_borrowed(suggestion.owner, garments)
    starts, ends = get_window(event, event.time_zone)
    absent = list_absent(suggestion.owner, garments, kind=event.kind)
    words = vocabulary.current()
    return OutfitContext(
        event=EventContext.of(
            event.kind,
            starts=starts,
            ends=ends,
            note=event.note,
            season=find_season(event.date, event.latitude, event.time_zone),
            words=words,
        ),
        weather=WeatherSnapshot.from_json(suggestion.weather) if suggestion.weather else None,
        wardrobe=tuple(Candidate.from_garment(garment, words) for garment in garments),
        today=timezone.localdate(timezone=ZoneInfo(event.time_zone)),
        sensitivity=known["sensitivity"],
        likes=known["likes"],
        dislikes=known["dislikes"],
        repeat_days=known["repeat_days"],
        start_from=str(suggestion.start_from_id) if suggestion.start_from_id else None,
        keep=frozenset(str(pk) for pk in suggestion.kept),
        avoid=list_combinations(event=event),
        earlier=list_earlier(suggestion),
        seed=suggestion.seed,
        units=known["units"],
        no_forecast=suggestion.no_forecast,
        unavailable=frozenset(piece.id for piece in absent),
        absent=absent,
        preferences=Preferences.from_json(known.get("preferences", {})),
        worn_together=Suggestion.objects.for_owner(suggestion.owner).count_worn_together(
            suggestion.owner.today
        ),
        words=words,
        language=known.get("language", "en"),
    )


def list_absent(
    owner: User, garments: Sequence[Garment], *, kind: str = ""
) -> tuple[AbsentPiece, ...]:
    """What the wearer owns and is not offered, with why."""
    owned = Garment.objects.for_owner(owner).exclude(pk__in=[garment.pk for garment in garments])
    rows = owned.order_by("pk").values_list("pk", "name", "slot", "status", "in_wash", "elsewhere")
    left_out = LeftOut.objects.list_keys(owner, kind)
    lent = Care.objects.for_owner(owner).away().filter(kind=Care.Kind.LENT)
    lent_keys = {*lent.values_list("garment", flat=True)}
    return tuple(
        AbsentPiece(
            str(pk),
            name,
            slot,
            say_absence(
                status,
                in_wash=in_wash,
                elsewhere="" if not count else "lent" if pk in lent_keys else "in repair",
                is_left_out=pk in left_out,
            ),
        )
        for pk, name, slot, status, in_wash, count in rows
    )


def say_absence(
    status: str, *, in_wash: bool, elsewhere: str = "", is_left_out: bool = False
) -> str:
    if is_left_out:
        return "not wanted for this"
    if status == Garment.Status.ARCHIVED:
        return "put away"
    if in_wash:
        return "in the wash"
    return elsewhere or "not looked at yet"


def list_earlier(suggestion: Suggestion) -> frozenset[frozenset[str]]:
    """The outfits that answered the same question before: the same occasion on the same day, asked anew."""
    event = suggestion.event
    return list_combinations(
        owner=suggestion.owner,
        event__kind=event.kind,
        event__date=event.date,
        created_at__lt=suggestion.created_at,
    ) - list_combinations(event=event)


def list_combinations(**asked: Any) -> frozenset[frozenset[str]]:
    """The outfits of suggestions, as sets of garment ids."""
    outfits: dict[UUID, set[str]] = {}
    suggestions = Suggestion.objects.filter(**asked)
    pieces = OutfitPiece.objects.filter(suggestion__in=suggestions)
    for suggestion_id, garment_id in pieces.values_list("suggestion_id", "garment_id"):
        outfits.setdefault(suggestion_id, set()).add(str(garment_id))
    return frozenset(frozenset(outfit) for outfit in outfits.values())
