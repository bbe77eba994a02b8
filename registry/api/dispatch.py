"""From a request to an operation and back: who asks, whether they may, and what they sent."""

import logging
import re
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from pydantic import BaseModel, ValidationError

from accounts.models import User
from registry.api import problems
from registry.api.endpoints import Endpoint
from registry.api.problems import REFUSALS, ProblemError
from registry.models import ApiToken
from registry.services import tokens

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponse]

BEARER = re.compile(r"Bearer +(\S+)", re.IGNORECASE)
JSON_TYPES = ("application/json",)
TEXT_TYPES = ("text/markdown", "text/plain")


def make_view(endpoints: Sequence[Endpoint]) -> View:
    """The view of one address, which these endpoints share.

    No cookie counts here, so that no other site can make a browser act: that is why CSRF needs no token.
    """
    by_method = {endpoint.method: endpoint for endpoint in endpoints}
    if "GET" in by_method:
        by_method["HEAD"] = by_method["GET"]

    @csrf_exempt
    def view(request: HttpRequest, **route: Any) -> HttpResponse:
        try:
            response = answer(by_method, request, route)
        except ProblemError as problem:
            response = problem.respond()
        response.headers["Cache-Control"] = "no-store"
        return response

    return view


def answer(
    by_method: dict[str, Endpoint], request: HttpRequest, route: dict[str, Any]
) -> HttpResponse:
    """Raises ProblemError."""
    token = authenticate(request)
    endpoint = by_method.get(request.method or "")
    if endpoint is None:
        allowed = ", ".join(by_method)
        raise ProblemError(
            problems.METHOD_NOT_ALLOWED, f"Allowed: {allowed}", headers={"Allow": allowed}
        )
    require_permission(token.owner, endpoint.permission)
    if endpoint.method != "GET":
        logger.info("token %s: %s %s", token.pk, endpoint.method, request.path)
    try:
        return endpoint.operate(token.owner, **route, **read_question(endpoint, request)).respond()
    except tuple(REFUSALS) as error:
        raise problems.from_refusal(error) from error


def authenticate(request: HttpRequest) -> ApiToken:
    """The token that was shown. Raises ProblemError."""
    shown = BEARER.fullmatch(request.headers.get("Authorization", "").strip())
    token = tokens.find_token(shown[1]) if shown else None
    if token is None:
        fault = "wrong, expired or revoked" if shown else "missing: Authorization: Bearer TOKEN"
        raise ProblemError(
            problems.UNAUTHENTICATED, f"The token is {fault}", headers=make_challenge(bool(shown))
        )
    tokens.note_use(token)
    return token


def make_challenge(was_shown: bool) -> dict[str, str]:
    """As RFC 6750 has it: a reason only where a token was shown."""
    reason = ', error="invalid_token"' if was_shown else ""
    return {"WWW-Authenticate": f'Bearer realm="dresscode"{reason}'}


def require_permission(actor: "User", permission: str) -> None:
    """As the admin does, which lets in staff alone. Raises ProblemError."""
    if not (actor.is_staff and actor.has_perm(permission)):
        raise ProblemError(problems.FORBIDDEN, f"It takes the permission {permission}")


def read_question(endpoint: Endpoint, request: HttpRequest) -> dict[str, Any]:
    """The query and the body, as far as the endpoint has them. Raises ProblemError."""
    question: dict[str, Any] = {}
    try:
        if endpoint.query:
            question["query"] = endpoint.query.model_validate(request.GET.dict())
        if endpoint.body is str:
            question["body"] = read_text(request)
        elif endpoint.body and issubclass(endpoint.body, BaseModel):
            body = read_body(request, JSON_TYPES)
            question["body"] = endpoint.body.model_validate_json(body)
    except ValidationError as error:
        raise problems.from_validation(error) from error
    return question


def read_text(request: HttpRequest) -> str:
    try:
        return read_body(request, TEXT_TYPES).decode()
    except UnicodeDecodeError as error:
        raise ProblemError(problems.INVALID, "The body is no UTF-8") from error


def read_body(request: HttpRequest, types: Sequence[str]) -> bytes:
    if request.content_type not in types:
        wanted = " or ".join(types)
        raise ProblemError(problems.UNSUPPORTED_TYPE, f"Send the body as {wanted}")
    try:
        return request.body
    except RequestDataTooBig as error:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raise ProblemError(problems.TOO_LARGE, f"A body has {limit} bytes at most") from error


@csrf_exempt
def not_found(request: HttpRequest, path: str = "") -> HttpResponse:
    detail = "There is nothing at this address; /api/v1/openapi.json says what there is"
    return ProblemError(problems.NOT_FOUND, detail).respond()
