from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.days import read_zone
from accounts.models import User
from accounts.text.fields import TypedField

EMAIL_TAKEN = gettext_lazy("There is a wardrobe with this email. Sign in to open it.")
HINT = gettext_lazy("Ten characters or more. A short sentence is good.")


def text_attributes(autocomplete: str, **more: str) -> dict[str, str]:
    return {"class": "input", "autocomplete": autocomplete, **more}


class BrowserZoneField(forms.CharField):
    """The zone of a browser's clock, which a script fills in; nothing where that is none."""

    def __init__(self) -> None:
        attributes = {"data-browser-zone": True, "id": None}
        super().__init__(required=False, widget=forms.HiddenInput(attrs=attributes))

    def to_python(self, value: Any) -> str:
        return read_zone(super().to_python(value) or "")


class SignUpForm(forms.Form):
    """A new wearer. Where emails are not confirmed, says when one is taken: that cannot be hidden, because the next
    sign-in would tell; the number of posts is limited instead.
    """

    first_name = TypedField(
        label=gettext_lazy("First name"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("What the stylist calls you. Optional."),
        widget=forms.TextInput(attrs=text_attributes("given-name")),
    )
    email = forms.EmailField(
        label=gettext_lazy("Email"),
        widget=forms.EmailInput(attrs=text_attributes("email", inputmode="email")),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=128,
        help_text=HINT,
        widget=forms.PasswordInput(attrs=text_attributes("new-password", minlength="10")),
    )
    time_zone = BrowserZoneField()

    def clean_email(self) -> str:
        email: str = User.objects.normalize_email(self.cleaned_data["email"])
        if not settings.CONFIRM_EMAIL and User.objects.filter(email__iexact=email).exists():
            raise ValidationError(EMAIL_TAKEN)
        return email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "password" in data:
            person = User(email=data.get("email", ""), first_name=data.get("first_name", ""))
            try:
                validate_password(data["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return data

    def save(self) -> User | None:
        """Create the wearer; None, with an error, if the email was taken a moment ago."""
        try:
            with transaction.atomic():
                return User.objects.create_user(**self.cleaned_data)
        except IntegrityError:
            self.add_error("email", EMAIL_TAKEN)
            return None


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": gettext_lazy("That email and password do not match."),
        "inactive": gettext_lazy("That email and password do not match."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"] = forms.EmailField(
            label=_("Email"),
            widget=forms.EmailInput(attrs=text_attributes("username", inputmode="email")),
        )
        self.fields["password"].widget.attrs = text_attributes("current-password")
        self.fields["time_zone"] = BrowserZoneField()

    def clean_username(self) -> str:
        return User.objects.normalize_email(self.cleaned_data["username"])

    @property
    def tries_left(self) -> int:
        """How many wrong passwords may follow before the pause."""
        credentials = {"username": self.data.get("username", "")}
        failures: int = AxesProxyHandler.get_failures(self.request, credentials)
        return max(int(settings.AXES_FAILURE_LIMIT) - failures, 0)


class ForgottenPasswordForm(PasswordResetForm):
    email = forms.EmailField(
        label=gettext_lazy("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs=text_attributes("email", inputmode="email")),
    )

    def clean_email(self) -> str:
        return User.objects.normalize_email(self.cleaned_data["email"])


class NewPasswordForm(forms.Form):
    """The new password once: it can be shown, so it need not be typed twice."""

    new_password = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        max_length=128,
        help_text=HINT,
        widget=forms.PasswordInput(attrs=text_attributes("new-password", minlength="10")),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_new_password(self) -> str:
        password: str = self.cleaned_data["new_password"]
        validate_password(password, self.user)
        return password

    def save(self) -> User:
        self.user.set_password(self.cleaned_data["new_password"])
        self.user.save(update_fields=["password"])
        return self.user


class ChangePasswordForm(NewPasswordForm):
    """Who is signed in proves it again before choosing another password."""

    field_order = ("old_password", "new_password")

    old_password = forms.CharField(
        label=gettext_lazy("Password now"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs=text_attributes("current-password")),
    )

    def clean_old_password(self) -> str:
        password: str = self.cleaned_data["old_password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("That is not your password now."))
        return password
