"""The forms by which a call becomes a golden example."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from feedback.forms.labels import GarmentLabelForm
from feedback.forms.scenarios import ExpectationForm
from feedback.golden import labels, scenarios
from registry.models import Dataset, InferenceCall
from registry.services.examples import offer_datasets
from registry.tasks import ExampleSource
from wardrobe.golden.labels import GarmentLabel


class ExampleForm(forms.Form):
    """Where an example goes. Slices are those that the dataset has: each has a floor that versions must reach."""

    dataset = forms.ModelChoiceField(
        Dataset.objects.none(),
        label="Goes to the next version of",
        empty_label=None,
        widget=forms.Select({"class": "o-input o-input--short"}),
    )
    slices = forms.MultipleChoiceField(
        label="Slices", required=False, widget=forms.CheckboxSelectMultiple
    )
    template = ""

    def __init__(self, data: QueryDict | None = None, *, call: InferenceCall) -> None:
        super().__init__(data)
        self.call = call
        offered = offer_datasets(call.version.prompt)
        field = self.fields["dataset"]
        field.queryset = Dataset.objects.filter(pk__in=[one.pk for one in offered])  # type: ignore[attr-defined]
        field.initial = offered[0]
        names = [(name, name) for name in list_slices(offered)]
        self.fields["slices"].choices = names  # type: ignore[attr-defined]

    @property
    def source(self) -> ExampleSource:
        """The example, once the form is valid. Raises LookupError when what it is made of is gone."""
        raise NotImplementedError

    @property
    def fingerprint(self) -> str:
        raise NotImplementedError


class PhotoExampleForm(ExampleForm):
    """What is right of a photo: a label for each garment that the wearer kept, and one more."""

    template = "feedback/make_photo_example.html"

    def __init__(self, data: QueryDict | None = None, *, call: InferenceCall) -> None:
        super().__init__(data, call=call)
        drafts = labels.draft_labels(call)
        self.garments = [
            GarmentLabelForm(data, draft=draft, prefix=f"garment-{number}")
            for number, draft in enumerate([*drafts, None], start=1)
        ]
        self.named = len((call.output or {}).get("garments", []))
        self.kept = len(drafts)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not all([form.is_valid() for form in self.garments]):  # noqa: C419 each shows its errors
            self.add_error(None, "Some words of a garment are not in the vocabulary.")
        elif not self.labels:
            self.add_error(None, "Say of one garment at least what it is.")
        return data

    @property
    def labels(self) -> list[GarmentLabel]:
        return [label for form in self.garments if (label := form.garment)]

    @property
    def boxes(self) -> list[tuple[int, list[float]]]:
        """The boxes of the garments in per cent of the picture, each with its garment's number."""
        return [
            (number, [round(100 * value, 2) for value in form.draft.box])
            for number, form in enumerate(self.garments, start=1)
            if form.draft and form.draft.box
        ]

    @property
    def source(self) -> ExampleSource:
        return labels.make_source(self.call, self.labels, self.cleaned_data["slices"])

    @property
    def fingerprint(self) -> str:
        return labels.find_fingerprint(self.source.file)


class ScenarioExampleForm(ExampleForm):
    """What must hold of an answer to a question that a wearer asked."""

    template = "feedback/make_scenario.html"

    def __init__(self, data: QueryDict | None = None, *, call: InferenceCall) -> None:
        super().__init__(data, call=call)
        self.draft = scenarios.draft_scenario(call)
        name = scenarios.name_scenario(call)
        self.expected = ExpectationForm(data, draft=self.draft, name=name)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.expected.is_valid():
            self.add_error(None, "The scenario cannot be judged as it is.")
        return data

    @property
    def source(self) -> ExampleSource:
        return scenarios.make_source(self.expected.scenario, self.cleaned_data["slices"])

    @property
    def fingerprint(self) -> str:
        return scenarios.find_fingerprint(self.draft.suggestion)


FORMS: dict[str, type[ExampleForm]] = {
    "digitize_photo": PhotoExampleForm,
    "suggest_outfit": ScenarioExampleForm,
}


def list_slices(datasets: Sequence[Dataset]) -> list[str]:
    """The slices of the current examples."""
    current = [dataset.current for dataset in datasets if dataset.current]
    names = (version.examples.values_list("slices", flat=True) for version in current)
    return sorted({name for rows in names for slices in rows for name in slices})
