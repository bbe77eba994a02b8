"""What a link from a notification does without a sign-in: one act, of one outfit."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.rate_limits import limit_posts
from feedback.models import Rating
from feedback.services.ratings import NothingToRateError, rate_outfit
from styling.morning.links import read_wear_link


@csrf_exempt
@limit_posts("wear", limit=60, seconds=3600)
@require_http_methods(["GET", "POST"])
def wear(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button, for programs open the links of mails; the button says that the outfit is worn.

    The link is the right to do so, whoever is signed in: it shows nothing of the outfit, and can do nothing else, so there
    is nothing that a forged request could gain.
    """
    suggestion = read_wear_link(token)
    if suggestion is None:
        raise Http404
    is_worn = suggestion.verdict == Rating.Verdict.ACCEPTED
    if request.method == "POST" and not is_worn:
        try:
            rate_outfit(suggestion=suggestion, verdict=Rating.Verdict.ACCEPTED)
        except NothingToRateError as error:
            raise Http404 from error
        is_worn = True
    response = render(request, "feedback/wear_by_link.html", {"is_worn": is_worn})
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
