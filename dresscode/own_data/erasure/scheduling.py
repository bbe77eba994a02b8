"""A wearer's word that their account goes, a day later; signing in takes it back. A superuser's word holds at once."""

import hashlib
import secrets
from typing import Any

from django.contrib import messages
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dresscode.own_data.models import COOLING_OFF, Deletion
from feedback.leaving import OperatorStaysError
from telemetry.lines import log_move

KEPT = _("Welcome back. Your account stays: it was to be deleted, and signing in took that back.")


def schedule_deletion(user: User) -> tuple[Deletion, str]:
    """The account goes in a day; every session of it ends now. Answers with what opens its receipt.

    Raises OperatorStaysError.
    """
    return make_deletion(user, due_at=timezone.now() + COOLING_OFF)


@transaction.atomic
def delete_by_superuser(user: User, *, by: User) -> tuple[Deletion, str]:
    """The account is closed now and goes with the next job. Raises OperatorStaysError."""
    made = make_deletion(user, due_at=timezone.now(), by=by)
    User.objects.filter(pk=user.pk).update(is_active=False)
    return made


@transaction.atomic
def make_deletion(user: User, **fields: Any) -> tuple[Deletion, str]:
    """A word that was said before is taken back by this one."""
    if user.is_staff:
        raise OperatorStaysError
    token = secrets.token_urlsafe(32)
    Deletion.objects.open().filter(user=user).update(cancelled_at=Now())
    try:
        with transaction.atomic():
            deletion = Deletion.objects.create(
                user=user,
                owner_key=user.pk,
                email=user.email,
                token_sha256=hash_token(token),
                **fields,
            )
    except IntegrityError:  # Said twice at the same moment: the other one stands.
        Deletion.objects.open().filter(user=user).update(token_sha256=hash_token(token))
        deletion = Deletion.objects.open().get(user=user)
    end_sessions(user.pk)
    log_move("ask_for_deletion", actor=fields.get("by") or user, deletion=deletion.pk.hex)
    return deletion, token


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find_by_token(token: str) -> Deletion | None:
    return Deletion.objects.filter(token_sha256=hash_token(token)).first()


def cancel_deletion(user: User) -> bool:
    """The owner changed their mind; False where there is nothing to take back. A superuser's word stands."""
    own = Deletion.objects.open().filter(user=user, by=None, rows_deleted_at=None)
    return bool(own.update(cancelled_at=Now(), email=""))


def keep_who_signs_in(sender: object, request: HttpRequest, user: User, **signal: Any) -> None:
    """Called at each sign-in."""
    if cancel_deletion(user):
        messages.success(request, KEPT, fail_silently=True)


def end_sessions(owner_key: int) -> int:
    """Every session of an account; answers with how many. Sessions name their account inside alone, so all are read."""
    ended = [
        session.pk
        for session in Session.objects.iterator()
        if session.get_decoded().get("_auth_user_id") == str(owner_key)
    ]
    Session.objects.filter(pk__in=ended).delete()
    return len(ended)
