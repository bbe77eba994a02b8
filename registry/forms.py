"""What an operator sends to move an alias."""

from typing import cast

from django import forms

from registry.models import Prompt, PromptVersion


class RollbackForm(forms.Form):
    """A version that was live, the reason, and the epoch that the operator was looking at."""

    to_version = forms.ModelChoiceField(PromptVersion.objects.none())
    reason = forms.CharField(
        label="Reason, for the log",
        max_length=500,
        error_messages={"required": "Say why, for those who read the history."},
    )
    expected_epoch = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: object, prompt: Prompt, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choice = cast("forms.ModelChoiceField[PromptVersion]", self.fields["to_version"])
        choice.queryset = PromptVersion.objects.once_live(prompt)
