"""Shelves: made, filled, shared. What is taken back is gone for the others with the next thing they look at."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db import transaction

from accounts.models import User
from wardrobe.household.members import lock_user
from wardrobe.models import (
    Garment,
    GarmentQuerySet,
    LoanRequest,
    Member,
    Shelf,
    ShelfPiece,
    ShelfShare,
)

MOST_SHELVES = 20
MOST_PIECES = 300
NOTHING, LOOK, WEAR = "", "look", "wear"
"""What a member may do with a shelf."""


class TooManyShelvesError(Exception):
    """They have MOST_SHELVES."""


class ShelfFullError(Exception):
    """There are MOST_PIECES on it."""


@transaction.atomic
def make_shelf(owner: User, *, name: str) -> Shelf:
    """Nobody else sees it before it is shared. Raises TooManyShelvesError."""
    lock_user(owner)
    if Shelf.objects.for_owner(owner).count() >= MOST_SHELVES:
        raise TooManyShelvesError
    return Shelf.objects.create(owner=owner, name=name)


@transaction.atomic
def put_on_shelf(shelf: Shelf, garments: Sequence[Garment]) -> list[Garment]:
    """Answers with those that are new there; garments of others are left out. Raises ShelfFullError."""
    Shelf.objects.select_for_update().get(pk=shelf.pk)
    there = {*shelf.pieces.values_list("garment", flat=True)}
    new = [one for one in garments if one.owner_id == shelf.owner_id and one.pk not in there]
    if len(there) + len(new) > MOST_PIECES:
        raise ShelfFullError
    ShelfPiece.objects.bulk_create(
        [ShelfPiece(shelf=shelf, garment=garment) for garment in new], ignore_conflicts=True
    )
    return new


@transaction.atomic
def take_off(shelf: Shelf, keys: Collection[UUID]) -> int:
    """Nobody of the household sees them any more, unless they lie on another shelf of theirs."""
    deleted, _ = shelf.pieces.filter(garment__in=keys).delete()
    drop_requests(shelf.owner)
    return deleted


@transaction.atomic
def share_shelf(shelf: Shelf, rights: Mapping[Member, str]) -> None:
    """Set what each member may: NOTHING, LOOK or WEAR. Who may not wear any more does not use it either."""
    for member, right in rights.items():
        share = ShelfShare.objects.filter(shelf=shelf, member=member)
        if right == NOTHING:
            share.delete()
        elif right == LOOK:
            ShelfShare.objects.update_or_create(
                shelf=shelf, member=member, defaults={"may_wear": False, "is_used": False}
            )
        else:
            ShelfShare.objects.update_or_create(
                shelf=shelf, member=member, defaults={"may_wear": True}
            )
    drop_requests(shelf.owner)


@transaction.atomic
def delete_shelf(shelf: Shelf) -> None:
    """Its pieces stay in their wardrobe."""
    owner = shelf.owner
    shelf.delete()
    drop_requests(owner)


def drop_requests(owner: User) -> None:
    """Whoever may not wear a piece any more does not ask for it any more."""
    for request in LoanRequest.objects.filter(garment__owner=owner).select_related("member__user"):
        if not may_borrow(request.member.user).filter(pk=request.garment_id).exists():
            request.delete()


def list_requests(owner: User) -> list[str]:
    """Who asks for which piece of theirs, as "member:garment"."""
    asked = LoanRequest.objects.filter(garment__owner=owner).order_by("pk")
    return [f"{member}:{garment}" for member, garment in asked.values_list("member", "garment")]


def list_ended(owner: User, asked: Collection[str]) -> list[str]:
    """Those of `list_requests` of before that are gone: what `ask_again` puts back."""
    there = {*list_requests(owner)}
    return [one for one in asked if one not in there]


def ask_again(owner: User, asked: Collection[str]) -> int:
    """Requests that an act ended are there again, of members who may wear the piece; answers with how many."""
    count = 0
    for text in asked:
        member_id, garment_id = text.split(":")
        member = Member.objects.select_related("user").filter(pk=member_id).first()
        pieces = may_borrow(member.user) if member else Garment.objects.none()
        if pieces.filter(pk=garment_id, owner=owner).exists():
            LoanRequest.objects.get_or_create(member=member, garment_id=garment_id)
            count += 1
    return count


def may_borrow(user: User) -> GarmentQuerySet:
    """The pieces of others that they may wear, whether their answers use them or not."""
    return Garment.objects.filter(
        pk__in=ShelfPiece.objects.filter(
            shelf__shares__member__user=user, shelf__shares__may_wear=True
        ).values("garment")
    )


def use_shelf(share: ShelfShare, *, is_used: bool) -> None:
    """The member's own word: their answers may have its pieces, or not. Only what they may wear can be used."""
    ShelfShare.objects.filter(pk=share.pk, may_wear=True).update(is_used=is_used)


def list_users(shelf: Shelf) -> set[int]:
    """The keys of members whose answers use it."""
    return {*shelf.shares.filter(is_used=True).values_list("member", flat=True)}


def use_again(shelf: Shelf, members: Collection[int]) -> None:
    """Those of the keys who may wear what lies there use it, as they did before."""
    shelf.shares.filter(may_wear=True, member__in=members).update(is_used=True)


def uses_shelves(user: User) -> bool:
    """Whether answers of theirs may have pieces of others."""
    return ShelfShare.objects.filter(member__user=user, may_wear=True, is_used=True).exists()
