"""Answers in the language of whoever asks: the account's, else the one chosen in this browser, else the browser's own."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from accounts.languages.speaking import language_of
from accounts.models import User

GetResponse = Callable[[HttpRequest], HttpResponseBase]

MACHINES = ("/api/", "/livez", "/readyz", "/metrics")
"""What machines read, in English."""
WORDS = ("text/", "application/json", "application/manifest+json")
"""Kinds of answers that are in a language; a picture is the same in all."""


class LanguageMiddleware:
    """Needs the user, and comes before whatever says something."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_in_english(request):
            with translation.override(settings.LANGUAGE_CODE):
                return self.get_response(request)
        language = find_language(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith(WORDS):
            response.headers.setdefault("Content-Language", language)
            patch_vary_headers(response, ("Cookie", "Accept-Language"))
        return response


def is_in_english(request: HttpRequest) -> bool:
    """For machines, and for operators on their own pages. Whoever is turned away there is told so in their language."""
    if request.path_info.startswith(f"/{settings.ADMIN_PATH}"):
        return bool(getattr(request.user, "is_staff", False))
    return request.path_info.startswith(MACHINES)


def find_language(request: HttpRequest) -> str:
    """What their browser asks for is kept with an account that chose none, for what is written to them later."""
    asked = translation.get_language_from_request(request)
    user = request.user
    if not isinstance(user, User):
        return asked
    if user.language in dict(settings.LANGUAGES):
        return user.language
    if asked != language_of(user):
        User.objects.filter(pk=user.pk).update(browser_language=asked)
        user.browser_language = asked
    return asked
