"""Lending: asked for, lent, given back. What is lent is an entry of the piece's log (`wardrobe.services.care`)."""

from django.db import transaction

from accounts.models import User
from wardrobe.household.shelves import may_borrow
from wardrobe.models import Care, Garment, LoanRequest, Member
from wardrobe.services.care import bring_back, send_away
from wardrobe.services.wears import lock_garments


class NotSharedError(Exception):
    """The piece is not on a shelf that they may wear."""


@transaction.atomic
def ask_for(garment: Garment, by: Member) -> Care | None:
    """The loan, where its owner lends without being asked; else None, and the owner is asked. Twice is once.

    Raises NotSharedError, AllAwayError.
    """
    lock_garments([garment.pk])
    if not may_borrow(by.user).filter(pk=garment.pk, status=Garment.Status.READY).exists():
        raise NotSharedError
    if find_loan(garment, by.user):
        return find_loan(garment, by.user)
    owner = Member.objects.get(user=garment.owner_id)
    if not owner.asks_first:
        return lend(garment, to=by)
    LoanRequest.objects.get_or_create(garment=garment, member=by)
    return None


@transaction.atomic
def lend(garment: Garment, *, to: Member) -> Care:
    """Into the log of the piece, and its owner's answers go without it. Raises AllAwayError."""
    care = send_away(garment, kind=Care.Kind.LENT, whom=to.name, borrower=to.user)
    LoanRequest.objects.filter(garment=garment, member=to).delete()
    return care


def give_back(garment: Garment, by: User) -> Care | None:
    """By whoever has it; None where they have it no more."""
    care = find_loan(garment, by)
    if care:
        bring_back(care)
    return care


def find_loan(garment: Garment, user: User) -> Care | None:
    """What they have of it now."""
    lent = Care.objects.away().filter(garment=garment, borrower=user, kind=Care.Kind.LENT)
    return lent.select_related("garment__owner").first()
