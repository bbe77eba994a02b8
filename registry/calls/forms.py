"""What the address of the list of calls asks for, validated."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.db.models import Q
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from registry.calls.finding import Outcome, Seen, Who, read_search
from registry.engines import engine_chain, name_engine
from registry.models import Deployment, PromptVersion
from registry.tasks import all_tasks

PAGE_FIELDS = ("older", "newer")
"""The call that a page goes on from; no field to fill in."""
IGNORED = {"_changelist_filters", "_popup", "_to_field"}
"""What Django's admin may add to the address of a list."""


class MomentInput(forms.DateTimeInput):
    """A native picker of date and time. Any moment that was asked for is shown in the page's time zone."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"step": "any", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        moment = value if isinstance(value, datetime) else read_moment(str(value or ""))
        if moment is None:
            return value or None
        if moment.tzinfo is not None:
            moment = localtime(moment).replace(tzinfo=None)
        return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


def read_moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


def moment_field(label: str) -> forms.DateTimeField:
    invalid = "Write a date and a time, such as 2026-11-28T14:05."
    return forms.DateTimeField(
        label=label, required=False, widget=MomentInput, error_messages={"invalid": invalid}
    )


def version_field(label: str, *, empty: str) -> "forms.ModelChoiceField[PromptVersion]":
    """Of no version until its queryset is set, as to those of `list_versions`."""
    return forms.ModelChoiceField(
        PromptVersion.objects.none(),
        label=label,
        required=False,
        empty_label=empty,
        error_messages={"invalid_choice": "There is no such version."},
    )


def choice_field(label: str, choices: Any, empty: str = "All") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", empty), *choices] if empty else choices,
        error_messages={"invalid_choice": "There is no “%(value)s” to choose."},
    )


def code_field(label: str, message: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=64,
        validators=[RegexValidator(r"\A[\w-]+\Z", message)],
    )


class CallFilterForm(forms.Form):
    """Each field may be left out. Its choices are read from no call."""

    q = forms.CharField(
        label="Search",
        required=False,
        max_length=80,
        widget=forms.TextInput({"type": "search", "placeholder": "photo:ID or a trace’s digits"}),
    )
    version = version_field("Version", empty="All")
    error = code_field("Error", "An error’s code is one word, such as engine_timeout.")
    violation = code_field("Broken rule", "A rule’s code is one word, such as unowned_item.")
    slower = forms.FloatField(
        label="Slower than, ms",
        required=False,
        min_value=0,
        error_messages={"invalid": "Write milliseconds, such as 3000."},
    )
    older = forms.UUIDField(required=False, widget=forms.HiddenInput)
    newer = forms.UUIDField(required=False, widget=forms.HiddenInput)
    since = moment_field("Ended from")
    until = moment_field("Ended before")

    field_order = [
        "q", "who", "task", "version", "engine", "outcome", "error", "violation", "seen",
        "slower", "since", "until",
    ]  # fmt: skip

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.fields |= {
            "task": choice_field("Task", [(name, name) for name in all_tasks()]),
            "engine": choice_field("Engine", [(one, name_engine(one)) for one in list_plain()]),
            "outcome": choice_field("Outcome", Outcome.choices),
            "seen": choice_field("Faults", Seen.choices, "Any"),
            "who": choice_field("Whose", Who.choices, empty=""),
        }
        self.order_fields(self.field_order)
        versions: Any = self.fields["version"]
        versions.queryset = list_versions(data.get("version", ""))
        for field in self.fields.values():
            field.widget.attrs |= {"class": "o-input o-input--short"}

    def clean(self) -> dict[str, Any]:
        known = {*self.fields, *IGNORED}
        if unknown := sorted(set(self.data) - known):
            raise forms.ValidationError(f"This list knows no {', '.join(unknown)}.")
        cleaned: dict[str, Any] = self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since >= until:
            self.add_error("until", "This is not after the beginning.")
        task, version = cleaned.get("task"), cleaned.get("version")
        if task and version and version.prompt.name != task:
            self.add_error("version", "That is a version of another task.")
        return cleaned

    def clean_q(self) -> Q | None:
        text: str = self.cleaned_data["q"].strip()
        if not text:
            return None
        found = read_search(text)
        if found is None:
            raise forms.ValidationError(
                "Search for what a call was made for, such as photo:ID, or for the digits of its trace, eight or more."
            )
        return found


def list_plain() -> list[str]:
    """The engines that answer themselves: a call names no other."""
    return [name for name in settings.INFERENCE_ENGINES if engine_chain(name) == (name,)]


def list_versions(chosen: str) -> Any:
    """Versions that were live, and the one that was chosen: a canary's or an evaluation's may never have been."""
    known = Q(pk__in=Deployment.objects.values("to_version"))
    if re.fullmatch(r"[0-9]{1,18}", chosen):
        known |= Q(pk=chosen)
    versions = PromptVersion.objects.filter(known).select_related("prompt").defer("bundle")
    return versions.order_by("prompt__name", "-number")
