"""Invitations: a link for one person, for a week. It is signed, so that nothing has to be kept of it."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.outside.mail import send_letter
from wardrobe.household.members import (
    MOST_MEMBERS,
    ChangedError,
    FullError,
    InHouseholdError,
    find_member,
    lock_household,
    lock_user,
    look_again,
)
from wardrobe.models import Invitation, Member

SALT = "wardrobe.household.invitation"
VALID_FOR = timedelta(days=7)
MOST_OPEN = 10
MOST_A_DAY = 10
"""Made by one person in 24 hours, used and taken back ones too: so many mails they can set going."""


class TooManyInvitationsError(Exception):
    """MOST_OPEN are open, or MOST_A_DAY were made."""


class GoneError(Exception):
    """The invitation was used, taken back, or is over."""


@transaction.atomic
def invite(owner: Member, *, email: str = "") -> Invitation:
    """Raises ChangedError, FullError, TooManyInvitationsError. Whether there is an account with that email is not looked up."""
    household = owner.household
    lock_household(household)
    look_again(owner, is_owner=True)
    if household.members.count() >= MOST_MEMBERS:
        raise FullError
    since = timezone.now() - timedelta(days=1)
    made = Invitation.objects.filter(made_by=owner.user, created_at__gt=since).count()
    if made >= MOST_A_DAY or household.invitations.open().count() >= MOST_OPEN:
        raise TooManyInvitationsError
    return Invitation.objects.create(
        household=household,
        made_by=owner.user,
        sent_to=email,
        expires_at=timezone.now() + VALID_FOR,
    )


def mail_invitation(invitation: Invitation, *, by: str) -> bool:
    """False where no mail could be sent: the link is there to be passed on by hand."""
    return send_letter(
        invitation.sent_to,
        "wardrobe/mail/invitation.txt",
        subject=_("An invitation to a household on Dresscode"),
        by=by,
        household=invitation.household.name,
        link=make_link(invitation),
        expires_at=invitation.expires_at,
    )


def make_link(invitation: Invitation) -> str:
    """Its whole address. The same as often as it is asked for."""
    token = signing.Signer(salt=SALT).sign(invitation.pk.hex)
    return settings.SITE_URL + reverse("wardrobe:household-join", args=[token])


def read_link(token: str) -> Invitation | None:
    """The invitation, if the link is ours and still good."""
    try:
        key = UUID(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return Invitation.objects.open().select_related("household").filter(pk=key).first()


@transaction.atomic
def accept(invitation: Invitation, user: User, *, called: str) -> Member:
    """They are a member from now on, and see what is shared with them later: until then, nothing.

    Raises GoneError, FullError, InHouseholdError.
    """
    lock_user(user)
    lock_household_of(invitation)
    if find_member(user):
        raise InHouseholdError
    if invitation.household.members.count() >= MOST_MEMBERS:
        raise FullError
    used = Invitation.objects.open().filter(pk=invitation.pk)
    if not used.update(used_at=timezone.now(), sent_to=""):
        raise GoneError
    return Member.objects.create(user=user, household=invitation.household, name=called)


def lock_household_of(invitation: Invitation) -> None:
    """Raises GoneError where it was dissolved meanwhile."""
    try:
        lock_household(invitation.household)
    except ChangedError:
        raise GoneError from None


def revoke(invitation: Invitation) -> None:
    Invitation.objects.open().filter(pk=invitation.pk).update(revoked_at=timezone.now(), sent_to="")


def delete_old() -> int:
    """Used, revoked and lapsed invitations go a day after: until then they count against how many one may make."""
    limit = timezone.now() - timedelta(days=1)
    old = Invitation.objects.filter(created_at__lt=limit).exclude(
        pk__in=Invitation.objects.open().values("pk")
    )
    deleted, _kinds = old.delete()
    return deleted
