from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.text.fields import TypedField
from wardrobe.models import Care, Garment
from wardrobe.services.intervals import usual_interval

FARTHEST = timedelta(days=3 * 366)
MOST_WEARS = 365


class ElsewhereForm(forms.Form):
    """Into repair, or lent: to whom, and until when, as far as that is known."""

    kind = forms.ChoiceField(
        label="Where is it?",
        choices=[(Care.Kind.REPAIR.value, "In repair"), (Care.Kind.LENT.value, "Lent")],
        widget=forms.RadioSelect,
        error_messages={"required": "In repair, or lent?"},
    )
    whom = TypedField(
        label="Who has it (optional)",
        required=False,
        max_length=80,
        widget=forms.TextInput({"class": "input"}),
    )
    until = forms.DateField(
        label="Back by (optional)",
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "input num"}, format="%Y-%m-%d"),
        error_messages={"invalid": "That is no day."},
    )

    def __init__(self, *args: Any, garment: Garment, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "elsewhere_%s", **kwargs})
        self.today = garment.owner.today
        self.fields["until"].widget.attrs["min"] = self.today.isoformat()

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until and not self.today <= until <= self.today + FARTHEST:
            raise ValidationError("Choose a day from today to three years ahead.")
        return until


class IntervalForm(forms.Form):
    """After how many wears it is due; empty for the usual of its type, 0 for never."""

    wears = forms.IntegerField(
        label="Due for the wash after so many wears",
        required=False,
        min_value=0,
        max_value=MOST_WEARS,
        widget=forms.NumberInput({"class": "input num", "inputmode": "numeric"}),
    )
    is_for_type = forms.BooleanField(required=False, label="For all of its kind")

    def __init__(self, *args: Any, garment: Garment, **kwargs: Any) -> None:
        usual = usual_interval(garment.type)
        super().__init__(
            *args, **{"auto_id": "interval_%s", "initial": {"wears": garment.wash_after}, **kwargs}
        )
        said = f"{usual}, as is usual for its kind" if usual else "Never, as is usual for its kind"
        self.fields["wears"].widget.attrs["placeholder"] = str(usual or "never")
        self.fields["wears"].help_text = f"Empty: {said[0].lower()}{said[1:]}. 0: never."
