"""What an operator sends to move an alias, to try a version, to set thresholds, or to ask what stood there."""

from collections.abc import Collection
from typing import Any, cast

from django import forms

from registry.models import Deployment, Prompt, PromptVersion
from registry.thresholds import Thresholds


class PercentField(forms.FloatField):
    """Typed in per cent, cleaned to a share from 0 to 1."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.NumberInput({"class": "input", "step": "0.1", "inputmode": "decimal"})
        super().__init__(
            min_value=0,
            max_value=100,
            widget=widget,
            error_messages={
                "required": "Write a number from 0 to 100.",
                "invalid": "Write a number from 0 to 100.",
                "min_value": "Write a number from 0 to 100.",
                "max_value": "Write a number from 0 to 100.",
            },
            **kwargs,
        )

    def clean(self, value: Any) -> float | None:
        percent = super().clean(value)
        return None if percent is None else round(percent / 100, 6)


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


class ThresholdsForm(forms.Form):
    """What a version must reach, in per cent, and why. Slices that have their own floor: one a line, `rain 93`."""

    accuracy = PercentField(label="Fields that must be right, in per cent")
    validity = PercentField(label="Answers that must be well-formed, in per cent")
    slice_floor = PercentField(label="Fields that must be right in each slice, in per cent")
    slice_floors = forms.CharField(
        label="Slices that have their own floor, one a line, such as: rain 93",
        required=False,
        widget=forms.Textarea({"class": "input", "rows": 4}),
    )
    reason = forms.CharField(
        label="Reason, for the log",
        max_length=500,
        widget=forms.TextInput({"class": "input"}),
        error_messages={"required": "Say why, for those who read the history."},
    )

    def __init__(self, *args: object, slices: Collection[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.slices = slices

    def clean_slice_floors(self) -> dict[str, float]:
        lines = [line for line in self.cleaned_data["slice_floors"].splitlines() if line.strip()]
        return dict(self.read_floor(line) for line in lines)

    def read_floor(self, line: str) -> tuple[str, float]:
        """Raises ValidationError for a slice that no example is in: its floor would hold nothing up."""
        name, _, percent = line.strip().rpartition(" ")
        if name not in self.slices:
            known = ", ".join(sorted(self.slices)) or "none"
            raise forms.ValidationError(f"No example is in “{name or line}”. Slices: {known}.")
        return name, cast("float", PercentField().clean(percent))

    def read_thresholds(self) -> Thresholds:
        names = ("accuracy", "validity", "slice_floor", "slice_floors")
        return Thresholds(**{name: self.cleaned_data[name] for name in names})


def write_thresholds(thresholds: Thresholds) -> dict[str, str]:
    """As the form shows them."""
    floors = thresholds.slice_floors.items()
    return {
        "accuracy": f"{100 * thresholds.accuracy:g}",
        "validity": f"{100 * thresholds.validity:g}",
        "slice_floor": f"{100 * thresholds.slice_floor:g}",
        "slice_floors": "\n".join(f"{name} {100 * floor:g}" for name, floor in floors),
    }
