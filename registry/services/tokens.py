"""Tokens of the HTTP API: made once, shown once, kept as digests.

A token is 256 random bits, so that a plain SHA-256 keeps it: there is nothing to guess, and a slow hash would
slow down every request.
"""

import hashlib
import secrets
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from registry.models import ApiToken
from telemetry.lines import log_move

PREFIX = "dresscode_"
"""So that people, and programs that look for secrets in repositories, see what it is."""

RANDOM_BYTES = 32
MAX_DAYS = 366
USE_SHOWN_AFTER = timedelta(minutes=1)


class NoOperatorError(PermissionError):
    """Tokens are for those who may sign in to the admin."""


def make_token(*, owner: "User", name: str, days: int) -> tuple[ApiToken, str]:
    """A new one, and its text, which can be shown now and never again.

    Raises NoOperatorError, and ValueError for a name that is blank or of more than 100 characters, and for
    less than one day or more than `MAX_DAYS`.
    """
    name = name.strip()
    if not 1 <= days <= MAX_DAYS:
        raise ValueError(f"A token is good for 1 to {MAX_DAYS} days")
    if not 1 <= len(name) <= 100:
        raise ValueError("A token has a name of 1 to 100 characters that says what it is for")
    if not (owner.is_active and owner.is_staff):
        raise NoOperatorError(f"{owner} may not sign in to the admin")
    text = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    token = ApiToken.objects.create(
        owner=owner, name=name, sha256=digest(text), expires_at=Now() + timedelta(days=days)
    )
    token.refresh_from_db()
    log_move("make_key", actor=owner, key=token.pk, days=days)
    return token, text


def find_token(text: str) -> ApiToken | None:
    """The valid one with this text; None for any other."""
    tokens = ApiToken.objects.valid().select_related("owner")
    return tokens.filter(sha256=digest(text)).first()


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def note_use(token: ApiToken) -> None:
    """Say when it was used last, with one write a minute at most."""
    is_news = Q(last_used_at=None) | Q(last_used_at__lt=Now() - USE_SHOWN_AFTER)
    ApiToken.objects.filter(is_news, pk=token.pk).update(last_used_at=Now())


def revoke_token(token: ApiToken) -> bool:
    """From the next request on it opens nothing. False when it was revoked before."""
    open_ones = ApiToken.objects.filter(pk=token.pk, revoked_at=None)
    return bool(open_ones.update(revoked_at=Now()))
