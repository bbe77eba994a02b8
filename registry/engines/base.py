"""What every engine speaks: one async method that yields events, and one exception tree.

EngineError
├── EngineUnavailableError      no connection, 5xx: another engine may answer
│   ├── EngineTimeoutError      connected, but no token in time
│   ├── EngineOverloadedError   429, 503: it is asked again for a while
│   ├── ConnectionLostError     the connection broke: asked once more if nothing was said
│   ├── ModelMissingError       404: it does not serve the version's model
│   └── OtherReleaseError       the version is of another release: a process of that one may answer
├── InputRefusedError           the engine refused the request (400): permanent
└── OutputError                 the answer broke off or is not what was asked (length, empty, abort)
"""

import math
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from registry.tasks import Image, Tool


class EngineError(Exception):
    """An engine gave no usable answer. `permanent` means that trying again cannot help."""

    permanent = False
    code = "engine"


class EngineUnavailableError(EngineError):
    code = "engine_unavailable"


class EngineTimeoutError(EngineUnavailableError):
    code = "engine_timeout"


class EngineOverloadedError(EngineUnavailableError):
    """`retry_after_s`: how long the engine asks to be left alone."""

    code = "engine_overloaded"

    def __init__(self, message: str, retry_after_s: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ConnectionLostError(EngineUnavailableError):
    code = "connection_lost"


class ModelMissingError(EngineUnavailableError):
    """The operator's fault: the engine is well, but lacks what a version asks for."""

    code = "model_missing"


class OtherReleaseError(EngineUnavailableError):
    """This process lacks what a version names, or is older than it: one of the version's own release may answer."""

    code = "other_release"


UNAVAILABLE_CODES = frozenset(
    error.code
    for error in (
        EngineUnavailableError,
        EngineTimeoutError,
        EngineOverloadedError,
        ConnectionLostError,
        ModelMissingError,
        OtherReleaseError,
    )
)
"""What a call says that no engine answered: nothing about its version."""


class InputRefusedError(EngineError):
    permanent = True
    code = "input_refused"


class OutputError(EngineError):
    """`code` is the violation to count: `truncated`, `empty_answer` or `invalid_json`."""

    code = "invalid_json"

    def __init__(self, message: str, code: str = "invalid_json") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class EngineRequest:
    """A rendered call, free of any database object.

    `offline` starts the task's built-in answer; only the built-in engine calls it.
    """

    task: str
    system: str
    user: str
    schema: dict[str, Any]
    images: Sequence[Image] = ()
    examples: Sequence[dict[str, Any]] = ()
    """Texts of a `user` and of the `assistant` who answered, and the `image` (Image) if there was one."""
    model: str = ""
    sampling: dict[str, Any] = field(default_factory=dict)
    enable_thinking: bool = False
    seed: int | None = None
    offline: Callable[[], Iterator[str]] = lambda: iter(())
    deadline_s: float = math.inf
    """For the whole answer, beside the engine's own limit."""
    pace_ms: float = 0.0
    """Pause between the built-in engine's words, so that they can be read as they arrive."""
    tools: Sequence[Tool] = ()
    turns: Sequence[dict[str, Any]] = ()
    """What was asked of tools so far, and what they said: messages that follow the user's."""
    allowed: frozenset[str] | None = None
    """The engines that may answer, by name; None for any."""
    traceparent: str = ""
    """The W3C trace context that a model server may go on in; empty where nobody collects traces."""


@dataclass(frozen=True)
class Asked:
    """From here on `engine` is asked: said by a composition, of each that it tries."""

    engine: str


@dataclass(frozen=True)
class TextDelta:
    text: str


@dataclass(frozen=True)
class ToolCall:
    """`arguments` as the model wrote them: JSON, if it is well."""

    name: str
    arguments: str
    id: str = ""


@dataclass(frozen=True)
class Completion:
    """The end of a stream, always the last event.

    `paused_ms`: how long it held its words back so that they can be read, which is no latency.
    `passed_over`: why an engine before it did not answer, by the code of its error.
    """

    engine: str
    model: str = ""
    finish_reason: str = "stop"
    input_tokens: int | None = None
    output_tokens: int | None = None
    paused_ms: float = 0.0
    passed_over: str = ""


EngineEvent = Asked | TextDelta | Completion


class Engine(Protocol):
    name: str

    def stream(self, request: EngineRequest) -> AsyncGenerator[EngineEvent, None]:
        """Yield text as it comes, then one Completion. Raises EngineError."""
