"""What a wearer has to say before their account is deleted."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from accounts.forms import text_attributes
from accounts.models import User


class DeleteAccountForm(forms.Form):
    """The password, so that a page left open deletes nothing."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs=text_attributes("current-password")),
    )

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        super().__init__(data)
        self.user = user

    def clean_password(self) -> Any:
        password = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise ValidationError("That is not your password.")
        return password
