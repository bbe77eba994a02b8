"""What an operator sends to write a version, to try it, to move an alias, to set thresholds, or to look back."""

from collections import Counter
from collections.abc import Callable, Collection
from typing import Any, cast

from django import forms
from django.conf import settings as site

from registry.evaluation import playground
from registry.evaluation.datasets import list_current_examples
from registry.evaluation.playground import PlaygroundQuestion
from registry.evaluation.thresholds import Thresholds
from registry.models import Deployment, Prompt, PromptVersion
from registry.prompts import authoring
from registry.prompts.authoring import UnknownVariableError
from registry.prompts.bundles import Bundle
from registry.prompts.files import (
    MAX_CHARACTERS,
    PromptFileError,
    check_settings,
    make_bundle,
    parse_template,
    parse_toml,
    write_settings,
)
from registry.tasks import get_task

SOURCE = {"class": "input mono source", "spellcheck": "false", "rows": 8}


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
    """A version that was live, the reason, and the epoch that the operator was looking at; why it comes again where it was
    taken back, and whether to do without a pass."""

    to_version = forms.ModelChoiceField(
        PromptVersion.objects.none(),
        error_messages={
            "required": "Choose a version.",
            "invalid_choice": "That version is live by now, or never was. See what is live, and choose again.",
        },
    )
    reason = forms.CharField(
        label="Reason, for the log",
        max_length=500,
        error_messages={"required": "Say why, for those who read the history."},
    )
    expected_epoch = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    in_flight = forms.ChoiceField(choices=Deployment.InFlight, required=False)
    again_reason = forms.CharField(required=False, max_length=500)
    is_override = forms.BooleanField(required=False)

    def clean_in_flight(self) -> str:
        return str(self.cleaned_data["in_flight"] or Deployment.InFlight.DRAIN)

    def __init__(self, *args: object, prompt: Prompt, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choice = cast("forms.ModelChoiceField[PromptVersion]", self.fields["to_version"])
        choice.queryset = PromptVersion.objects.once_live(prompt)


class PromoteForm(forms.Form):
    """The reason, the epoch that the operator was looking at, and whether to do without a pass; why it comes again where it
    was taken back, and that it may go live though its canary could not tell."""

    reason = forms.CharField(
        label="Reason, for the log",
        max_length=500,
        error_messages={"required": "Say why, for those who read the history."},
    )
    expected_epoch = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    is_override = forms.BooleanField(required=False, label="Promote it although it has not passed")
    again_reason = forms.CharField(
        required=False, max_length=500, label="Why it may answer again, for the log"
    )
    confirm = forms.BooleanField(
        required=False, label="Promote it although its canary is too small to tell"
    )


class ArchiveForm(forms.Form):
    """Why a draft is put away."""

    reason = forms.CharField(
        label="Reason, for the log",
        max_length=500,
        error_messages={"required": "Say why, for those who read the history."},
    )


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
    confirm = forms.BooleanField(required=False)


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
        """Raises ValidationError for a slice that is named twice: it would be held by the one that comes last."""
        lines = [line for line in self.cleaned_data["slice_floors"].splitlines() if line.strip()]
        floors = [self.read_floor(line) for line in lines]
        counts = Counter(name for name, _ in floors)
        if twice := [name for name, count in counts.items() if count > 1]:
            raise forms.ValidationError(f"“{twice[0]}” stands there twice. Leave one floor.")
        return dict(floors)

    def read_floor(self, line: str) -> tuple[str, float]:
        """Raises ValidationError for a slice that no example is in: its floor would hold nothing up."""
        name, percent = [*line.rsplit(maxsplit=1), ""][:2]
        name = name.strip()
        if name not in self.slices:
            known = ", ".join(sorted(self.slices)) or "none"
            raise forms.ValidationError(f"No example is in “{name}”. Slices: {known}.")
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


class DraftForm(forms.Form):
    """A version as its author writes it: what it is for, both texts, and all other settings as TOML."""

    notes = forms.CharField(
        label="What is new, in a few words",
        max_length=MAX_CHARACTERS,
        required=False,
        widget=forms.TextInput({"class": "input", "autocomplete": "off"}),
    )
    system = forms.CharField(
        label="System", required=False, strip=False, widget=forms.Textarea(SOURCE)
    )
    user = forms.CharField(label="User", required=False, strip=False, widget=forms.Textarea(SOURCE))
    settings = forms.CharField(
        label="Settings, in TOML", required=False, strip=False, widget=forms.Textarea(SOURCE)
    )

    def __init__(self, *args: object, prompt: Prompt, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.prompt = prompt

    def clean_system(self) -> str:
        return self.clean_template("system")

    def clean_user(self) -> str:
        return self.clean_template("user")

    def clean_template(self, name: str) -> str:
        text = str(read(parse_template, self.cleaned_data[name]))
        if not text.strip():
            raise forms.ValidationError("Write something: a model is asked with both texts.")
        return text

    def clean_settings(self) -> Bundle:
        settings: Bundle = read(parse_toml, self.cleaned_data["settings"])
        read(check_settings, settings)
        return settings

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self.check_bundle(self.bundle)
        return cleaned

    @property
    def bundle(self) -> Bundle:
        """Of a form whose fields are well."""
        data = self.cleaned_data
        return make_bundle(data["settings"], system=data["system"], user=data["user"])

    def check_bundle(self, bundle: Bundle) -> None:
        try:
            authoring.check_variables(self.prompt.name, bundle)
        except UnknownVariableError as error:
            self.add_error(error.part, str(error))
        fault = authoring.explain_unusable_bundle(self.prompt, bundle)
        if fault := fault or authoring.find_revision_fault(self.prompt.name, bundle):
            self.add_error("settings", fault)


def read(parse: Callable[[Any], Any], value: Any) -> Any:
    """What `parse` makes of it; what it finds wrong is said at the field."""
    try:
        return parse(value)
    except PromptFileError as error:
        raise forms.ValidationError(str(error)) from error


def write_draft(version: PromptVersion) -> dict[str, str]:
    """A version as the form shows it, to go on from. Raises PromptFileError for one that holds null."""
    bundle = version.bundle
    return {
        "system": bundle["system"],
        "user": bundle["user"],
        "settings": write_settings(bundle),
    }


class TryForm(forms.Form):
    """A golden example by its key, or a photo: what a version is tried on."""

    example = forms.CharField(
        label="Golden example",
        required=False,
        widget=forms.TextInput({"class": "input", "list": "examples", "autocomplete": "off"}),
    )
    photo = forms.FileField(
        label="Or a photo of yours, which is not kept",
        required=False,
        widget=forms.FileInput({"class": "input", "accept": "image/*,.heic,.heif,.avif"}),
    )

    def __init__(self, *args: object, prompt: Prompt, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.prompt = prompt
        if not get_task(prompt.name).takes_photos:
            del self.fields["photo"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            cleaned["question"] = self.read_question(cleaned["example"], cleaned.get("photo"))
        return cleaned

    def read_question(self, key: str, photo: Any) -> PlaygroundQuestion:
        if bool(key) == bool(photo):
            choice = (
                "an example or a photo, one of them" if "photo" in self.fields else "an example"
            )
            raise forms.ValidationError(f"Choose {choice}.")
        if photo:
            return self.read_photo(photo)
        example = list_current_examples(self.prompt).filter(key=key).first()
        if example is None:
            raise forms.ValidationError({"example": "No golden example is called that."})
        return playground.ask_example(self.prompt.name, example)

    def read_photo(self, photo: Any) -> PlaygroundQuestion:
        if photo.size > site.PHOTO_MAX_BYTES:  # Before any of it is read.
            limit = site.PHOTO_MAX_BYTES / 1e6
            raise forms.ValidationError({"photo": f"This file is too large: up to {limit:.0f} MB."})
        try:
            return playground.ask_photo(self.prompt.name, photo.read())
        except ValueError as error:
            raise forms.ValidationError({"photo": str(error)}) from error
