"""The address of the list of calls behind a figure."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse


def link_to_calls(**filters: Any) -> str:
    """What `registry.calls.forms.CallFilterForm` reads: `task`, `version` (primary key), `engine`, `outcome`,
    `error`, `violation`, `seen`, `slower`, `since`, `until`, `who` and `q`. Those that are None or blank are left out."""
    return prepare_links()(**filters)


def prepare_links(**common: Any) -> Callable[..., str]:
    """`link_to_calls` for many lists that have some filters in common: looking the page up takes longest."""
    page, held = reverse("admin:registry_inferencecall_changelist"), write_query(common)

    def link(**filters: Any) -> str:
        query = "&".join(part for part in (held, write_query(filters)) if part)
        return f"{page}?{query}" if query else page

    return link


def write_query(filters: Mapping[str, Any]) -> str:
    return urlencode(
        {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in filters.items()
            if value not in {None, ""}
        }
    )
