from django import forms
from django.utils.translation import gettext_lazy

from styling.models import SharedPicture
from styling.sharing.drawing import Wish


class PictureForm(forms.Form):
    """What the picture shows. Without `chosen`, as on the first visit, it shows the words and no names."""

    chosen = forms.BooleanField(required=False, widget=forms.HiddenInput, initial=True)
    shape = forms.ChoiceField(choices=SharedPicture.Shape, widget=forms.RadioSelect, required=False)
    with_line = forms.BooleanField(required=False, label=gettext_lazy("With the words"))
    with_names = forms.BooleanField(required=False, label=gettext_lazy("Name the pieces"))

    def read_wish(self) -> Wish:
        """What was chosen; what is usual where that makes no sense."""
        if not self.is_valid() or not self.cleaned_data["chosen"]:
            return Wish(SharedPicture.Shape.PORTRAIT)
        told = self.cleaned_data
        shape = told["shape"] or SharedPicture.Shape.PORTRAIT
        return Wish(shape, told["with_line"], told["with_names"])
