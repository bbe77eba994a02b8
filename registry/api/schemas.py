"""What goes over the wire, both ways. Times are ISO 8601 with an offset; people are named by their emails.

What is sent are plain pydantic models. What is answered are ninja's schemas, which read the registry's rows:
an `alias` says where a field is found, `resolve_x` how `x` is made.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from ninja import Schema
from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    computed_field,
    model_validator,
)

from accounts.models import User
from registry.api.finders import list_versions
from registry.evaluation import gate, reports
from registry.evaluation.standings import EngineStanding, find_standings
from registry.models import Deployment, EvaluationRun, Prompt, PromptVersion

COMPLETED = EvaluationRun.Ending.COMPLETED
MAX_NUMBER = 2**31 - 1


def name_person(user: User | None) -> str | None:
    return user.get_username() if user else None


Number = Annotated[int, Field(ge=1, le=MAX_NUMBER)]
Person = Annotated[str | None, BeforeValidator(name_person)]
PromptName = Annotated[str, Field(pattern="^[-a-zA-Z0-9_]+$")]
Reason = Annotated[
    str,
    # PostgreSQL's texts hold no NUL.
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*$"),
]
AgainReason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^[^\x00]*$"),
    Field(description="Of a version that was taken back: why it comes again."),
]
VersionNumber = Annotated[int, Field(ge=0)]


class Input(BaseModel):
    """A name that is not known is refused, for it is a slip of the pen."""

    model_config = ConfigDict(extra="forbid")


class QueryInput(Input):
    @model_validator(mode="before")
    @classmethod
    def read_all(cls, known: Any, info: ValidationInfo) -> Any:
        """The whole query: of what no field is named for ninja would say nothing."""
        return info.context["request"].GET.dict() if info.context else known


class Promotion(Input):
    version: Number
    reason: Reason
    expected_epoch: int = Field(
        ge=0, le=MAX_NUMBER, description="That of what is live; 0 when nothing is."
    )
    again_reason: AgainReason = ""
    confirm: bool = Field(
        False, description="It goes live although its canary had too few answers to tell."
    )


class Rollback(Input):
    version: Number = Field(description="One that was live before.")
    reason: Reason
    expected_epoch: Number = Field(description="That of what is live.")
    in_flight: Deployment.InFlight = Field(
        Deployment.InFlight.DRAIN, description="What becomes of answers that are being written."
    )
    again_reason: AgainReason = ""


class Moment(QueryInput):
    at: AwareDatetime | None = Field(None, description="Now, unless said.")


class HistoryPage(QueryInput):
    before: Number | None = Field(None, description="Only moves of earlier epochs.")
    limit: int = Field(100, ge=1, le=500)


class Live(Schema):
    version: int = Field(alias="version.number")
    sha256: str = Field(alias="version.sha256")
    epoch: int = Field(description="Rises by one with every move; send it with the next one.")
    since: datetime = Field(alias="updated_at")


class PromptSummary(Schema):
    name: str
    description: str
    live: Live | None = Field(alias="production")


class PromptList(Schema):
    prompts: list[PromptSummary]


class VersionSummary(Schema):
    number: int
    sha256: str = Field(description="Of the bundle's canonical JSON.")
    notes: str
    source: str
    author: Person
    created_at: datetime
    is_live: bool
    was_live: bool = Field(description="It is or was live.")
    is_archived: bool = Field(description="A draft that was put away: it goes live once restored.")


class PromptDetail(PromptSummary):
    versions: list[VersionSummary] = Field(description="The newest first.")

    @staticmethod
    def resolve_versions(prompt: Prompt) -> QuerySet[PromptVersion]:
        return list_versions(prompt)


class EngineVerdict(Schema):
    """What the gate says of a version with one engine, on the current golden examples."""

    engine: str
    state: Literal["passed", "failed", "running", "unasked"]
    is_configured: bool = Field(description="It can be asked on this machine.")
    failures: list[str]


class VersionDetail(VersionSummary):
    prompt: str = Field(alias="prompt.name")
    bundle: dict[str, Any]
    failures: list[str] = Field(description="Why it has passed with no engine.")
    engines: list[EngineVerdict] = Field(
        description="It answers wearers with those that it has passed with."
    )

    @staticmethod
    def resolve_engines(version: PromptVersion) -> list[EngineStanding]:
        return find_standings(version)

    @staticmethod
    def resolve_failures(version: PromptVersion) -> list[str]:
        return gate.explain_not_passed(version)

    @computed_field(description="What the gate says now.")
    def passed(self) -> bool:
        return not self.failures


class Move(Schema):
    """One row of the history of what is live."""

    epoch: int
    kind: Deployment.Kind
    from_version: int | None
    to_version: int = Field(alias="to_version.number")
    actor: Person
    reason: str
    evaluation: int | None = Field(alias="evaluation_id", description="The run that let it pass.")
    override: bool = Field(description="It went live without a pass, by a superuser's leave.")
    in_flight: Deployment.InFlight
    created_at: datetime

    @staticmethod
    def resolve_from_version(move: Deployment) -> int | None:
        return move.from_version.number if move.from_version else None

    @staticmethod
    def resolve_override(move: Deployment) -> bool:
        return move.override_id is not None


class History(Schema):
    moves: list[Move] = Field(description="The newest first.")
    next_before: int | None = Field(description="Ask with `before` for those that follow, if any.")


class Share(Schema):
    """A share, with its 95 % Wilson interval."""

    hits: int
    total: int
    share: float
    low: float = Field(alias="interval.0")
    high: float = Field(alias="interval.1")


class Report(Schema):
    """Counted from the results as they are now."""

    examples: int
    answered: int
    repeats: int = Field(description="How often each example is asked.")
    fields: Share
    valid: Share
    recall: Share
    precision: Share
    by_field: dict[str, Share]
    by_slice: dict[str, Share]
    violations: dict[str, int]
    errors: dict[str, int]


class Evaluation(Schema):
    id: int
    prompt: str = Field(alias="version.prompt.name")
    version: int = Field(alias="version.number")
    dataset: str = Field(alias="dataset_version.dataset.name")
    dataset_version: int = Field(alias="dataset_version.number")
    engine: str
    ending: EvaluationRun.Ending | None = Field(description="Null while it runs.")
    failures: list[str] = Field(description="Why not.")
    actor: Person
    started_at: datetime
    ended_at: datetime | None
    report: Report

    @staticmethod
    def resolve_ending(run: EvaluationRun) -> str | None:
        return run.ending or None

    @staticmethod
    def resolve_failures(run: EvaluationRun) -> list[str]:
        verdict = run.verdicts.first()
        return list(verdict.failures) if verdict else []

    @staticmethod
    def resolve_report(run: EvaluationRun) -> reports.EvaluationReport:
        return reports.report_run(run)

    @computed_field(
        description="Whether the run lets its version pass the gate; null until it is completed."
    )
    def passed(self) -> bool | None:
        return not self.failures if self.ending == COMPLETED else None


class EvaluationList(Schema):
    evaluations: list[Evaluation]
