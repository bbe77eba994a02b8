"""The admin's lists behind figures: each link opens a list whose count is the figure."""

from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from monitoring.figures.reading import Period

VIEW_CALLS = "registry.view_inferencecall"
PEOPLE = "people"


def link_calls(
    *,
    period: Period | None = None,
    task: str = "",
    version_id: int | None = None,
    engine: str = "",
    outcome: str = "",
    violation: str = "",
    seen: str = "",
) -> str:
    """Calls that somebody waited for, by when they ended: from the period's start on and before its end.

    `outcome` is succeeded, failed, stopped or running; `seen` is shown or withheld. Blank and None are all.
    """
    chosen = {
        "task": task,
        "version": "" if version_id is None else str(version_id),
        "engine": engine,
        "outcome": outcome,
        "violation": violation,
        "seen": seen,
        "who": PEOPLE,
        "since": say_iso(period.since) if period else "",
        "until": say_iso(period.until) if period else "",
    }
    return link_list("registry_inferencecall", **chosen)


def link_list(model: str, **chosen: str) -> str:
    """The list of a model, as `app_model`, filtered by what is not blank."""
    query = urlencode({name: value for name, value in chosen.items() if value})
    page = reverse(f"admin:{model}_changelist")
    return f"{page}?{query}" if query else page


def link_row(model: str, key: object) -> str:
    return reverse(f"admin:{model}_change", args=[key])


def say_iso(moment: datetime) -> str:
    return moment.isoformat()
