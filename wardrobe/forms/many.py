"""What is to happen to many garments at once."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wardrobe import vocabulary
from wardrobe.models import Garment

UNCHANGED = ("", gettext_lazy("As they are"))
HOW = [
    ("add", gettext_lazy("Add")),
    ("replace", gettext_lazy("Only these")),
    ("remove", gettext_lazy("Take away")),
]


def read_chosen(data: QueryDict) -> list[UUID]:
    """The ticked garments, each once; what is no key is left out."""
    chosen: dict[UUID, None] = {}
    for value in data.getlist("garment"):
        try:
            chosen[UUID(value)] = None
        except ValueError:
            continue
    return list(chosen)


class ManyEditForm(forms.Form):
    """Tags to add, to take away or to replace; and how dressed up they are."""

    how = forms.ChoiceField(
        label=gettext_lazy("Seasons and occasions"),
        choices=HOW,
        initial="add",
        widget=forms.RadioSelect,
    )
    seasons = forms.MultipleChoiceField(
        label=gettext_lazy("Seasons"), required=False, widget=forms.CheckboxSelectMultiple
    )
    occasions = forms.MultipleChoiceField(
        label=gettext_lazy("Good for"), required=False, widget=forms.CheckboxSelectMultiple
    )
    formality = forms.ChoiceField(
        label=gettext_lazy("Dressed up"),
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = cast(dict[str, forms.ChoiceField], self.fields)
        fields["seasons"].choices = vocabulary.choices("season")
        fields["occasions"].choices = vocabulary.choices("event")
        fields["formality"].choices = [UNCHANGED, *vocabulary.choices("formality")]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(
            data.get(name) for name in ("seasons", "occasions", "formality")
        ):
            raise ValidationError(_("Choose what is to change."))
        return data


class AwayForm(forms.Form):
    """Why pieces are put away; nobody has to say."""

    because = forms.ChoiceField(
        label=gettext_lazy("Why"),
        required=False,
        choices=Garment.Away.choices,
        widget=forms.RadioSelect,
    )
