"""How bodies are read and written."""

from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from pydantic_core import from_json, to_json

from registry.api.problems import INVALID, UNSUPPORTED_TYPE, ProblemError


class JsonParser(Parser):
    """Refuses what does not say that it is JSON; ninja's own reads any body as such."""

    def parse_body(self, request: HttpRequest) -> Any:
        require_type(request, "application/json")
        return from_json(request.body)


class JsonRenderer(JSONRenderer):
    """Keeps the microseconds of times, by which `live?at=` finds a move; ninja's own drops them."""

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return to_json(data)


def read_text(request: HttpRequest) -> str:
    """The text of a prompt file. Raises ProblemError and RequestDataTooBig."""
    require_type(request, "text/markdown", "text/plain")
    try:
        return request.body.decode()
    except UnicodeDecodeError as error:
        raise ProblemError(INVALID, "The body is no UTF-8") from error


def require_type(request: HttpRequest, *types: str) -> None:
    if request.content_type not in types:
        raise ProblemError(UNSUPPORTED_TYPE, f"Send the body as {' or '.join(types)}")
