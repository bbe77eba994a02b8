"""What a link from a notification does without a sign-in: one act, of one outfit."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.acts.undoing import is_undo, offer_undo, read_sent
from accounts.rate_limits import limit_posts
from feedback.models import Rating
from feedback.services.ratings import (
    NothingInsteadError,
    NothingToRateError,
    put_back,
    rate_outfit,
)
from feedback.views.ratings import describe_former, read_former
from styling.morning.links import read_wear_link


@csrf_exempt
@limit_posts("wear", limit=60, seconds=3600)
@require_http_methods(["GET", "POST"])
def wear(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button, for programs open the links of mails; the button says that the outfit is worn, and the
    next one puts back what was said of it before.

    The link is the right to do so, whoever is signed in: it shows nothing of the outfit, and can do nothing else, so there
    is nothing that a forged request could gain. Only the browser that pressed the button can take it back,
    and nobody what was in words: they would outlive the account in a session that is nobody's.
    """
    suggestion = read_wear_link(token)
    if suggestion is None:
        raise Http404
    is_worn = suggestion.verdict == Rating.Verdict.ACCEPTED
    undo = ""
    if request.method == "POST" and is_worn == is_undo(request):
        try:
            if is_worn:
                put_back(suggestion, read_former(read_sent(request)))
            else:
                former = describe_former(suggestion)
                undo = "" if former["comment"] else offer_undo(request, request.path, former)
                rate_outfit(suggestion=suggestion, verdict=Rating.Verdict.ACCEPTED)
        except (NothingToRateError, NothingInsteadError) as error:
            raise Http404 from error
        is_worn = not is_worn
    context = {"is_worn": is_worn, "undo": undo}
    response = render(request, "feedback/wear_by_link.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
