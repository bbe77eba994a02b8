"""What every answer carries: the id of its trace, a content policy, and "do not keep this" on private pages."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from telemetry.spans import open_span

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class TraceMiddleware:
    """Begins a trace with each request: its answer, its log lines and what it sets going share the id.

    A caller's own id is not trusted.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with open_span("request", is_root=True) as trace:
            response = self.get_response(request)
        response.headers["X-Request-ID"] = trace.trace_id
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
    """No cache, ours or a proxy's, keeps the page of somebody who is signed in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-store"
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
