"""Whose a session is, where Django's middleware does not ask: of a websocket when it opens and while it is open, and of a
large body before it comes.

As `django.contrib.auth.get_user` would find them, but nothing is written, since no answer would bring the browser a new
cookie: a session whose password has changed is nobody's, and the next page ends it; one that an earlier SECRET_KEY signed
is its user's, and the next page gives it a new key. Two statements that are written already: Django writing their SQL took
as long as all the rest.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import User

SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
FIELDS = ("id", "password", "is_active", "signed_out_at")
"""All that is asked here; of the other fields this user knows nothing yet."""
USER = f"SELECT {', '.join(FIELDS)} FROM accounts_user WHERE id = %s"  # noqa: S608 - names of ours


def find_wearer(session_key: str | None) -> User | AnonymousUser:
    """The user of a session that has not ended, who may sign in and has the same password still."""
    session = read_session(session_key)
    is_known = session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
    user = read_user(session[SESSION_KEY]) if is_known and SESSION_KEY in session else None
    said = session.get(HASH_SESSION_KEY)
    if user is None or not said:
        return AnonymousUser()
    valid = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    is_theirs = any(constant_time_compare(said, one) for one in valid)
    return user if is_theirs else AnonymousUser()


def read_session(key: str | None) -> dict[str, Any]:
    """Empty of one that there is not. A cookie may hold a NUL, which PostgreSQL takes in no text."""
    if not key or "\0" in key:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(SESSION, [key, timezone.now()])
        row = cursor.fetchone()
    return dict(SessionStore(key).decode(row[0])) if row else {}


def read_user(key: str) -> User | None:
    """None for an account that is closed."""
    with connection.cursor() as cursor:
        cursor.execute(USER, [User._meta.pk.to_python(key)])
        row = cursor.fetchone()
    user = User.from_db(connection.alias, FIELDS, row) if row else None
    return user if user and user.is_active else None
