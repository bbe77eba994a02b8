"""Pages for when something is not there: ours to mend, or the network. They need no database."""

import hashlib
import sys
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.decorators.http import require_safe

from accounts.languages.words import find_words
from dresscode.web.bodies import FULL, TOO_LARGE, TOO_MANY_FILES
from dresscode.web.refusals import refuse
from registry.api.problems import BROKEN, ProblemError
from telemetry.traces import current_trace, new_trace
from wardrobe.photos.storage import is_full

# What the offline page needs to look as it should, and what most pages are made of.
SHELL = ["dresscode.css", "favicon.svg", "icons.svg", "js/base.js", "js/offline.js", "js/photos.js"]
SHELL += ["js/answer.js", "js/ask.js", "js/place.js", "django_htmx/htmx-2.min.js"]
WORKER_PARTS = [
    f"js/worker/{part}.js" for part in ("queue", "offline", "sending", "sharing", "notifying")
]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; why, where a form brought more files or, with 413, more fields or bytes than Django takes in one."""
    if isinstance(exception, TooManyFilesSent):
        return refuse(request, TOO_MANY_FILES)
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return refuse(request, TOO_LARGE)
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 with the number of the request, by which its calls and log lines are found; programs get its whole id, as
    they get all problems. 503 where a disk was full: what was sent was no fault, and may be sent again."""
    if is_full(sys.exc_info()[1]):
        return refuse(request, FULL)
    trace = current_trace() or new_trace()
    if request.resolver_match and request.resolver_match.app_name == "api":
        return ProblemError(BROKEN, f"Request {trace.trace_id} broke; it is in the log").respond()
    return HttpResponse(render_to_string("500.html", {"number": trace.number}), status=500)


def not_found(request: HttpRequest, nowhere: str) -> HttpResponse:
    """The admin's `r/`, which leads to pages that models name: none of ours does, and odd ids would break it."""
    raise Http404


async def no_such_socket(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """404 to a websocket at an address that is none; where the server cannot say that, the handshake ends."""
    await receive()
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close"})
        return
    await send({"type": "websocket.http.response.start", "status": 404, "headers": []})
    await send({"type": "websocket.http.response.body", "body": b""})


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the service worker, so it says nothing of who is signed in."""
    return HttpResponse(render_to_string("offline.html"))


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a device shows of the installed app, and that photos can be shared with it."""
    shown = {
        "id": "/",
        "name": "Dresscode",
        "short_name": "Dresscode",
        "description": _("What should I wear? Answered with clothes you own."),
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": reverse("styling:ask"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#f5f7f9",
        "theme_color": "#1d1f6b",
        "categories": ["lifestyle"],
        "icons": [
            describe_icon("favicon.svg", "any", "image/svg+xml"),
            describe_icon("app/icon-192.png", "192x192", "image/png"),
            describe_icon("app/icon-512.png", "512x512", "image/png"),
            describe_icon("app/maskable-512.png", "512x512", "image/png", purpose="maskable"),
        ],
        "screenshots": [
            describe_icon("app/answer-narrow.png", "390x844", "image/png", form_factor="narrow"),
            describe_icon("app/wardrobe-narrow.png", "390x844", "image/png", form_factor="narrow"),
            describe_icon("app/wardrobe-wide.png", "1280x800", "image/png", form_factor="wide"),
        ],
        "shortcuts": [
            {"name": _("Add photos"), "url": reverse("wardrobe:photo-upload")},
            {"name": _("Wardrobe"), "url": reverse("wardrobe:garment-list")},
        ],
        "share_target": {
            "action": reverse("wardrobe:photo-share"),
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {"files": [{"name": "photos", "accept": ["image/*"]}]},
        },
    }
    return JsonResponse(shown, content_type="application/manifest+json")


def describe_icon(name: str, sizes: str, kind: str, **more: str) -> dict[str, str]:
    return {"src": static(name), "sizes": sizes, "type": kind, **more}


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """From the root, because a worker may only serve what lies below its own address."""
    words = find_words()
    shell = [reverse("offline"), words, *map(static, SHELL)]
    context = {
        "shell": shell,
        "revision": hashlib.sha256("".join(shell).encode()).hexdigest()[:12],
        "icon": static("favicon.svg"),
        "parts": [words, *(static(part) for part in WORKER_PARTS)],
        "language": get_language(),
        "addresses": {
            "queue": reverse("wardrobe:photo-queue"),
            "upload": reverse("wardrobe:photo-upload"),
            "share": reverse("wardrobe:photo-share"),
            "sign_out": reverse("logout"),
        },
    }
    script = render_to_string("service_worker.js", context)
    return HttpResponse(
        script, content_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )
