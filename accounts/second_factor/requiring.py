"""Operators sign in with a second factor, and set one up before anything else (`STAFF_SECOND_FACTOR`)."""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import resolve
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.second_factor.adapters import FACTORS, needs_second_factor

GetResponse = Callable[[HttpRequest], HttpResponseBase]

FREE = {
    "account_reauthenticate",
    "login",
    "logout",
    "password_change",
    "livez",
    "readyz",
    "metrics",
    "offline",
    "service-worker",
}
"""Pages on which somebody proves or changes who they are, and those of machines, besides those of the factors."""


def is_free(request: HttpRequest) -> bool:
    if request.path_info.startswith(settings.STATIC_URL):
        return True
    name = resolve(request.path_info).url_name or ""
    return name in FREE or name.startswith("mfa_")


def has_proved(request: HttpRequest, user: User) -> bool:
    """Whether this session was opened with a second factor, or has set one up."""
    records = get_authentication_records(request, user)
    return any(record.get("method") == "mfa" for record in records)


class RequireSecondFactorMiddleware:
    """After `AuthenticationMiddleware`. A session without the factor that its account has ends."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.ask(request) or self.get_response(request)

    def ask(self, request: HttpRequest) -> HttpResponseBase | None:
        user = request.user
        if not isinstance(user, User) or not needs_second_factor(user):
            return None
        if has_proved(request, user) or is_free(request):
            return None
        if is_mfa_enabled(user, FACTORS):
            logout(request)
            return redirect(settings.LOGIN_URL)
        messages.warning(request, _("Operators sign in with a second factor. Set one up to go on."))
        return redirect("mfa_index")


def count_as_proved(
    request: HttpRequest, user: User, authenticator: Authenticator, **signal: Any
) -> None:
    """Setting a factor up has shown that its owner holds it."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
