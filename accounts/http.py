"""Requests as our views see them: signed in, and perhaps from htmx."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from accounts.models import User

NEXT = "next"
"""Where a form or a link leads on to: a page of ours, by its path."""


class HtmxHttpRequest(HttpRequest):
    htmx: HtmxDetails


class AuthenticatedHttpRequest(HtmxHttpRequest):
    """Behind `login_required`: the user is a person."""

    user: User


def wants_partial(request: HtmxHttpRequest) -> bool:
    """htmx asks for a part; when it restores history it asks for the whole page."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def read_next(request: HttpRequest) -> str:
    """The page of ours that the form or the link names; empty without one."""
    wanted = request.POST.get(NEXT, request.GET.get(NEXT, ""))
    is_ours = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours and "/" in wanted else ""


def read_key(text: str) -> UUID | None:
    """A key as somebody sent it; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def read_moment(text: str) -> datetime | None:
    """A moment with its zone, such as "2026-11-23T09:05:00+00:00"; None for what is none, or of no zone."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
