"""How django-allauth signs in, writes and keeps secrets here: our backend, our mails, one key ring."""

import base64
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from axes.helpers import get_client_ip_address
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth import login
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.signin.notices import tell_change

BACKEND = "django.contrib.auth.backends.ModelBackend"
SILENT = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What opens an account again and again; a recovery code opens it once."""
CHANGES = {
    "mfa/email/totp_activated": _("An app that shows codes was set up for your account."),
    "mfa/email/totp_deactivated": _("The app that shows codes was removed from your account."),
    "mfa/email/webauthn_added": _("A passkey was added to your account."),
    "mfa/email/webauthn_removed": _("A passkey was removed from your account."),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made for your account."),
}
KEY_CONTEXT = b"accounts.second_factor:"


class AccountAdapter(DefaultAccountAdapter):
    def login(self, request: HttpRequest, user: User) -> None:
        login(request, user, backend=BACKEND)

    def reauthenticate(self, user: User, password: str) -> bool:
        """Tries are counted by the form."""
        return user.check_password(password)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Signing in and out speak for themselves."""
        if message_template not in SILENT:
            super().add_message(request, level, message_template, *args, **kwargs)

    def get_client_ip(self, request: HttpRequest) -> str:
        return get_client_ip_address(request) or ""

    def send_notification_mail(
        self, template_prefix: str, user: User, context: Any = None, email: str | None = None
    ) -> None:
        """In our words, to the address that they sign in by."""
        tell_change(user, CHANGES[template_prefix])


def make_ring() -> MultiFernet:
    """Keys made of SECRET_KEY, and of those before it: what was written under these is still read."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [sha256(KEY_CONTEXT + secret.encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "That code does not match. It may be of a moment ago: try the next one."
        ),
        "cannot_delete_authenticator": _("Operators need a second factor. Add another one first."),
    }

    def encrypt(self, text: str) -> str:
        return make_ring().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises ImproperlyConfigured under a SECRET_KEY that it was not written with."""
        try:
            return make_ring().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise ImproperlyConfigured(
                "A second factor was kept under another SECRET_KEY: name it in SECRET_KEY_FALLBACKS"
            ) from error

    def get_totp_issuer(self) -> str:
        return "Dresscode"

    def build_totp_svg(self, url: str) -> str:
        """The picture alone, to stand in a page: without the line that begins a file."""
        written: str = super().build_totp_svg(url)
        return written[written.index("<svg") :]

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Of the site's own address, whatever a request's Host says."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": "Dresscode"}

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Where operators need a second factor, the last one stays."""
        factors = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
        return (
            not needs_second_factor(authenticator.user)
            or factors.exclude(pk=authenticator.pk).exists()
        )


def needs_second_factor(user: User) -> bool:
    return settings.STAFF_SECOND_FACTOR and (user.is_staff or user.is_superuser)
