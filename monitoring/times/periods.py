"""The period that a page of figures was asked for."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from monitoring.figures.reading import Period
from registry.calls.forms import moment_field

SHORTEST = timedelta(minutes=5)
FIRST_YEAR = 2000


class PeriodForm(forms.Form):
    """Without a beginning the period is a `span`; without an end it reaches to now."""

    spans: ClassVar[Mapping[str, timedelta]]
    default_span: ClassVar[str]

    since = moment_field("From")
    until = moment_field("To")

    def __init__(self, data: QueryDict, *, now: datetime) -> None:
        super().__init__(data)
        self.now = now
        for field in self.fields.values():
            field.widget.attrs |= {"class": "o-input o-input--short"}

    @property
    def span(self) -> str:
        """The name of the period, unless it was given by its ends."""
        if self.data.get("since") or self.data.get("until"):
            return ""
        span = str(self.data.get("span", ""))
        return span if span in self.spans else self.default_span

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until") or self.now
        if since and (since.year < FIRST_YEAR or since > self.now):
            self.add_error("since", "Nothing was counted then.")
        elif since and min(until, self.now) - since < SHORTEST:
            self.add_error("until", "That is shorter than 5 minutes.")
        elif cleaned.get("until") and not since and "since" not in self.errors:
            self.add_error("since", "Say from when.")
        return cleaned

    def read_period(self) -> Period:
        """What was asked for, if it makes sense; else the usual one."""
        if self.is_valid() and (since := self.cleaned_data["since"]):
            return Period(since, min(self.cleaned_data["until"] or self.now, self.now))
        return Period(self.now - self.spans[self.span or self.default_span], self.now)
