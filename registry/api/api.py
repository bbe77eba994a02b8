"""The API put together: its routers, its description, and the problems that errors become."""

from collections.abc import Callable
from functools import cache
from typing import Any

import ninja
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja.errors import HttpError, ValidationError, ValidationErrorContext
from ninja.operation import Operation

from registry.api import evaluations, prompts
from registry.api.auth import BearerToken
from registry.api.bodies import JsonParser, JsonRenderer
from registry.api.description import Description
from registry.api.problems import INVALID, REFUSALS, TOO_LARGE, Fault, ProblemError, from_refusal

make_description = cache(Description)  # It takes 50 ms, and anybody may ask for it.


class RegistryAPI(ninja.NinjaAPI):
    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> Description:
        return make_description(self, path_prefix or self.get_root_path(path_params or {}))

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        """Faults, named as clients name things: without the argument's name that ninja has before them."""
        errors = [
            {"where": ".".join(map(str, error["loc"][1:])), "message": error["msg"]}
            for context in error_contexts
            for error in context.pydantic_validation_error.errors(include_url=False)
        ]
        return ValidationError(errors)


def from_validation(error: ValidationError) -> ProblemError:
    faults = [Fault(**fault) for fault in error.errors]
    return ProblemError(INVALID, "See errors for what to mend", errors=faults)


def from_parsing(error: HttpError) -> ProblemError:
    """Ninja raises this, and no other HttpError, for whatever the parser raised."""
    if isinstance(error.__cause__, ProblemError):
        return error.__cause__
    fault = Fault(where="", message=f"Invalid JSON: {error.__cause__}")
    return ProblemError(INVALID, "See errors for what to mend", errors=[fault])


def from_size(error: RequestDataTooBig) -> ProblemError:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return ProblemError(TOO_LARGE, f"A body has {limit} bytes at most")


PROBLEMS: dict[type[Exception], Callable[[Any], ProblemError]] = {
    ProblemError: lambda problem: problem,
    ValidationError: from_validation,
    HttpError: from_parsing,
    RequestDataTooBig: from_size,
    **dict.fromkeys(REFUSALS, from_refusal),
}
"""What errors are to a client. All others are a fault of ours: `dresscode.pages.server_error`."""


def answer_problem(request: HttpRequest, error: Any) -> HttpResponse:
    explain = next(PROBLEMS[cls] for cls in type(error).__mro__ if cls in PROBLEMS)
    return explain(error).respond()


api = RegistryAPI(
    title="Dresscode registry",
    version="1",
    description=(
        "What operators do in the admin, for programs. A token acts for its owner, with the owner’s "
        "permissions. Errors are RFC 9457 problem details; their `type` says which one it is."
    ),
    docs_url=None,  # Its page needs scripts that the Content-Security-Policy refuses.
    servers=[{"url": "/"}],
    urls_namespace="api",
    auth=BearerToken(""),  # An operation that names no permission is for superusers alone.
    parser=JsonParser(),
    renderer=JsonRenderer(),
)
api.add_router("registry/prompts", prompts.router)
api.add_router("registry", evaluations.router)
for error_class in PROBLEMS:
    api.add_exception_handler(error_class, answer_problem)
