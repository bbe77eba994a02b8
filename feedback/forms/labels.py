"""The form of one garment's golden label."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from feedback.golden.labels import LISTS, RAIN, SINGLES, GarmentDraft
from wardrobe import vocabulary
from wardrobe.golden.labels import GarmentLabel

NOT_ASKED = ("", "Not asked")
WATER = [NOT_ASKED, *((str(is_so), label) for is_so, label in RAIN.items())]
LABELS = {
    "type": "Kind",
    "colours": "Main colour: any of",
    "patterns": "Pattern: any of",
    "materials": "Cloth: any of",
    "seasons": "Seasons",
    "warmth": "Warmth",
    "layering": "Worn",
    "formality": "Dressed up",
    "water_resistant": "Rain",
}


class GarmentLabelForm(forms.Form):
    """What is right of one garment; without a kind there is none. `draft` is what the form begins with."""

    type = forms.ChoiceField(required=False)
    water_resistant = forms.ChoiceField(required=False, choices=WATER)

    def __init__(self, *args: Any, draft: GarmentDraft | None = None, **kwargs: Any) -> None:
        values = draft.values if draft else {}
        initial = {n: ", ".join(v) if isinstance(v, list) else str(v) for n, v in values.items()}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.draft = draft
        self.fields["type"].choices = [("", "No garment"), *vocabulary.choices("type")]  # type: ignore[attr-defined]
        for name in LISTS:
            self.fields[name] = forms.CharField(required=False, max_length=200)
        for name in SINGLES:
            choices = [NOT_ASKED, *vocabulary.choices(name)]
            self.fields[name] = forms.ChoiceField(required=False, choices=choices)
        self.order_fields(["type", *LISTS, *SINGLES, "water_resistant"])
        for name, field in self.fields.items():
            field.label = LABELS.get(name, name.replace("_", " ").capitalize())
            field.widget.attrs["class"] = "o-input"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name, kind in LISTS.items():
            words = [word.strip() for word in data.get(name, "").split(",") if word.strip()]
            known = vocabulary.terms(kind)
            if unknown := [word for word in words if word not in known]:
                self.add_error(name, ValidationError(f"No {kind} is called {unknown[0]}."))
            data[name] = words
        return data

    def rows(self) -> list[tuple[forms.BoundField, str, bool]]:
        """Each field, what the model had said, and whether the wearer changed it."""
        if self.draft is None:
            return [(field, "", False) for field in self]
        said, changed = self.draft.said, self.draft.changed
        return [(field, said.get(field.name, ""), field.name in changed) for field in self]

    @property
    def garment(self) -> GarmentLabel | None:
        """The label, once the form is valid; None for no garment."""
        data = {name: value for name, value in self.cleaned_data.items() if value not in ("", [])}
        if "type" not in data:
            return None
        if "water_resistant" in data:
            data["water_resistant"] = data["water_resistant"] == "True"
        box = self.draft.box if self.draft else []
        return GarmentLabel(slot=vocabulary.slot_of(data["type"]), box=box, **data)
