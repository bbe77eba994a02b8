"""What the page on latency was asked for: a period, a task, two versions."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict

from monitoring.times.periods import PeriodForm
from registry.calls.forms import list_versions, version_field
from registry.tasks import all_tasks

SPANS = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "90d": timedelta(days=90),
}


class VersionsForm(PeriodForm):
    """A period, and two versions of a task to set side by side."""

    version = version_field("Version", empty="Live")
    against = version_field("Compare with", empty="None")

    def __init__(self, data: QueryDict, *, now: datetime) -> None:
        super().__init__(data, now=now)
        fields: Any = self.fields
        for name in ("version", "against"):
            fields[name].queryset = list_versions(data.get(name, ""))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        version, against = cleaned.get("version"), cleaned.get("against")
        if against and not version:
            self.add_error("version", "Choose the version to compare it with.")
        if version and against and version.prompt_id != against.prompt_id:
            self.add_error("against", "That is a version of another task.")
        return cleaned


class LatencyForm(VersionsForm):
    spans = SPANS
    default_span = "24h"

    task = forms.ChoiceField(required=False)

    field_order = ["since", "until", "task", "version", "against"]

    def __init__(self, data: QueryDict, *, now: datetime) -> None:
        super().__init__(data, now=now)
        fields: Any = self.fields
        fields["task"].choices = [("", "All"), *((name, name) for name in all_tasks())]
        fields["task"].error_messages["invalid_choice"] = "There is no such task."
