from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.text.selects import LongSelect
from styling.services.profiles import find_currency
from wardrobe.prices.currencies import list_currencies


class BuyingForm(forms.Form):
    photo = forms.FileField(label=gettext_lazy("Photo"), required=False)
    price = forms.DecimalField(
        label=gettext_lazy("Price (optional)"),
        max_digits=9,
        decimal_places=2,
        min_value=0,
        required=False,
        widget=forms.NumberInput({"class": "input num", "step": "0.01", "inputmode": "decimal"}),
    )
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"), required=False, widget=LongSelect({"class": "input"})
    )

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["currency"] = find_currency(owner)
        currency = self.fields["currency"]
        assert isinstance(currency, forms.ChoiceField)  # noqa: S101 narrows the type
        currency.choices = [("", _("Choose one")), *list_currencies()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("price") is not None and not data.get("currency"):
            self.add_error("currency", _("In which currency?"))
        return data
