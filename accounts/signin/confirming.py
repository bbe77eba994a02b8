"""That an email is somebody's own: the link in a mail says it. Only where mail is sent (`CONFIRM_EMAIL`)."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.db.models.functions import Now
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import get_language

from accounts.models import User
from accounts.signin.notices import send

SALT = "accounts.signin.confirming"
LINK_LASTS = timedelta(days=3)
KEPT = timedelta(days=7)
"""Accounts that nobody confirmed go after so long: their email is somebody else's, or misspelt."""


def begin(*, email: str, password: str, first_name: str, time_zone: str) -> None:
    """A new wearer who may sign in once the mail's link was followed.

    Where there is an account, confirmed or not, its password stays, and the mail offers to set a new one: so a link in
    a mail never confirms a password that somebody else chose. Either way one mail is sent and one password hashed, and
    nobody is told which.
    """
    known = User.objects.filter(email__iexact=email).first()
    if known is not None:
        make_password(password)
        write(known, "registration/known_email")
        return
    fields = {
        "first_name": first_name,
        "time_zone": time_zone,
        "browser_language": get_language() or "",
        "awaits_confirmation": True,
    }
    wearer = User.objects.create_user(email, password, **fields)
    write(wearer, "registration/confirm_email")


def write(user: User, template: str) -> bool:
    """Send one of the two mails. False where it cannot be sent."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return send(user, template, key=make_key(user), uid=uid, token=token)


def make_key(user: User) -> str:
    return signing.dumps([user.pk, user.email], salt=SALT)


def read_key(key: str) -> User | None:
    """Whose email a link confirms; None for one that is worn out, was confirmed, or is not ours."""
    try:
        pk, email = signing.loads(key, salt=SALT, max_age=LINK_LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return User.objects.filter(pk=pk, email=email, awaits_confirmation=True).first()


def confirm(user: User) -> None:
    user.awaits_confirmation = False
    user.save(update_fields=["awaits_confirmation"])


def delete_unconfirmed() -> int:
    """Remove the accounts that nobody confirmed; returns how many."""
    old = User.objects.filter(awaits_confirmation=True, date_joined__lt=Now() - KEPT)
    deleted, _ = old.filter(is_staff=False, is_superuser=False).delete()
    return deleted
