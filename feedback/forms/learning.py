from django import forms
from django.utils.translation import gettext as _

from styling.learning.lines import FACTORS
from styling.stylist.features import NAMES


class LearningForm(forms.Form):
    """What a wearer does with what was learned: `do` says what, the others to what."""

    DEEDS = ("strength", "forget-line", "forget-signal", "forget-all", "switch", "undo")
    do = forms.ChoiceField(choices=[(deed, deed) for deed in DEEDS])
    line = forms.ChoiceField(choices=[(name, name) for name in NAMES], required=False)
    strength = forms.ChoiceField(choices=[(name, name) for name in FACTORS], required=False)
    signal = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    is_on = forms.BooleanField(required=False)

    NEEDS = {
        "strength": ("line", "strength"),
        "forget-line": ("line",),
        "forget-signal": ("signal",),
    }

    def clean(self) -> None:
        for name in self.NEEDS.get(self.cleaned_data.get("do", ""), ()):
            if not self.cleaned_data.get(name):
                self.add_error(name, _("This is needed."))
