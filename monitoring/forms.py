"""What an operator sends: a rule of alerts, a webhook, and until when to be silent."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from accounts.outside.addresses import ForbiddenAddressError, UnknownHostError, check_url
from monitoring.alerts.forecast import UnfitTrafficError, check_burn
from monitoring.alerts.measures import MEASURES
from monitoring.drift.windows import NOW, REFERENCE
from monitoring.figures.building import floor_to
from monitoring.models import AlertRule, WebhookEndpoint
from registry.calls.forms import moment_field
from registry.tasks import FAULT_NAMES, all_tasks
from wardrobe.services.upload_events import KEPT

Measure = AlertRule.Measure
WITH_CODE = {Measure.SHOWN, Measure.WITHHELD}
WITHOUT_TASK = {Measure.QUEUE, Measure.DRIFT, Measure.NEW_VALUE, Measure.PROBE}
MOST_BURN = 0.9
LONGEST_SILENCE = timedelta(days=90)
"""One that outlasts whoever knows of it hides what is new. Pages name its day without the year."""


class RuleForm(forms.ModelForm[AlertRule]):
    """`may_act`: whether who sends it may let a rule move versions."""

    class Meta:
        model = AlertRule
        fields = [
            "name",
            "measure",
            "code",
            "task",
            "objective",
            "compared_with",
            "factor",
            "min_bad",
            "window_minutes",
            "p_value",
            "for_minutes",
            "keep_minutes",
            "severity",
            "action",
            "action_delay_s",
            "is_enabled",
        ]

    def __init__(self, *args: Any, may_act: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may_act = may_act
        tasks = [(name, name) for name in all_tasks()]
        self.fields["task"] = forms.ChoiceField(
            label="Task", required=False, choices=[("", "Every task, a series each"), *tasks]
        )
        self.fields["compared_with"] = forms.ChoiceField(
            label="Compared with",
            required=False,
            choices=[("", "The allowed share"), *AlertRule.Yardstick.choices],
            help_text="Of all versions of the task.",
        )
        for field in self.fields.values():
            if not isinstance(field, forms.BooleanField):
                field.widget.attrs["class"] = "o-input"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        measure, action = cleaned.get("measure"), cleaned.get("action")
        if cleaned.get("code") and measure not in WITH_CODE:
            self.add_error("code", "Only rules that watch faults take the code of one.")
        elif code := cleaned.get("code"):
            self.check_code(code, cleaned.get("task", ""))
        if cleaned.get("task") and measure in WITHOUT_TASK:
            self.add_error("task", "This is about no task.")
        if cleaned.get("compared_with") and not (measure and MEASURES[measure].is_share):
            self.add_error("compared_with", "Only shares of calls are compared with others.")
        if measure == Measure.BURN and not self.errors:
            self.check_burn(cleaned)
        if action not in {None, AlertRule.Action.NONE}:
            if not self.may_act and "action" in self.changed_data:
                self.add_error("action", "Letting a rule act takes the right to roll back.")
            if measure and not MEASURES[measure].by_version:
                self.add_error("action", "This is about no version, so nothing can be taken back.")
        return cleaned

    def check_code(self, code: str, task: str) -> None:
        """A rule with a code that no check has would never fire, and look as if all were well."""
        asked = [one for one in all_tasks().values() if task in ("", one.name)]
        rules = sorted({name for one in asked for name in one.rule_names})
        if code not in rules and code not in FAULT_NAMES:
            known = f" There are {', '.join(rules)}." if rules else ""
            self.add_error("code", f"No check has this code.{known}")

    def check_burn(self, cleaned: dict[str, Any]) -> None:
        """A burn rate that could not be reached, whose false alarms nobody could state, or that this traffic does not allow."""
        if cleaned["factor"] * cleaned["objective"] > MOST_BURN:
            self.add_error("factor", "So many times the allowed share is all calls, or nearly all.")
        if cleaned["keep_minutes"] < cleaned["window_minutes"]:
            text = "Keep it open for its window at least, or its false alarms cannot be stated."
            self.add_error("keep_minutes", text)
        if self.errors:
            return
        try:
            check_burn(AlertRule(**cleaned))
        except UnfitTrafficError as error:
            self.add_error("measure", str(error))


class EndpointForm(forms.ModelForm[WebhookEndpoint]):
    class Meta:
        model = WebhookEndpoint
        fields = ["url", "is_enabled"]

    def clean_url(self) -> str:
        """Refused at once where it could never be asked; a name that is not known yet may be known later."""
        url: str = self.cleaned_data["url"]
        try:
            check_url(url, networks=settings.ALERT_WEBHOOK_NETWORKS)
        except ForbiddenAddressError as error:
            raise forms.ValidationError(f"Webhooks do not go there: {error}.") from error
        except UnknownHostError:
            pass
        return url


class SilenceForm(forms.Form):
    until = forms.DateTimeField(
        label="Silence until (UTC)",
        widget=forms.DateTimeInput({"type": "datetime-local", "class": "o-input"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        error_messages={
            "required": "Say until when.",
            "invalid": "Write a date and a time.",
        },
    )
    reason = forms.CharField(
        label="Why",
        max_length=200,
        widget=forms.TextInput({"class": "o-input"}),
        error_messages={"required": "Say why, for those who read the history."},
    )

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until <= timezone.now():
            raise forms.ValidationError("That has passed already.")
        if until > timezone.now() + LONGEST_SILENCE:
            raise forms.ValidationError(
                f"At most {LONGEST_SILENCE.days} days. Archive it until it is worse, or switch its rule off."
            )
        return until


class ComparisonForm(forms.Form):
    """Which days are to be compared with the 28 before them; whole hours, the last 7 days unless it is said."""

    since = moment_field("From")
    until = moment_field("To")

    SHORTEST, LONGEST = timedelta(days=1), timedelta(days=28)

    def __init__(self, data: Any = None, *, now: datetime) -> None:
        self.now = floor_to(now, timedelta(hours=1))
        super().__init__(data, initial={"since": self.now - NOW, "until": self.now})
        for field in self.fields.values():
            field.required = True
            field.widget.attrs |= {"class": "o-input o-input--short"}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since is None or until is None:
            return cleaned
        hour = timedelta(hours=1)
        since, until = floor_to(since, hour), min(floor_to(until, hour), self.now)
        if since < self.now - KEPT + REFERENCE:
            self.add_error("since", "The 28 days before that are kept no longer.")
        elif not self.SHORTEST <= until - since <= self.LONGEST:
            self.add_error("until", "Choose between 1 and 28 days, none of them to come.")
        return cleaned | {"since": since, "until": until}
