"""What a reviewer says of an item."""

from typing import Any

from django import forms
from django.http import QueryDict

from feedback.models import ReviewDecision, ReviewItem
from feedback.values import KINDS
from wardrobe import vocabulary


class DecisionForm(forms.Form):
    """`verdict` is the button that was pressed; `value` is what it is instead; `also` are items decided with it.

    `read` is the wearer's word as the page showed it."""

    verdict = forms.ChoiceField(choices=ReviewDecision.Verdict.choices)
    read = forms.CharField(required=False, max_length=64)
    value = forms.ChoiceField(required=False, widget=forms.Select({"class": "o-input"}))
    also = forms.ModelMultipleChoiceField(ReviewItem.objects.all(), required=False)

    def __init__(self, data: QueryDict | None = None, *, item: ReviewItem) -> None:
        super().__init__(data)
        choices = [("", "Choose"), *vocabulary.choices(KINDS.get(item.field, item.field))]
        self.fields["value"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("verdict") == ReviewDecision.Verdict.OTHER and not data.get("value"):
            self.add_error("value", "Choose what it is.")
        return data
