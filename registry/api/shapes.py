"""What goes over the wire, both ways. Times are ISO 8601 with an offset; people are named by their emails."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from accounts.models import User
from registry.models import Deployment, EvaluationRun

MAX_NUMBER = 2**31 - 1
Number = Annotated[int, Field(ge=1, le=MAX_NUMBER)]
Reason = Annotated[
    str,
    # PostgreSQL's texts hold no NUL.
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*$"),
]


def name_person(user: "User | None") -> str | None:
    return user.get_username() if user else None


class Question(BaseModel):
    """What a client sends: a name that is not known is refused, for it is a slip of the pen."""

    model_config = ConfigDict(extra="forbid")


class Promotion(Question):
    version: Number
    reason: Reason
    expected_epoch: int = Field(
        ge=0, le=MAX_NUMBER, description="That of what is live; 0 when nothing is."
    )


class Rollback(Question):
    version: Number = Field(description="One that was live before.")
    reason: Reason
    expected_epoch: Number = Field(description="That of what is live.")
    in_flight: Deployment.InFlight = Field(
        Deployment.InFlight.DRAIN, description="What becomes of answers that are being written."
    )


class Moment(Question):
    at: AwareDatetime | None = Field(None, description="Now, unless said.")


class HistoryPage(Question):
    before: Number | None = Field(None, description="Only moves of earlier epochs.")
    limit: int = Field(100, ge=1, le=500)


class Live(BaseModel):
    version: int
    sha256: str
    epoch: int = Field(description="Rises by one with every move; send it with the next one.")
    since: datetime


class PromptSummary(BaseModel):
    name: str
    description: str
    live: Live | None


class PromptList(BaseModel):
    prompts: list[PromptSummary]


class VersionSummary(BaseModel):
    number: int
    sha256: str = Field(description="Of the bundle's canonical JSON.")
    notes: str
    source: str
    author: str | None
    created_at: datetime
    is_live: bool
    was_live: bool = Field(description="It is or was live: it can be rolled back to.")


class PromptDetail(PromptSummary):
    versions: list[VersionSummary] = Field(description="The newest first.")


class VersionDetail(VersionSummary):
    prompt: str
    bundle: dict[str, Any]
    passed: bool = Field(description="What the gate says now.")
    failures: list[str] = Field(description="Why it has not passed.")


class Move(BaseModel):
    """One row of the history of what is live."""

    epoch: int
    kind: Deployment.Kind
    from_version: int | None
    to_version: int
    actor: str | None
    reason: str
    evaluation: int | None = Field(description="The run that let it pass.")
    override: bool = Field(description="It went live without a pass, by a superuser's leave.")
    in_flight: Deployment.InFlight
    created_at: datetime


class History(BaseModel):
    moves: list[Move] = Field(description="The newest first.")
    next_before: int | None = Field(description="Ask with `before` for those that follow, if any.")


class Share(BaseModel):
    """A share, with its 95 % Wilson interval."""

    hits: int
    total: int
    share: float
    low: float
    high: float


class Report(BaseModel):
    """Counted from the results as they are now."""

    examples: int
    answered: int
    fields: Share
    valid: Share
    recall: Share
    precision: Share
    by_field: dict[str, Share]
    by_slice: dict[str, Share]
    violations: dict[str, int]
    errors: dict[str, int]


class Evaluation(BaseModel):
    id: int
    prompt: str
    version: int
    dataset: str
    dataset_version: int
    engine: str
    ending: EvaluationRun.Ending | None = Field(description="Null while it runs.")
    passed: bool | None = Field(
        description="Whether the run lets its version pass the gate; null until it is completed."
    )
    failures: list[str] = Field(description="Why not.")
    actor: str | None
    started_at: datetime
    ended_at: datetime | None
    report: Report


class EvaluationList(BaseModel):
    evaluations: list[Evaluation]
