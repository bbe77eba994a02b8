"""What was worn in the place of an outfit, and what could have been."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import F

from styling.models import Suggestion
from styling.services.pictures import list_garments
from wardrobe import vocabulary
from wardrobe.household.seeing import show_borrowed
from wardrobe.models import Garment, GarmentQuerySet

PER_PAGE = 24
MOST = 12
"""So many pieces are offered for another at first: those worn last, as they are the likeliest."""


@dataclass(frozen=True)
class Swap:
    """A piece of an outfit, or None for one besides, and pieces of the same slot that its wearer has."""

    piece: Garment | None
    others: Sequence[Garment]
    more: int = 0
    """How many are not among `others`, where these are the first few."""
    page: Page[Garment] | None = None
    """Of all of them, where all are asked for."""

    @property
    def slot(self) -> str:
        """What asks for all of them."""
        return self.piece.slot if self.piece else "besides"

    @property
    def anchor(self) -> str:
        """Where on the page it stands; several pieces may be of one slot."""
        return f"swap-{self.piece.pk if self.piece else 'besides'}"


def list_worn(suggestion: Suggestion) -> list[Garment]:
    """What was worn instead, or else the outfit as it was suggested, in the order of slots."""
    owner = suggestion.owner
    instead = Garment.objects.filter(worn_instead__suggestion=suggestion).select_related("photo")
    worn = show_borrowed(owner, list(instead.filter(pk__in=Garment.objects.seen_by(owner))))
    suggested = list_garments(suggestion)
    order = list(vocabulary.terms("slot"))
    return sorted(
        worn or suggested,
        key=lambda one: order.index(one.slot) if one.slot in order else len(order),
    )


def list_swaps(suggestion: Suggestion, *, all_of: str = "", number: str = "") -> list[Swap]:
    """For each piece its rivals, and last the pieces of slots that are empty; `all_of` one slot, or "besides", a page."""
    worn = list_worn(suggestion)
    theirs = (
        Garment.objects.for_owner(suggestion.owner).current().exclude(pk__in=[g.pk for g in worn])
    )
    swaps = [
        make_swap(piece, theirs.filter(slot=piece.slot), number if piece.slot == all_of else None)
        for piece in worn
    ]
    besides = theirs.exclude(slot__in=[piece.slot for piece in worn])
    return [*swaps, make_swap(None, besides, number if all_of == "besides" else None)]


def make_swap(piece: Garment | None, rivals: GarmentQuerySet, number: str | None) -> Swap:
    """The first few, or with a `number` that page of all."""
    latest = rivals.select_related("photo").order_by(F("last_worn_on").desc(nulls_last=True), "pk")
    if number is not None:
        page = Paginator(latest, PER_PAGE).get_page(number)
        return Swap(piece, list(page), page=page)
    others = list(latest[:MOST])
    return Swap(piece, others, rivals.count() - len(others))
