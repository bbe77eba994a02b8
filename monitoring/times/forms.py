"""What the page on latency was asked for: a period, a task, two versions."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict

from monitoring.figures.reading import Period
from registry.calls.forms import list_versions, moment_field, version_field
from registry.tasks import all_tasks

SPANS = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "90d": timedelta(days=90),
}
DEFAULT_SPAN = "24h"
SHORTEST = timedelta(minutes=5)
FIRST_YEAR = 2000


class LatencyForm(forms.Form):
    """Without a beginning the period is a `span`; without an end it reaches to now."""

    since = moment_field("From")
    until = moment_field("To")
    task = forms.ChoiceField(required=False)
    version = version_field("Version", empty="Live")
    against = version_field("Compare with", empty="None")

    def __init__(self, data: QueryDict, *, now: datetime) -> None:
        super().__init__(data)
        self.now = now
        fields: Any = self.fields
        fields["task"].choices = [("", "All"), *((name, name) for name in all_tasks())]
        fields["task"].error_messages["invalid_choice"] = "There is no such task."
        for name in ("version", "against"):
            fields[name].queryset = list_versions(data.get(name, ""))
        for field in fields.values():
            field.widget.attrs |= {"class": "o-input o-input--short"}

    @property
    def span(self) -> str:
        """The name of the period, unless it was given by its ends."""
        if self.data.get("since") or self.data.get("until"):
            return ""
        span = str(self.data.get("span", ""))
        return span if span in SPANS else DEFAULT_SPAN

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until") or self.now
        if since and (since.year < FIRST_YEAR or since > self.now):
            self.add_error("since", "Nothing was counted then.")
        elif since and min(until, self.now) - since < SHORTEST:
            self.add_error("until", "That is shorter than 5 minutes.")
        elif cleaned.get("until") and not since and "since" not in self.errors:
            self.add_error("since", "Say from when.")
        version, against = cleaned.get("version"), cleaned.get("against")
        if against and not version:
            self.add_error("version", "Choose the version to compare it with.")
        if version and against and version.prompt_id != against.prompt_id:
            self.add_error("against", "That is a version of another task.")
        return cleaned

    def read_period(self) -> Period:
        """What was asked for, if it makes sense; else the usual one."""
        if self.is_valid() and (since := self.cleaned_data["since"]):
            return Period(since, min(self.cleaned_data["until"] or self.now, self.now))
        return Period(self.now - SPANS[self.span or DEFAULT_SPAN], self.now)
