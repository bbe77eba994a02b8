"""What somebody says of an outfit of their household."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text.fields import TypedField
from feedback.models import HouseholdOpinion


class OpinionForm(forms.Form):
    verdict = forms.ChoiceField(
        choices=HouseholdOpinion.Verdict.choices,
        error_messages={
            "required": _("Does it look good, or rather not?"),
            "invalid_choice": _("Does it look good, or rather not?"),
        },
    )
    words = TypedField(
        label=_("In a few words (optional)"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"class": "input", "autocomplete": "off"}),
    )
