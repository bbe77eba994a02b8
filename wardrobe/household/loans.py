"""Lending: asked for, lent, given back. What is lent is an entry of the piece's log (`wardrobe.services.care`)."""

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from wardrobe.household.shelves import may_borrow
from wardrobe.models import Care, Garment, LoanRequest, Member
from wardrobe.services.care import AllAwayError, bring_back, send_away, undo_care
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


@transaction.atomic
def take_again(garment: Garment, by: User, *, key: str) -> bool:
    """They give it back after all not: they have it again. False where they may not wear it any more, where it went
    elsewhere meanwhile, or where that was another day.
    """
    lock_garments([garment.pk])
    care = find_loans(garment, by).filter(pk=key, ended_on=garment.owner.today).first()
    if care is None or not may_borrow(by).filter(pk=garment.pk).exists():
        return False
    try:
        bring_back(care, is_back=False)
    except AllAwayError:
        return False
    return True


@transaction.atomic
def take_never(garment: Garment, by: User, *, key: str) -> bool:
    """They take it after all not: nothing of it is left in its log. False where that was another day, or where it is back."""
    lock_garments([garment.pk])
    care = find_loans(garment, by).filter(pk=key, ended_on=None, day=garment.owner.today).first()
    if care:
        undo_care(care)
    return care is not None


def find_loans(garment: Garment, user: User) -> QuerySet[Care]:
    """All that they had of it, and have."""
    lent = Care.objects.filter(garment=garment, borrower=user, kind=Care.Kind.LENT)
    return lent.select_related("garment__owner")


def find_loan(garment: Garment, user: User) -> Care | None:
    """What they have of it now."""
    return find_loans(garment, user).filter(ended_on=None).first()
