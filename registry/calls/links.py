"""The address of the list of calls behind a figure."""

from datetime import datetime
from typing import Any

from django.urls import reverse


def link_to_calls(**filters: Any) -> str:
    """What `registry.calls.forms.CallFilterForm` reads: `task`, `version` (primary key), `engine`, `outcome`,
    `error`, `violation`, `seen`, `since`, `until`, `who` and `q`. Those that are None or blank are left out."""
    query = {
        name: value.isoformat() if isinstance(value, datetime) else str(value)
        for name, value in filters.items()
        if value not in {None, ""}
    }
    return reverse("admin:registry_inferencecall_changelist", query=query)
