"""Outfits that a wearer keeps: laid by hand or kept of an answer, called something, worn again."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from styling.models import Event, Look, LookPiece, OutfitPiece, Suggestion
from styling.notes.wishes import BODY, MAIN, group_of
from styling.services.contexts import build_context
from styling.services.hours import propose_hours
from styling.services.pictures import enqueue_picture, list_garments
from styling.services.profiles import get_profile
from styling.services.requests import describe_wearer
from styling.stylist.comfort import read_comfort
from styling.stylist.context import Candidate
from styling.stylist.judgement import judge_outfit, list_gaps
from styling.stylist.prose import write_prose
from styling.stylist.search import Outfit
from styling.stylist.seasons import find_season
from wardrobe import vocabulary
from wardrobe.models import Garment

MOST_PIECES = 9
MOST_KINDS = 3
KIND = "casual"


class EmptyLookError(Exception):
    """There is no piece in it, or none is left."""


def lay_down(pieces: Sequence[Garment], new: Garment) -> list[Garment]:
    """The pieces with another one, which takes the place of what lies there: the last MOST_PIECES."""
    piece = Candidate.from_garment(new)
    place = group_of(piece)
    kept = []
    for garment in pieces:
        other = Candidate.from_garment(garment)
        is_same = group_of(other) == place and (place in MAIN or other.type == piece.type)
        if garment.pk != new.pk and not is_same and group_of(other) not in BODY.get(place, ()):
            kept.append(garment)
    return [*kept, new][-MOST_PIECES:]


def list_open(pieces: Sequence[Garment]) -> list[str]:
    """The slots that a whole outfit still lacks."""
    gaps = list_gaps([Candidate.from_garment(garment) for garment in pieces])
    return [slot for slot in ("top", "bottom", "shoes") if slot in gaps]


@transaction.atomic
def keep_look(
    owner: User, garments: Sequence[Garment], *, name: str, suggestion: Suggestion | None = None
) -> Look:
    """Raises EmptyLookError. Garments that are not theirs to wear are left out. The line of an answer ends in a full
    stop, a name in none.
    """
    keys = [garment.pk for garment in garments]
    theirs = {*Garment.objects.worn_by(owner).filter(pk__in=keys).values_list("pk", flat=True)}
    own = [garment for garment in dict.fromkeys(garments) if garment.pk in theirs]
    if not own:
        raise EmptyLookError
    look = Look.objects.create(
        owner=owner, name=name.strip()[:60].rstrip(". ") or _("A look"), suggestion=suggestion
    )
    LookPiece.objects.bulk_create(
        LookPiece(look=look, garment=garment, position=position)
        for position, garment in enumerate(own[:MOST_PIECES])
    )
    enqueue_picture(look)
    return look


@dataclass(frozen=True)
class Shelf:
    """Looks that a page may be narrowed to: `show` names it in an address."""

    show: str
    label: str
    looks: QuerySet[Look]


def list_shelves(owner: User) -> list[Shelf]:
    """All, and those that hold something: of this season, of the occasions that answers were kept for, laid by hand."""
    looks = Look.objects.for_owner(owner)
    profile = get_profile(owner)
    season = find_season(owner.today, profile.latitude, owner.zone.key)
    kinds = looks.exclude(suggestion=None).order_by().values_list("suggestion__event__kind")
    often = sorted(kinds.annotate(count=Count("pk")), key=lambda one: (-one[1], one[0]))
    shelves = [
        *([Shelf("season", _("This season"), looks.for_season(season))] if season else []),
        *(
            Shelf(kind, say_kind(kind), looks.filter(suggestion__event__kind=kind))
            for kind, count in often[:MOST_KINDS]
        ),
        Shelf(
            "favourite",
            _("With a favourite"),
            looks.filter(garments__is_favourite=True, garments__owner=owner).distinct(),
        ),
        Shelf("by-hand", _("Built by you"), looks.filter(suggestion=None)),
    ]
    return [Shelf("", _("All"), looks), *(shelf for shelf in shelves if shelf.looks.exists())]


def say_kind(kind: str) -> str:
    term = vocabulary.terms("event").get(kind)
    return term.said if term else kind.replace("_", " ").capitalize()


def count_worn(owner: User, looks: Iterable[Look]) -> dict[UUID, int]:
    """On how many days the pieces of each look were worn together, and nothing else with them."""
    pieces = read_sets(LookPiece.objects.filter(look__in=[look.pk for look in looks]), "look")
    own = {garment for one in pieces.values() for garment in one}
    worn = Suggestion.objects.for_owner(owner).worn(owner.today)
    days = dict(worn.order_by().values_list("pk", "event__date"))
    outfits = read_sets(OutfitPiece.objects.filter(suggestion__in=days), "suggestion")
    seen = {(days[pk], outfit) for pk, outfit in outfits.items() if outfit <= own}
    counts = Counter(outfit for day, outfit in seen)
    return {pk: counts[outfit] for pk, outfit in pieces.items()}


def read_sets(pieces: QuerySet[Any], of: str) -> dict[UUID, frozenset[UUID]]:
    """The keys of garments by what they are pieces of."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for key, garment in pieces.order_by().values_list(f"{of}_id", "garment_id"):
        found[key].add(garment)
    return {key: frozenset(garments) for key, garments in found.items()}


def list_pieces(look: Look) -> list[Garment]:
    return list_garments(look)


def clone_look(look: Look) -> Look:
    """Raises EmptyLookError."""
    return keep_look(look.owner, list_pieces(look), name=_("%(look)s again") % {"look": look.name})


def rename_look(look: Look, *, name: str) -> None:
    look.name = name.strip()[:60] or _("A look")
    look.save(update_fields=["name", "updated_at"])


@transaction.atomic
def wear_look(look: Look, *, day: date, kind: str = KIND) -> Suggestion:
    """An outfit of the look for a day, as if it had been answered: nobody's call made it, and the built-in voice says
    it. Raises EmptyLookError.
    """
    owner, garments = look.owner, list_pieces(look)
    if not garments:
        raise EmptyLookError
    profile, now = get_profile(owner), timezone.localtime(timezone=owner.zone)
    hours = propose_hours(kind, day, now=now, own={})
    event = Event.objects.create(
        owner=owner,
        kind=kind,
        date=day,
        starts_at=hours.starts_at,
        ends_at=hours.ends_at,
        place=profile.place,
        latitude=profile.latitude,
        longitude=profile.longitude,
        time_zone=owner.zone.key,
    )
    suggestion = Suggestion.objects.create(
        owner=owner,
        request_key=uuid4(),
        event=event,
        status=Suggestion.Status.READY,
        no_forecast="unavailable",
        known=describe_wearer(owner),
        candidates=[garment.pk for garment in garments],
        finished_at=now,
    )
    OutfitPiece.objects.bulk_create(
        OutfitPiece(suggestion=suggestion, garment=garment, position=position, slot=garment.slot)
        for position, garment in enumerate(garments)
    )
    tell(suggestion, garments)
    enqueue_picture(suggestion)
    return suggestion


def tell(suggestion: Suggestion, garments: Sequence[Garment]) -> None:
    """What the built-in voice says of it, and how it stands."""
    context = build_context(suggestion, garments)
    worn = context.wardrobe
    outfit = Outfit(worn, (), 0.0)
    suggestion.prose = write_prose(outfit, context, read_comfort(context))
    judged = judge_outfit(worn, context).to_json()
    suggestion.checked = {
        "judged": judged,
        "faults": [],
        "withheld": 0,
        "held_back": 0,
        "language": context.language,
    }
    suggestion.save(update_fields=["prose", "checked"])
