"""What an operator sends to move an alias, to try a version, or to ask what stood there."""

from typing import cast

from django import forms

from registry.models import Deployment, Prompt, PromptVersion


class RollbackForm(forms.Form):
    """A version that was live, the reason, and the epoch that the operator was looking at."""

    to_version = forms.ModelChoiceField(PromptVersion.objects.none())
    reason = forms.CharField(
        label="Reason, for the log",
        max_length=500,
        error_messages={"required": "Say why, for those who read the history."},
    )
    expected_epoch = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    in_flight = forms.ChoiceField(choices=Deployment.InFlight, required=False)

    def clean_in_flight(self) -> str:
        return str(self.cleaned_data["in_flight"] or Deployment.InFlight.DRAIN)

    def __init__(self, *args: object, prompt: Prompt, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choice = cast("forms.ModelChoiceField[PromptVersion]", self.fields["to_version"])
        choice.queryset = PromptVersion.objects.once_live(prompt)


class PromoteForm(forms.Form):
    """The reason, the epoch that the operator was looking at, and whether to do without a pass."""

    reason = forms.CharField(
        label="Reason, for the log",
        max_length=500,
        error_messages={"required": "Say why, for those who read the history."},
    )
    expected_epoch = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    is_override = forms.BooleanField(required=False, label="Promote it although it has not passed")


class CanaryForm(forms.Form):
    """How many of a hundred wearers, why, and the epoch that the operator was looking at."""

    percent = forms.FloatField(
        label="Share of the wearers, in per cent",
        min_value=0.1,
        max_value=50,
        initial=10,
        error_messages={
            "required": "Say how many of a hundred wearers.",
            "invalid": "A number, such as 10.",
            "min_value": "At least 0.1 %%.",
            "max_value": "At most 50 %%: the others are what it is compared with.",
        },
    )
    reason = forms.CharField(
        label="Reason, for the log",
        max_length=500,
        error_messages={"required": "Say why, for those who read the history."},
    )
    expected_epoch = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class EndCanaryForm(forms.Form):
    """Why a canary is stopped or promoted, and the epoch that the operator was looking at."""

    reason = forms.CharField(
        max_length=500,
        error_messages={"required": "Say why, for those who read the history."},
    )
    expected_epoch = forms.IntegerField(min_value=1, required=False)


class MomentForm(forms.Form):
    """A moment, in the time zone of the page."""

    at = forms.DateTimeField(
        required=False,
        widget=forms.DateTimeInput({"class": "input", "type": "datetime-local", "step": "1"}),
        error_messages={"invalid": "Write a date and a time, such as 2026-11-23 14:05."},
    )
