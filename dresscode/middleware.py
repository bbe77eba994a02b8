"""What every answer carries: the id of its trace, a content policy, and "do not keep this" on private pages. Lists of the
admin besides, whose addresses ask for what no column holds."""

import logging
from collections.abc import Callable

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.views.main import ERROR_FLAG
from django.db import DataError, ProgrammingError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from telemetry.spans import Span, start_span
from telemetry.traces import new_trace, read_traceparent, within

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]

UNTOLD = (settings.STATIC_URL, "/livez", "/readyz", "/metrics")
"""Paths of machines and of files: an id, and no span."""


class TraceMiddleware:
    """Begins a trace with each request: its answer, its log lines and what it sets going share the id.

    A caller's own id is not trusted: its trace is linked to, and ours begins.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(UNTOLD):
            return self.answer(request, Span(new_trace()))
        link = read_traceparent(request.headers.get("traceparent", ""))
        span = start_span(str(request.method), is_root=True, kind="server", link=link)
        try:
            return self.answer(request, span)
        finally:
            span.end()

    def answer(self, request: HttpRequest, span: Span) -> HttpResponseBase:
        with within(span.trace):
            response = self.get_response(request)
        response.headers["X-Request-ID"] = span.trace.trace_id
        route = request.resolver_match.route if request.resolver_match else ""
        span.rename(f"{request.method} /{route}")
        span.say(method=request.method, route=f"/{route}", status=response.status_code)
        if response.status_code >= 500:
            span.fail(str(response.status_code))
        return response


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The wearer's strict policy; below the admin's path the one that unfold can live with."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(f"/{settings.ADMIN_PATH}") and not report_only:
            parts.config = settings.ADMIN_POLICY
        return parts


class PrivateResponseMiddleware:
    """No cache, ours or a proxy's, keeps the page of somebody who is signed in. Our service worker may, under the mark
    of that account, until they sign out.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-store"
        if request.user.is_authenticated:
            response.headers["X-Account"] = request.user.device_mark
        return response


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise that hands over bytes: under ASGI Django would read its iterator whole, and warn each time."""

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        answer = static_file.get_response(request.method, request.META)
        content = b""
        if answer.file is not None:
            with answer.file as file:
                content = file.read()
        response = HttpResponse(content, status=int(answer.status))
        del response.headers["Content-Type"]
        for name, value in answer.headers:
            response.headers[name] = value
        return response


class OddFilterMiddleware:
    """A list of the admin whose address asks for what no column holds is shown whole, and says so.

    Django turns away what it cannot read, without a word, and breaks on what only the database refuses: a NUL, a range of
    three ends, a day before the first, an address that is none. If the whole list breaks as well, the filter was no fault
    of it, and that is a 500.
    """

    ODD = (DataError, ProgrammingError, ValueError, TypeError, LookupError, ArithmeticError)

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.headers.get("Location") == self.whole_list(request):
            messages.warning(request, "The list cannot be narrowed to that, so all of it is shown.")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match = request.resolver_match
        is_list = (
            match and match.app_name == "admin" and f"{match.url_name}".endswith("_changelist")
        )
        is_narrowed = request.method in {"GET", "HEAD"} and {*request.GET} - {ERROR_FLAG}
        if not (is_list and is_narrowed and isinstance(error, self.ODD)):
            return None
        logger.info("%s cannot be narrowed as asked: %s", request.path, type(error).__name__)
        return HttpResponseRedirect(self.whole_list(request))

    @staticmethod
    def whole_list(request: HttpRequest) -> str:
        return f"{request.path}?{ERROR_FLAG}=1"
