"""What a wearer has to say before their account is deleted, and the file that they bring."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import text_attributes
from accounts.models import User


class DeleteAccountForm(forms.Form):
    """The password, so that a page left open deletes nothing."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs=text_attributes("current-password")),
    )

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        super().__init__(data)
        self.user = user

    def clean_password(self) -> Any:
        password = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise ValidationError(_("That is not your password."))
        return password


class DeletePersonForm(forms.Form):
    """A superuser writes the email of whom they delete: a click alone deletes nobody."""

    email = forms.CharField(
        label="Their email",
        max_length=254,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )

    def __init__(self, data: QueryDict | None = None, *, person: User) -> None:
        super().__init__(data)
        self.person = person

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip()
        if email.casefold() != self.person.email.casefold():
            raise ValidationError("That is not the email of this account.")
        return email


class ImportForm(forms.Form):
    """A ZIP that an export made. What is in it a job finds out."""

    file = forms.FileField(
        label=gettext_lazy("Your file"),
        allow_empty_file=False,
        widget=forms.FileInput(attrs={"class": "input", "accept": ".zip,application/zip"}),
    )

    def clean_file(self) -> File[bytes]:
        file: File[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > settings.IMPORT_MAX_BYTES:
            most = filesizeformat(settings.IMPORT_MAX_BYTES)
            raise ValidationError(
                _("That is more than %(most)s, which is as much as can come in.") % {"most": most}
            )
        return file
