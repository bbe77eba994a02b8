"""The edges of a garment in its photo, as its wearer draws them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wardrobe.models import Garment

LEAST_PERCENT = 5


class FrameForm(forms.Form):
    """Four edges in per cent of the photo, from the left and from the top."""

    left = forms.DecimalField(
        label=gettext_lazy("Left edge"), min_value=0, max_value=100 - LEAST_PERCENT
    )
    top = forms.DecimalField(
        label=gettext_lazy("Top edge"), min_value=0, max_value=100 - LEAST_PERCENT
    )
    right = forms.DecimalField(
        label=gettext_lazy("Right edge"), min_value=LEAST_PERCENT, max_value=100
    )
    bottom = forms.DecimalField(
        label=gettext_lazy("Bottom edge"), min_value=LEAST_PERCENT, max_value=100
    )

    def __init__(self, data: Any = None, *, garment: Garment) -> None:
        super().__init__(data, initial=self.edges_of(garment))
        for field in self.fields.values():
            field.widget = forms.NumberInput(
                attrs={"type": "range", "min": 0, "max": 100, "step": 1, "data-edge": ""}
            )

    @staticmethod
    def edges_of(garment: Garment) -> dict[str, str]:
        x, y, width, height = garment.box or (0.0, 0.0, 1.0, 1.0)
        edges = {"left": x, "top": y, "right": x + width, "bottom": y + height}
        return {name: f"{100 * share:.2f}" for name, share in edges.items()}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        to_right = _("This edge has to lie well right of the other one.")
        below = _("This edge has to lie well below the other one.")
        for start, end, words in (("left", "right", to_right), ("top", "bottom", below)):
            if start in data and end in data and data[end] - data[start] < LEAST_PERCENT:
                self.add_error(end, words)
        return data

    @property
    def box(self) -> list[float]:
        """x, y, width and height in fractions of the photo."""
        left, top, right, bottom = (
            float(self.cleaned_data[name]) / 100 for name in ("left", "top", "right", "bottom")
        )
        return [left, top, right - left, bottom - top]
