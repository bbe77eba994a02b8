"""What the stylist is told of one suggestion, read from the stored state."""

from collections.abc import Container, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from styling.models import LeftOut, OutfitPiece, Suggestion
from styling.services.requests import get_window
from styling.stylist.context import (
    AbsentPiece,
    Candidate,
    EventContext,
    GarmentFacts,
    OutfitContext,
)
from styling.stylist.preferences import Preferences
from styling.stylist.seasons import find_season
from styling.weather.model import WeatherSnapshot
from wardrobe import vocabulary
from wardrobe.household.seeing import show_borrowed
from wardrobe.models import Care, Garment
from wardrobe.services.garments import call

ABSENT_FIELDS = (
    "owner", "name", "slot", "status", "in_wash", "elsewhere", "type", "pattern", "colours", "is_basic",
)  # fmt: skip


def build_context(suggestion: Suggestion, garments: Sequence[Garment]) -> OutfitContext:
    """Everything that the stylist may use, from the stored state: a second try knows the same."""
    event, known = suggestion.event, suggestion.known
    language = known.get("language", "en")
    starts, ends = get_window(event, event.time_zone)
    words = vocabulary.current()
    with override(language):
        garments = show_borrowed(suggestion.owner, garments)
        absent = list_absent(suggestion.owner, garments, kind=event.kind)
        facts = [replace(GarmentFacts.of(one), name=call(one)) for one in garments]
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
        wardrobe=tuple(Candidate.of(one, words) for one in facts),
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
        language=language,
    )


def list_absent(
    owner: User, garments: Sequence[Garment], *, kind: str = ""
) -> tuple[AbsentPiece, ...]:
    """What the wearer owns and is not offered, with why; by names in the language that is spoken."""
    owned = Garment.objects.for_owner(owner).exclude(pk__in=[garment.pk for garment in garments])
    rows = owned.order_by("pk").only(*ABSENT_FIELDS)
    left_out = LeftOut.objects.list_keys(owner, kind)
    lent = Care.objects.for_owner(owner).away().filter(kind=Care.Kind.LENT)
    lent_keys = {*lent.values_list("garment", flat=True)}
    return tuple(
        AbsentPiece(
            str(one.pk),
            call(one),
            one.slot,
            say_absence(
                one.status,
                in_wash=one.in_wash,
                elsewhere=find_where(one, lent_keys),
                is_left_out=one.pk in left_out,
            ),
        )
        for one in rows
    )


def find_where(garment: Garment, lent: Container[UUID]) -> str:
    """Empty of one that is at home."""
    if not garment.elsewhere:
        return ""
    return "lent" if garment.pk in lent else "in repair"


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
