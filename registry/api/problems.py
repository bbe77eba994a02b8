"""What went wrong, as RFC 9457 problem details: every error of the API has this one form."""

from dataclasses import dataclass

from django.http import HttpResponse
from pydantic import BaseModel, Field

from registry.evaluation.gate import NotPassedError
from registry.prompts.authoring import UnknownVariableError
from registry.prompts.files import PromptFileError
from registry.services import releases
from registry.services.archivings import ArchivedError
from registry.services.overrides import ReasonRequiredError


@dataclass(frozen=True)
class Kind:
    """A kind of problem; clients tell them apart by `type`, which is made of `name`."""

    name: str
    status: int
    title: str

    @property
    def type(self) -> str:
        return f"urn:dresscode:problem:{self.name}"


UNAUTHENTICATED = Kind("unauthenticated", 401, "A valid token is needed")
FORBIDDEN = Kind("forbidden", 403, "The token’s owner may not do this")
SAME_PERSON = Kind("same-person", 403, "Somebody else than its author has to release it")
NOT_FOUND = Kind("not-found", 404, "There is no such thing")
METHOD_NOT_ALLOWED = Kind("method-not-allowed", 405, "Not with this method")
MOVED_MEANWHILE = Kind("moved-meanwhile", 409, "Somebody else moved it first")
TOO_SLOW = Kind("too-slow", 408, "The body took too long to arrive")
TOO_LARGE = Kind("too-large", 413, "The body is too large")
UNSUPPORTED_TYPE = Kind("unsupported-type", 415, "Not with this content type")
INVALID = Kind("invalid", 422, "What was sent is not valid")
INVALID_PROMPT_FILE = Kind("invalid-prompt-file", 422, "The prompt file cannot be read")
ARCHIVED = Kind("archived", 422, "The version is archived")
NOT_PASSED = Kind("not-passed", 422, "The version has not passed")
TAKEN_BACK = Kind("taken-back", 422, "The version was taken back")
TOO_FEW_ANSWERS = Kind("too-few-answers", 422, "The version’s canary cannot tell yet")
NOT_ONCE_LIVE = Kind("not-once-live", 422, "The version has never been live")
UNUSABLE = Kind("unusable", 422, "This release cannot run the version")
NO_DATASET = Kind("no-dataset", 422, "There is no golden dataset to ask")
UNAVAILABLE = Kind("unavailable", 503, "Not just now")
BROKEN = Kind("broken", 500, "Something broke here, not with you")

REFUSALS: dict[type[Exception], Kind] = {
    ArchivedError: ARCHIVED,
    releases.MovedMeanwhileError: MOVED_MEANWHILE,
    releases.NotOnceLiveError: NOT_ONCE_LIVE,
    ReasonRequiredError: INVALID,
    releases.SamePersonError: SAME_PERSON,
    releases.TakenBackError: TAKEN_BACK,
    releases.TooFewAnswersError: TOO_FEW_ANSWERS,
    releases.UnusableVersionError: UNUSABLE,
    NotPassedError: NOT_PASSED,
    PromptFileError: INVALID_PROMPT_FILE,
    UnknownVariableError: INVALID_PROMPT_FILE,
}
"""What the registry's verbs raise. Nothing has changed then."""


class Fault(BaseModel):
    """What is wrong with one thing that was sent."""

    where: str = Field(description="Its name, with a dot before what lies inside; empty for all.")
    message: str


class Problem(BaseModel):
    type: str
    title: str
    status: int
    detail: str
    failures: list[str] | None = Field(
        None, description="Of `not-passed`: what stands against the version."
    )
    errors: list[Fault] | None = Field(None, description="Of what was sent: what is wrong where.")


class ProblemError(Exception):
    """Ends a request with this problem."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        failures: list[str] | None = None,
        errors: list[Fault] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.problem = Problem(
            type=kind.type,
            title=kind.title,
            status=kind.status,
            detail=detail,
            failures=failures,
            errors=errors,
        )
        self.headers = headers or {}

    def respond(self) -> HttpResponse:
        return HttpResponse(
            self.problem.model_dump_json(exclude_none=True),
            status=self.problem.status,
            content_type="application/problem+json",
            headers=self.headers,
        )


def from_refusal(error: Exception) -> ProblemError:
    """The problem that one of `REFUSALS` is to a client."""
    failures = error.failures if isinstance(error, NotPassedError) else None
    errors = None
    if isinstance(error, UnknownVariableError):
        errors = [Fault(where=error.part, message=str(error))]
    return ProblemError(REFUSALS[type(error)], str(error), failures=failures, errors=errors)
