"""Browsers that have signed in to an account: a signed cookie says so, and their tries are counted by themselves.

So strangers who guess an account's password cannot keep its owner out. The cookie opens nothing, and is worth nothing
once the password is another one or all devices were signed out.
"""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.models import User

COOKIE = f"{settings.COOKIE_PREFIX}device"
SALT = "accounts.signin.devices"
YEAR_S = 365 * 24 * 3600
MOST_ACCOUNTS = 5


def read_cookie(request: HttpRequest) -> dict[str, Any]:
    """`id`, and for each account by primary key what proves it; empty for what we did not write."""
    try:
        known = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=YEAR_S)
    except signing.BadSignature:
        return {}
    return known if isinstance(known, dict) else {}


def prove(user: User) -> str:
    return user.get_session_auth_hash()[:32]


def find_device(request: HttpRequest, user: User | None) -> str:
    """The id of the browser where it has signed in to this account; else empty."""
    known = read_cookie(request)
    if user is None or known.get("accounts", {}).get(str(user.pk)) != prove(user):
        return ""
    return f"{known['id']}:{user.pk}"


def is_counted(request: HttpRequest, credentials: Any = None) -> bool:
    """For django-axes: whether the tries of this device are counted by themselves, so that it need not."""
    return getattr(request, "is_counted_device", False)


def remember_device(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    known = read_cookie(request)
    others = {key: proof for key, proof in known.get("accounts", {}).items() if key != str(user.pk)}
    newest = dict(list(others.items())[1 - MOST_ACCOUNTS :])
    value = {"id": known.get("id") or secrets.token_urlsafe(16)}
    value["accounts"] = {**newest, str(user.pk): prove(user)}
    response.set_cookie(
        COOKIE,
        signing.dumps(value, salt=SALT),
        max_age=YEAR_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
