from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wardrobe.models import Garment

FIRST_DAY = date(2000, 1, 1)


class WornOnForm(forms.Form):
    """The day on which a garment was worn, where its wearer is: not one to come."""

    day = forms.DateField(
        label=gettext_lazy("Worn on another day"),
        widget=forms.DateInput(attrs={"type": "date", "class": "input num"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Which day?"),
            "invalid": gettext_lazy("That is no day."),
        },
    )

    def __init__(self, *args: Any, garment: Garment, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "worn_%s", **kwargs})
        self.today = garment.owner.today
        self.fields["day"].widget.attrs |= {
            "min": FIRST_DAY.isoformat(),
            "max": self.today.isoformat(),
        }

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise ValidationError(_("That day has not come yet."))
        if day < FIRST_DAY:
            raise ValidationError(_("That is too long ago."))
        return day
