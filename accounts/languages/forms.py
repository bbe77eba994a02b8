from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

AS_BROWSER = ("", _("As my browser says"))


class LanguageForm(forms.Form):
    """One of the languages by its own name, or what the browser says."""

    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=lambda: [AS_BROWSER, *settings.LANGUAGES],
        widget=forms.Select(attrs={"class": "input"}),
    )
