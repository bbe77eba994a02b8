"""What the stylist is told of one suggestion, read from the stored state."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from registry.statements import Question, Statement, ask_together
from styling.models import LeftOut, OutfitPiece, Suggestion
from styling.selectors import count_pairs, read_worn
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


def ask_around(suggestion: Suggestion, offered: Iterable[UUID]) -> tuple[Question, ...]:
    """What a context is made of beside the garments on offer."""
    event, owner = suggestion.event, suggestion.owner
    asked = event.pk, owner.pk, event.kind, event.date, suggestion.created_at
    return (
        read_former.of(*asked),
        read_not_offered.of(owner.pk, [*offered]),
        read_worn.of(owner.pk, owner.today),
    )


def build_context(
    suggestion: Suggestion,
    garments: Sequence[Garment],
    around: Sequence[list[Any]] | None = None,
) -> OutfitContext:
    """Everything that the stylist may use, from the stored state: a second try knows the same. `around`: the answers to
    `ask_around`, where they are known."""
    if around is None:
        around = ask_together(*ask_around(suggestion, (garment.pk for garment in garments)))
    former, not_offered, worn = around
    event, known = suggestion.event, suggestion.known
    language = known.get("language", "en")
    starts, ends = get_window(event, event.time_zone)
    avoid, earlier = group_former(event.pk, former)
    words = vocabulary.current()
    with override(language):
        garments = show_borrowed(suggestion.owner, garments)
        absent = list_absent(suggestion.owner, not_offered, kind=event.kind)
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
        avoid=avoid,
        earlier=earlier,
        seed=suggestion.seed,
        units=known["units"],
        no_forecast=suggestion.no_forecast,
        unavailable=frozenset(piece.id for piece in absent),
        absent=absent,
        preferences=Preferences.from_json(known.get("preferences", {})),
        worn_together=count_pairs(worn),
        words=words,
        language=language,
    )


def list_absent(owner: User, rows: Sequence[Garment], *, kind: str = "") -> tuple[AbsentPiece, ...]:
    """What the wearer owns and is not offered, as `read_not_offered` finds it, with why; by names in the language that
    is spoken."""
    if not rows:
        return ()
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


Combinations = frozenset[frozenset[str]]
"""Outfits, as sets of garment ids."""


def group_former(
    event: int, rows: Iterable[tuple[int, UUID, UUID]]
) -> tuple[Combinations, Combinations]:
    """The outfits of this very event, and the others that answered the same question before: the same occasion on the
    same day, asked anew."""
    outfits: dict[tuple[bool, UUID], set[str]] = {}
    for event_id, suggestion_id, garment_id in rows:
        outfits.setdefault((event_id == event, suggestion_id), set()).add(str(garment_id))
    here, before = (
        frozenset(frozenset(outfit) for (is_here, _), outfit in outfits.items() if is_here is which)
        for which in (True, False)
    )
    return here, before - here


def ask_former(
    event: int, owner: int, kind: str, day: date, before: datetime
) -> "QuerySet[OutfitPiece, tuple[int, UUID, UUID]]":
    """The pieces of the event's own outfits, and of those of its like that were asked for earlier."""
    asked = Q(suggestion__event=event) | Q(
        suggestion__owner=owner,
        suggestion__event__kind=kind,
        suggestion__event__date=day,
        suggestion__created_at__lt=before,
    )
    rows = OutfitPiece.objects.filter(asked).order_by()
    return rows.values_list("suggestion__event_id", "suggestion_id", "garment_id")


def ask_not_offered(owner: int, offered: list[UUID]) -> "QuerySet[Garment, Garment]":
    owned = Garment.objects.filter(owner=owner).exclude(pk__one_of=offered).order_by("pk")
    return owned.only(*ABSENT_FIELDS)


read_former = Statement(ask_former, int, int, str, date, datetime)
read_not_offered = Statement(ask_not_offered, int, list)
