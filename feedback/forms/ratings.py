from django import forms

from feedback.models import Rating


class RatingForm(forms.Form):
    """What a wearer says of an outfit. `then` is "another" to be shown the next one."""

    verdict = forms.ChoiceField(choices=Rating.Verdict.choices)
    reasons = forms.MultipleChoiceField(choices=Rating.Reason.choices, required=False)
    comment = forms.CharField(max_length=1000, required=False)
    then = forms.ChoiceField(choices=[("another", "another")], required=False)
    request_key = forms.UUIDField(required=False)
