"""allauth's forms in our looks, and with our budgets of tries."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as account_forms
from allauth.core import context
from allauth.mfa.base import forms as base_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.forms import ChangePasswordForm, text_attributes
from accounts.models import User
from accounts.signin import budgets
from accounts.signin.devices import find_device
from accounts.text.fields import TypedField

CODE = text_attributes("one-time-code", inputmode="text", autocapitalize="none", spellcheck="false")
AWAY = gettext_lazy(
    "Codes cannot be checked for the moment. A passkey still opens, and so does waiting."
)


def say_pause(seconds: int) -> str:
    minutes = max(1, -(-seconds // 60))
    return ngettext(
        "Too many tries did not match. Wait a minute and try again.",
        "Too many tries did not match. Wait %(minutes)s minutes and try again.",
        minutes,
    ) % {"minutes": minutes}


def find_budget(user: User) -> budgets.Budget:
    """A known device has its own: who knows the password alone keeps nobody out."""
    return budgets.code(user.pk, find_device(context.request, user))


@contextmanager
def count_try(user: User) -> Iterator[None]:
    """Around what judges a code or a password: one that is right counts for nothing. Raises ValidationError where there
    were too many."""
    tries = [find_budget(user)]
    if seconds := budgets.take_tries(tries).pause_s:
        raise ValidationError(say_pause(seconds))
    yield
    budgets.give_back(tries)


class CountedCode(forms.Form):
    """A code that is judged at most so often. Without Redis none is taken, for a used one could come again."""

    def clean_code(self) -> str:
        with count_try(self.user):  # type: ignore[attr-defined]
            try:
                code: str = super().clean_code()  # type: ignore[misc]
            except budgets.LOST as error:
                raise ValidationError(AWAY) from error
        return code


class SignInCodeForm(CountedCode, base_forms.AuthenticateForm):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=64,
        widget=forms.TextInput(attrs={**CODE, "autofocus": True}),
    )


class AgainCodeForm(CountedCode, base_forms.ReauthenticateForm):
    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=64, widget=forms.TextInput(attrs=CODE)
    )


class SetUpCodeForm(CountedCode, totp_forms.ActivateTOTPForm):
    code = forms.CharField(
        label=gettext_lazy("Code that the app shows"),
        max_length=64,
        widget=forms.TextInput(attrs=CODE),
    )


class AgainPasswordForm(account_forms.ReauthenticateForm):
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs=text_attributes("current-password")),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        with count_try(self.user):
            if not self.user.check_password(password):
                raise ValidationError(_("That is not your password."))
        return password


class CountedChangePasswordForm(ChangePasswordForm):
    """Whoever finds a browser open guesses the password no more often here than where it is asked again."""

    def clean_old_password(self) -> str:
        with count_try(self.user):
            return super().clean_old_password()


class NamedKey(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = TypedField(
            label=_("What to call it"),
            max_length=80,
            help_text=_("The device it is on, so that you know which to remove."),
            widget=forms.TextInput(attrs=text_attributes("off")),
        )


class AddPasskeyForm(NamedKey, webauthn_forms.AddWebAuthnForm):
    pass


class RenamePasskeyForm(NamedKey, webauthn_forms.EditWebAuthnForm):
    pass
