"""The admin's lists behind figures: each link opens a list whose count is the figure."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from monitoring.figures.reading import Period
from registry.calls.finding import Who
from registry.calls.links import prepare_links

VIEW_CALLS = "registry.view_inferencecall"
VIEW_PHOTOS = "wardrobe.view_photo"


def link_calls(*, period: Period | None = None, **filters: Any) -> str:
    """Calls that somebody waited for, by when they ended: from the period's start on and before its end.

    `filters` are those of `link_to_calls`.
    """
    return prepare_call_links(period=period, **filters)()


def prepare_call_links(*, period: Period | None = None, **common: Any) -> Callable[..., str]:
    """`link_calls` for many lists that have some filters in common."""
    since, until = (period.since, period.until) if period else (None, None)
    return prepare_links(who=Who.PEOPLE, since=since, until=until, **common)


def link_list(model: str, **chosen: str) -> str:
    """The list of a model, as `app_model`, filtered by what is not blank."""
    query = urlencode({name: value for name, value in chosen.items() if value})
    page = reverse(f"admin:{model}_changelist")
    return f"{page}?{query}" if query else page


def link_row(model: str, key: object) -> str:
    return reverse(f"admin:{model}_change", args=[key])
