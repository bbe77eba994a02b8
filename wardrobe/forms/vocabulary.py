"""What an author sends to publish the vocabulary."""

from django import forms

from wardrobe.vocabulary.publishing import MAX_NOTES


class PublishForm(forms.Form):
    notes = forms.CharField(
        label="What is new, in a few words",
        max_length=MAX_NOTES,
        required=False,
        widget=forms.TextInput({"class": "input", "autocomplete": "off"}),
    )
