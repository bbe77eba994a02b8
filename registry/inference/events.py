"""What a caller of a model hears: events, and the exceptions of a call that gives no answer."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel

from registry.engines.base import EngineError
from registry.prompts.live_versions import LiveVersion
from registry.tasks import Violation


@dataclass(frozen=True)
class Started:
    """The row is open. `seed` is the one the engine was given."""

    call_id: UUID
    trace_id: UUID
    version: LiveVersion
    seed: int


@dataclass(frozen=True)
class Delta:
    """More of the answer's JSON text, raw, as it comes."""

    text: str


@dataclass(frozen=True)
class Finished:
    """A well-formed answer, as its review lets it be shown. `fell_back`: another engine than the first that may
    answer under the version, which was passed over for the error with the code `passed_over`."""

    call_id: UUID
    output: BaseModel
    violations: list[Violation]
    engine: str
    model: str
    fell_back: bool
    passed_over: str = ""


InferenceEvent = Started | Delta | Finished


class InferenceError(Exception):
    """A call that failed; its row says so. `permanent`: trying again cannot help."""

    def __init__(self, message: str, *, call_id: UUID, code: str, permanent: bool) -> None:
        super().__init__(message)
        self.call_id = call_id
        self.code = code
        self.permanent = permanent


class UnusablePromptError(EngineError):
    """The live version cannot be rendered for its task: roll it back."""

    code = "prompt_unusable"


class HeldBackError(EngineError):
    """The answer's review does not let anybody see it."""

    code = "held_back"


class LostCallError(EngineError):
    """The row was closed meanwhile: this process was taken for dead, and its answer comes too late."""

    code = "process_lost"
