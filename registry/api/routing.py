"""Ninja's router, and what it leaves undone at an address: HEAD, and other methods."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import ninja
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from ninja.types import TCallable

from registry.api.problems import METHOD_NOT_ALLOWED, ProblemError

View = Callable[..., HttpResponseBase]


class Router(ninja.Router):
    def get(self, path: str, **options: Any) -> Callable[[TCallable], TCallable]:
        """Answers HEAD as well."""
        return self.api_operation(["GET", "HEAD"], path, **options)


def finish(view: View) -> View:
    """A view of ninja's whose answers nobody keeps, and whose 405 is a problem."""

    @wraps(view)
    def finished(request: HttpRequest, **route: Any) -> HttpResponseBase:
        response = view(request, **route)
        if isinstance(response, HttpResponseNotAllowed):
            response = refuse_method(response.headers["Allow"])
        response.headers["Cache-Control"] = "no-store"
        return response

    return finished


def refuse_method(unordered: str) -> HttpResponseBase:
    allowed = ", ".join(sorted(unordered.split(", ")))
    headers = {"Allow": allowed}
    return ProblemError(METHOD_NOT_ALLOWED, f"Allowed: {allowed}", headers=headers).respond()
