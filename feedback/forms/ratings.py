from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.text.fields import TypedField
from feedback.models import Rating
from feedback.selectors import list_worn
from styling.models import Suggestion
from wardrobe.models import Garment


class RatingForm(forms.Form):
    """What a wearer says of an outfit. `then` is "another" to be shown the next one."""

    verdict = forms.ChoiceField(choices=Rating.Verdict.choices, widget=forms.HiddenInput)
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Reasons"),
        choices=Rating.Reason.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    comment = TypedField(
        one_line=False,
        label=gettext_lazy("In your words (optional)"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(
            {
                "class": "input",
                "rows": 2,
                "placeholder": gettext_lazy("The boots rub when I walk far."),
            }
        ),
    )
    then = forms.ChoiceField(
        choices=[("another", "another")], required=False, widget=forms.HiddenInput
    )
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput)


class SwapForm(forms.Form):
    """One piece of an outfit for another: `new` in the place of `old`, `old` left out, or `new` besides."""

    old = forms.ModelChoiceField(Garment.objects.none(), required=False)
    new = forms.ModelChoiceField(Garment.objects.none(), required=False)

    def __init__(self, data: QueryDict | None = None, *, suggestion: Suggestion) -> None:
        super().__init__(data)
        self.worn = list_worn(suggestion)
        keys = [garment.pk for garment in self.worn]
        seen = Garment.objects.seen_by(suggestion.owner)
        self.fields["old"].queryset = seen.filter(pk__in=keys)  # type: ignore[attr-defined]
        theirs = Garment.objects.for_owner(suggestion.owner)
        self.fields["new"].queryset = theirs.current().exclude(pk__in=keys)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not self.garments:
            raise ValidationError(_("Something was worn."))
        if not self.errors and data.get("old") == data.get("new"):
            raise ValidationError(_("Choose a piece."))
        return data

    @property
    def garments(self) -> list[Garment]:
        """What was worn, once the form is valid."""
        old, new = self.cleaned_data.get("old"), self.cleaned_data.get("new")
        kept = [garment for garment in self.worn if garment != old]
        return [*kept, new] if new else kept
