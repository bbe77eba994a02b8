from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.text.fields import TypedField
from wardrobe.models import Care, Garment
from wardrobe.services.intervals import usual_interval

FARTHEST = timedelta(days=3 * 366)
MOST_WEARS = 365


class ElsewhereForm(forms.Form):
    """Into repair, or lent: to whom, and until when, as far as that is known."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Where is it?"),
        choices=[
            (Care.Kind.REPAIR.value, gettext_lazy("In repair")),
            (Care.Kind.LENT.value, gettext_lazy("Lent")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("In repair, or lent?")},
    )
    whom = TypedField(
        label=gettext_lazy("Who has it (optional)"),
        required=False,
        max_length=80,
        widget=forms.TextInput({"class": "input"}),
    )
    until = forms.DateField(
        label=gettext_lazy("Back by (optional)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "input num"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("That is no day.")},
    )

    def __init__(self, *args: Any, garment: Garment, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "elsewhere_%s", **kwargs})
        self.today = garment.owner.today
        self.fields["until"].widget.attrs["min"] = self.today.isoformat()

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until and not self.today <= until <= self.today + FARTHEST:
            raise ValidationError(_("Choose a day from today to three years ahead."))
        return until


class IntervalForm(forms.Form):
    """After how many wears it is due; empty for the usual of its type, 0 for never."""

    wears = forms.IntegerField(
        label=gettext_lazy("Due for the wash after so many wears"),
        required=False,
        min_value=0,
        max_value=MOST_WEARS,
        widget=forms.NumberInput({"class": "input num", "inputmode": "numeric"}),
    )
    is_for_type = forms.BooleanField(required=False, label=gettext_lazy("For all of its kind"))

    def __init__(self, *args: Any, garment: Garment, **kwargs: Any) -> None:
        usual = usual_interval(garment.type)
        super().__init__(
            *args, **{"auto_id": "interval_%s", "initial": {"wears": garment.wash_after}, **kwargs}
        )
        self.fields["wears"].widget.attrs["placeholder"] = str(usual or _("never"))
        self.fields["wears"].help_text = (
            _("Empty: %(usual)s, as is usual for its kind. 0: never.") % {"usual": usual}
            if usual
            else _("Empty: never, as is usual for its kind. 0: never.")
        )
