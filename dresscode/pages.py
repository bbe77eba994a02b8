"""Pages for when something is not there: ours to mend, or the network. They need no database."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from dresscode.logs import request_id
from registry.api.problems import BROKEN, ProblemError

# What the offline page needs to look as it should.
SHELL = ["dresscode.css", "favicon.svg", "icons.svg", "js/base.js", "js/offline.js"]


def server_error(request: HttpRequest) -> HttpResponse:
    """500 with the request's id, by which its log lines are found; programs get it as they get all problems."""
    if request.resolver_match and request.resolver_match.app_name == "api":
        return ProblemError(BROKEN, f"Request {request_id.get()} broke; it is in the log").respond()
    return HttpResponse(render_to_string("500.html", {"request_id": request_id.get()}), status=500)


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the service worker, so it says nothing of who is signed in."""
    return HttpResponse(render_to_string("offline.html"))


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """From the root, because a worker may only serve what lies below its own address."""
    shell = [reverse("offline"), *map(static, SHELL)]
    revision = hashlib.sha256("".join(shell).encode()).hexdigest()[:12]
    script = render_to_string("service_worker.js", {"shell": shell, "revision": revision})
    return HttpResponse(
        script, content_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )
