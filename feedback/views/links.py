"""What a link from a notification does without a sign-in: one act, of one outfit."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.rate_limits import limit_posts
from feedback.models import Rating
from feedback.services.ratings import NothingToRateError, rate_outfit, withdraw_verdict
from styling.morning.links import read_wear_link


@csrf_exempt
@limit_posts("wear", limit=60, seconds=3600)
@require_http_methods(["GET", "POST"])
def wear(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button, for programs open the links of mails; the button says that the outfit is worn, and the
    next one takes just that back.

    The link is the right to do so, whoever is signed in: it shows nothing of the outfit, and can do nothing else, so there
    is nothing that a forged request could gain.
    """
    suggestion = read_wear_link(token)
    if suggestion is None:
        raise Http404
    is_worn = suggestion.verdict == Rating.Verdict.ACCEPTED
    is_act = request.method == "POST" and is_worn == ("undo" in request.POST)
    if is_act:
        try:
            if is_worn:
                withdraw_verdict(suggestion)
            else:
                rate_outfit(suggestion=suggestion, verdict=Rating.Verdict.ACCEPTED)
        except NothingToRateError as error:
            raise Http404 from error
        is_worn = not is_worn
    context = {"is_worn": is_worn, "can_undo": is_act and is_worn}
    response = render(request, "feedback/wear_by_link.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
