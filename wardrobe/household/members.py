"""Who is in a household: founding one, leaving it, handing it over, dissolving it."""

from collections.abc import Collection

from django.db import transaction

from accounts.models import User
from wardrobe.models import Care, Household, LoanRequest, Member, ShelfShare

MOST_MEMBERS = 12
"""A family and its grown children; what is shared with more people than one can name is published."""


class InHouseholdError(Exception):
    """They are in a household already: one is left before another is joined."""


class FullError(Exception):
    """There are MOST_MEMBERS in it."""


class ChangedError(Exception):
    """Meanwhile it was dissolved, is somebody else's, or somebody whom it is about has left it."""


class OwnerStaysError(Exception):
    """Whoever owns a household hands it over, or dissolves it, before they leave others behind."""


def find_member(user: User) -> Member | None:
    return Member.objects.select_related("household").filter(user=user).first()


@transaction.atomic
def found_household(user: User, *, name: str, called: str) -> Member:
    """`called` is what the others will call them. Raises InHouseholdError."""
    lock_user(user)
    if find_member(user):
        raise InHouseholdError
    household = Household.objects.create(name=name)
    return Member.objects.create(user=user, household=household, name=called, is_owner=True)


def lock_user(user: User) -> None:
    """Two tabs of one person come one after the other."""
    User.objects.select_for_update().get(pk=user.pk)


def lock_household(household: Household) -> None:
    """Raises ChangedError."""
    if not Household.objects.select_for_update().filter(pk=household.pk).exists():
        raise ChangedError


def look_again(member: Member, *, is_owner: bool | None = None) -> Member:
    """As they are now, behind the lock: who looked before it may have seen another household. Raises ChangedError, where
    they own it no more, too, if that `is_owner` is asked."""
    row = Member.objects.filter(pk=member.pk, household=member.household_id).first()
    if row is None or is_owner not in {None, row.is_owner}:
        raise ChangedError
    return row


@transaction.atomic
def leave(member: Member) -> None:
    """They see nothing of the others any more, nor these of them; their shelves stay theirs alone. Of an owner who is
    alone the household goes. Raises ChangedError, OwnerStaysError.
    """
    household = member.household
    lock_household(household)
    member = look_again(member)
    if member.is_owner and household.members.exclude(pk=member.pk).exists():
        raise OwnerStaysError
    part([member])
    if member.is_owner:
        household.delete()


@transaction.atomic
def remove_member(member: Member) -> None:
    """By the owner. Raises ChangedError."""
    lock_household(member.household)
    part([look_again(member, is_owner=False)])


@transaction.atomic
def dissolve(owner: Member) -> None:
    """Raises ChangedError."""
    household = owner.household
    lock_household(household)
    look_again(owner, is_owner=True)
    part(list(household.members.all()))
    household.delete()


@transaction.atomic
def hand_over(owner: Member, to: Member) -> None:
    """Both stay; the other one invites and removes from now on. Raises ChangedError."""
    lock_household(owner.household)
    look_again(owner, is_owner=True)
    look_again(to, is_owner=False)
    Member.objects.filter(pk=owner.pk).update(is_owner=False)
    Member.objects.filter(pk=to.pk).update(is_owner=True)


def part(members: Collection[Member]) -> None:
    """Nothing is shared with them and nothing of theirs is shared, or asked for, any more. What is lent stays lent, in
    its owner's log."""
    users = [member.user_id for member in members]
    ShelfShare.objects.filter(shelf__owner__in=users).delete()
    LoanRequest.objects.filter(garment__owner__in=users).delete()
    Member.objects.filter(pk__in=[member.pk for member in members]).delete()


@transaction.atomic
def let_go(user: User) -> None:
    """Before an account is deleted: the household passes to whoever joined first after them, and nobody's log names them."""
    Care.objects.filter(borrower=user).update(borrower=None, whom="")
    member = find_member(user)
    if member is None:
        return
    try:
        lock_household(member.household)
        member = look_again(member)
    except ChangedError:  # They are out of it by now.
        return
    others = member.household.members.exclude(pk=member.pk)
    heir = others.order_by("joined_at", "pk").first()
    part([member])
    if heir is None:
        member.household.delete()
    elif member.is_owner:
        Member.objects.filter(pk=heir.pk).update(is_owner=True)
