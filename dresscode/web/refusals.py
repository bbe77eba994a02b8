"""Django's side of `bodies`: the words and the look of a request whose body was not taken."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy

from dresscode.web.bodies import FULL, TOO_LARGE, TOO_MANY_FILES, TOO_SLOW, UNAVAILABLE
from registry.api import problems

GetResponse = Callable[[HttpRequest], HttpResponseBase]

NOT_BY_GET = 405

WORDS = {
    TOO_LARGE: (
        gettext_lazy("That was too much."),
        gettext_lazy("What was sent is larger than this address takes. Nothing of it was kept."),
    ),
    TOO_SLOW: (
        gettext_lazy("That took too long."),
        gettext_lazy(
            "Only a part of what was sent arrived in time. Nothing of it was kept. Try again on a better network."
        ),
    ),
    TOO_MANY_FILES: (
        gettext_lazy("Too many at once."),
        gettext_lazy(
            "At most %(most)s photos fit into one go. Nothing of it was kept. Choose fewer, and send the others after them."
        ),
    ),
    NOT_BY_GET: (
        gettext_lazy("Nothing to see here."),
        gettext_lazy(
            "This address belongs to a button of another page, and shows nothing by itself. Nothing was changed."
        ),
    ),
    UNAVAILABLE: (
        gettext_lazy("Not just now."),
        gettext_lazy(
            "It could not be taken in just now, and nothing of it was kept. Try again in a moment."
        ),
    ),
    FULL: (
        gettext_lazy("No room just now."),
        gettext_lazy(
            "There is no room for it on our side just now. Nothing was lost: keep what you sent and try again later."
        ),
    ),
}
KINDS = {
    TOO_LARGE: problems.TOO_LARGE,
    TOO_SLOW: problems.TOO_SLOW,
    TOO_MANY_FILES: problems.TOO_LARGE,
    UNAVAILABLE: problems.UNAVAILABLE,
    FULL: problems.UNAVAILABLE,
}


class RefusalMiddleware:
    """Answers before sessions and forms are looked at. Comes with the headers that every page has.

    A page, too, where an address that takes a POST alone is looked at.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        scope: dict[str, Any] = getattr(request, "scope", {})
        if refusal := scope.get("dresscode.refusal"):
            return refuse(request, refusal)
        response = self.get_response(request)
        return show_not_allowed(request, response) if is_blank(request, response) else response


def is_blank(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether a browser would show an error of its own: a tab that is loaded again asks by GET for what a form was sent
    to."""
    is_asked = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
    return is_asked and response.status_code == NOT_BY_GET and not getattr(response, "content", b"")


def show_not_allowed(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
    page = refuse(request, NOT_BY_GET)
    page.headers["Allow"] = response.headers["Allow"]
    return page


def refuse(request: HttpRequest, refusal: int) -> HttpResponse:
    """A page for people, a sentence for scripts, a problem for programs."""
    status = 503 if refusal == FULL else refusal
    if request.path.startswith("/api/"):
        return problems.ProblemError(KINDS[refusal], str(WORDS[refusal][1])).respond()
    with translation.override(translation.get_language_from_request(request)):
        most = {"most": settings.DATA_UPLOAD_MAX_NUMBER_FILES}
        title, words = (str(said) % most for said in WORDS[refusal])
        is_of_photos = refusal == TOO_MANY_FILES
        context = {"title": title, "words": words, "is_of_photos": is_of_photos}
        page = render_to_string("refused.html", context)
    if "text/html" not in request.headers.get("Accept", ""):
        return HttpResponse(words, "text/plain; charset=utf-8", status=status)
    return HttpResponse(
        page, status=status, headers={"X-Frame-Options": "DENY", "Cache-Control": "no-store"}
    )
