"""Choosing a language, and the words of scripts."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import JavaScriptCatalog

from accounts.http import read_next
from accounts.languages.forms import LanguageForm
from accounts.models import User

CATALOG = JavaScriptCatalog.as_view(packages=["accounts"])
"""Of `locale/` alone: without a package it would hold the admin's words, too."""
IMMUTABLE = "public, max-age=31536000, immutable"


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Kept with the account of who is signed in, and in a cookie of this browser for the pages before signing in. Leads
    back to the page `next` of ours. What is no language of ours changes nothing, and says so."""
    response = redirect(read_next(request) or "home")
    form = LanguageForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("We do not speak that language yet."))
        return response
    chosen = form.cleaned_data["language"]
    if isinstance(request.user, User):
        request.user.language = chosen
        request.user.save(update_fields=["language"])
        with translation.override(chosen or translation.get_language()):
            messages.success(request, _("Saved."))
    keep_cookie(response, chosen)
    return response


def keep_cookie(response: HttpResponse, language: str) -> None:
    """None for what the browser says."""
    if not language:
        response.delete_cookie(
            settings.LANGUAGE_COOKIE_NAME, samesite=settings.LANGUAGE_COOKIE_SAMESITE
        )
        return
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


@require_safe
def show_words(request: HttpRequest, language: str) -> HttpResponseBase:
    """What scripts say in a language, as Django's `gettext` and its kin for them. Its address names its revision, so it
    is kept for good."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        response = CATALOG(request)
    response.headers["Cache-Control"] = IMMUTABLE
    response.headers["Content-Language"] = language
    return response
