"""Another piece in the place of one that was suggested: what fits, what it changes, and taking it back."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.languages.words import within
from styling.checks.hard_faults import judge_pieces
from styling.checks.violations import check_outfit
from styling.models import LeftOut, OutfitPiece, Suggestion
from styling.notes.wishes import group_of
from styling.services.contexts import build_context
from styling.services.pictures import enqueue_picture
from styling.services.requests import find_offered
from styling.stylist.comfort import read_comfort
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.judgement import judge_outfit
from styling.stylist.parameters import Parameters
from styling.stylist.preferences import Preferences
from styling.stylist.prose import write_prose
from styling.stylist.reasons import explain_outfit
from styling.stylist.search import Outfit, Search
from styling.stylist.shortlist import ROLES, make_shortlist
from wardrobe.models import Garment
from wardrobe.templatetags.wardrobe_words import term

MOST, LOOKED_AT = 8, 40
SEEN_CLO = 0.12
"""Less than this nobody feels."""
LONG_AGO_DAYS = 14


class NoSwapError(Exception):
    """The outfit is not there to change, or the piece does not fit into it."""


@dataclass(frozen=True)
class Alternative:
    """A garment that may take a piece's place, and what that changes, in a few words."""

    garment: Garment
    change: str


def list_alternatives(suggestion: Suggestion, old: UUID) -> list[Alternative]:
    """What keeps the outfit valid under the hard rules, the best first; MOST at most."""
    outfit = read_outfit(suggestion)
    piece = outfit.find(old)
    if piece is None:
        return []
    fitting = (one for one in rank_rivals(outfit, piece) if not outfit.breaks(piece, one))
    garments = outfit.garments
    return [
        Alternative(garments[one.id], describe_change(piece, one, outfit))
        for one in islice(fitting, MOST)
    ]


@dataclass(frozen=True)
class Worn:
    """An outfit as it is now, with the question that it answers and what else could be worn."""

    context: OutfitContext
    pieces: tuple[Candidate, ...]
    garments: dict[str, Garment]
    missing: tuple[str, ...]

    def find(self, pk: UUID) -> Candidate | None:
        return next((piece for piece in self.pieces if piece.id == str(pk)), None)

    def with_swap(self, old: Candidate, new: Candidate) -> tuple[Candidate, ...]:
        return tuple(new if piece is old else piece for piece in self.pieces)

    def breaks(self, old: Candidate, new: Candidate) -> bool:
        """Whether a swap brings a fault for which no wearer would get to see the outfit."""
        return bool(self.judge(self.with_swap(old, new)) - self.faults)

    @cached_property
    def faults(self) -> set[str]:
        """Codes of what is at fault as it is now."""
        return self.judge(self.pieces)

    def judge(self, pieces: tuple[Candidate, ...]) -> set[str]:
        return {fault.code for fault in judge_pieces(self.context, pairs_of(pieces)).faults}


def read_outfit(suggestion: Suggestion) -> Worn:
    """Raises NoSwapError for one that is not written, or that nothing is left of."""
    if suggestion.status == Suggestion.Status.OPEN:
        raise NoSwapError
    rows = list(suggestion.pieces.select_related("garment__photo"))
    worn = {str(row.garment_id): row.garment for row in rows}
    never = LeftOut.objects.list_keys(suggestion.owner, suggestion.event.kind)
    offered = find_offered(suggestion).select_related("photo")
    others = offered.exclude(pk__in=never)
    garments = {str(one.pk): one for one in others} | worn
    if not worn:
        raise NoSwapError
    # In place: the names by which the page knows those of others.
    context = build_context(suggestion, list(garments.values()))
    # What is swapped by hand is no new answer: it may come again, and needs not be another one.
    context = replace(
        context, avoid=frozenset(), earlier=frozenset(), start_from=None, keep=frozenset()
    )
    pieces = tuple(piece for pk in worn if (piece := context.find(pk)))
    return Worn(context, pieces, garments, tuple(suggestion.missing))


def pairs_of(pieces: Sequence[Candidate]) -> list[tuple[str, str]]:
    return [(piece.id, piece.slot) for piece in pieces]


def rank_rivals(outfit: Worn, piece: Candidate) -> list[Candidate]:
    """Those for the same place that are not worn, by what the stylist's search makes of the whole outfit."""
    worn = {one.id for one in outfit.pieces}
    rivals = [
        one
        for one in outfit.context.wardrobe
        if one.id not in worn and group_of(one) == group_of(piece) and is_like(one, piece)
    ][: 3 * LOOKED_AT]
    scores = score_rivals(outfit, piece, rivals)
    order = sorted(range(len(rivals)), key=lambda index: (-scores[index], rivals[index].name))
    return [rivals[index] for index in order][:LOOKED_AT]


def is_like(one: Candidate, piece: Candidate) -> bool:
    """Accessories share a slot and no place: a scarf is no belt."""
    return piece.slot not in {"accessory", "other"} or one.type == piece.type


def score_rivals(outfit: Worn, piece: Candidate, rivals: Sequence[Candidate]) -> Sequence[float]:
    """Of the outfit with each of them; by freshness alone for a place that the search has no role for."""
    kept = [one for one in outfit.pieces if one is not piece]
    context = replace(outfit.context, wardrobe=(*kept, *rivals), preferences=Preferences())
    comfort, parameters = read_comfort(context), Parameters()
    listed = make_shortlist(context, comfort, parameters)
    at = {one.id: index for index, one in enumerate(listed.pieces)}
    search = Search(context, comfort, parameters, listed)
    roles = {one.id: find_role(listed.roles, at[one.id]) for one in kept if one.id in at}
    role = next((find_role(listed.roles, at[one.id]) for one in rivals if one.id in at), None)
    if role is None or group_of(piece) in {"hat", "bag", "accessory", "socks", "other"}:
        return [
            1.0 if one.favourite else 0.5 if one.last_worn_on is None else 0.0 for one in rivals
        ]
    row = np.full(len(ROLES), search.nothing)
    for one, its_role in roles.items():
        if its_role is not None and row[its_role] == search.nothing:
            row[its_role] = at[one]
    rows = np.repeat(row[None, :], len(rivals), axis=0)
    rows[:, role] = [at.get(one.id, search.nothing) for one in rivals]
    scores = search.score(search.judge(rows))
    return [
        float(score) if one.id in at else -1.0 for one, score in zip(rivals, scores, strict=True)
    ]


def find_role(roles: dict[str, list[int]], position: int) -> int | None:
    found = [ROLES.index(name) for name, members in roles.items() if position in members]
    return min(found, default=None)


def describe_change(old: Candidate, new: Candidate, outfit: Worn) -> str:
    """Such as "Dressier, cooler" or "Keeps rain out": the two that are noticed first."""
    said = [*list_changes(old, new), *list_merits(new, outfit)]
    return capfirst(", ".join(said[:2])) or term(new.type, "type")


def list_changes(old: Candidate, new: Candidate) -> Iterator[str]:
    if new.water_resistant != old.water_resistant:
        yield _("keeps rain out") if new.water_resistant else _("not for rain")
    if new.formality != old.formality:
        yield _("dressier") if new.formality > old.formality else _("plainer")
    if abs(new.clo - old.clo) >= SEEN_CLO:
        yield _("warmer") if new.clo > old.clo else _("cooler")


def list_merits(new: Candidate, outfit: Worn) -> Iterator[str]:
    if new.last_worn_on is None:
        yield _("not worn yet")
    elif (days := (outfit.context.today - new.last_worn_on).days) >= LONG_AGO_DAYS:
        yield ngettext("not worn for %(days)d day", "not worn for %(days)d days", days) % {
            "days": days
        }
    if new.favourite:
        yield _("a favourite")
    if colour := outfit.garments[new.id].main_colour:
        yield within(term(colour, "colour"))


@transaction.atomic
def swap_piece(suggestion: Suggestion, *, old: UUID, new: UUID) -> None:
    """Put one garment in the place of another. The built-in voice says the outfit anew, and what the checks
    found is found anew. Raises NoSwapError for what is not among `list_alternatives`.
    """
    row = lock(suggestion)
    outfit = read_outfit(row)
    piece, chosen = outfit.find(old), outfit.context.find(str(new))
    if piece is None or chosen is None or chosen not in rank_rivals(outfit, piece):
        raise NoSwapError
    if outfit.breaks(piece, chosen):
        raise NoSwapError
    before = {name: getattr(row, name) for name in ("prose", "reasons", "missing", "checked")}
    worn = outfit.with_swap(piece, chosen)
    tell_anew(row, outfit, worn)
    row.swaps = [*row.swaps, {"out": str(old), "in": str(new), "before": before}]
    change_piece(row, old, new)
    tell_swaps(row)


@transaction.atomic
def undo_swap(suggestion: Suggestion) -> bool:
    """Take the last swap back, words and all; false where there is none, or its piece is gone."""
    row = lock(suggestion)
    if not row.swaps:
        return False
    *rest, last = row.swaps
    owned = Garment.objects.worn_by(row.owner).filter(pk=last["out"])
    if not owned.exists() or not row.pieces.filter(garment=last["in"]).exists():
        return False
    for name, value in last["before"].items():
        setattr(row, name, value)
    row.swaps = rest
    change_piece(row, UUID(last["in"]), UUID(last["out"]))
    tell_swaps(row)
    return True


def lock(suggestion: Suggestion) -> Suggestion:
    """The row as it is now. What was said of an outfit holds of that one: it is withdrawn first.

    Raises NoSwapError.
    """
    rows = Suggestion.objects.select_for_update(of=("self",)).select_related("event", "owner")
    row = rows.get(pk=suggestion.pk)
    if row.verdict or row.status == Suggestion.Status.OPEN:
        raise NoSwapError
    return row


def change_piece(row: Suggestion, old: UUID, new: UUID) -> None:
    OutfitPiece.objects.filter(suggestion=row, garment=old).update(garment=new)
    row.save(update_fields=["swaps", "prose", "reasons", "missing", "checked"])
    enqueue_picture(row)


def tell_swaps(row: Suggestion) -> None:
    """Hand what its wearer changed of an outfit to the recorder, who learns from it."""
    record: Callable[[Suggestion], None] = import_string(settings.SWAP_RECORDER)
    record(row)


def tell_anew(row: Suggestion, outfit: Worn, worn: tuple[Candidate, ...]) -> None:
    context, comfort = outfit.context, read_comfort(outfit.context)
    told = Outfit(worn, outfit.missing, 0.0)
    row.prose = write_prose(told, context, comfort, tone=Parameters().tone)
    row.reasons = explain_outfit(told, context, comfort)
    faults = check_outfit(context, pairs_of(worn), outfit.missing, row.prose)
    row.checked = {
        **describe_former(row.checked),
        "judged": judge_outfit(worn, context).to_json(),
        "faults": sorted({fault.code for fault in faults}),
        "withheld": 0,
        "language": context.language,
    }


def describe_former(checked: dict[str, Any]) -> dict[str, Any]:
    return {"held_back": checked.get("held_back", 0)}
