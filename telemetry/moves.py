"""A line for whatever else an operator does in the admin: each move is told, also one that nobody thought of."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from telemetry.lines import collect_moves, log_fields, moves

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


class LogMovesMiddleware:
    """Below the admin's path, of somebody on the staff: what was sent, and answered by a redirect as every move is.

    A move that told of itself (`log_move`) has its line already. Else the line is the name of the view, with the keys in
    its address and the action that was chosen of several. What was typed is in no line.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_admin = request.path_info.startswith(f"/{settings.ADMIN_PATH}")
        if not is_admin or request.method in SAFE or not request.user.is_staff:
            return self.get_response(request)
        actor = request.user.pk
        with collect_moves() as told:
            response = self.get_response(request)
        match = request.resolver_match
        if match and not told and 300 <= response.status_code < 400:
            keys = {name: str(key) for name, key in match.kwargs.items()}
            action = request.POST.get("action", "")
            log_fields(
                moves,
                match.view_name or match.route,
                actor=actor,
                action=action if action.isidentifier() else None,
                **keys,
            )
        return response
