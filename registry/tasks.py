"""The contract of an AI job, and the tasks this project has.

Everything generic (prompts, versions, inference, evaluation, rollback) is written once over `Task`;
everything specific is one class in the app that owns the job, named in `settings.INFERENCE_TASKS`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from django.conf import settings
from django.utils.module_loading import import_string
from pydantic import BaseModel

JSON = dict[str, Any]


@dataclass(frozen=True)
class Violation:
    """A rule of the domain that an answer broke, such as `unowned_item`."""

    code: str
    message: str


@dataclass(frozen=True)
class Score:
    """How one answer compares with its golden label: fields right, out of fields asked."""

    correct: int
    total: int
    fields: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Image:
    """An encoded picture for a vision prompt."""

    data: bytes
    media_type: str = "image/webp"


ContextT = TypeVar("ContextT", contravariant=True)
OutputT = TypeVar("OutputT", bound=BaseModel)


class Task(Protocol, Generic[ContextT, OutputT]):
    """One AI job. `context` is a plain frozen dataclass: built by the app before inference, with
    everything that the job may use, so that no method below touches the database."""

    name: ClassVar[str]
    output: type[OutputT]

    def variables(self, context: ContextT) -> Mapping[str, str]:
        """What the prompt templates may use; names are the same for every context."""

    def images(self, context: ContextT) -> Sequence[Image]:
        """Pictures that go with the user message, in order."""

    def schema(self, context: ContextT, parameters: JSON) -> JSON:
        """The JSON schema of the answer, narrowed to this request."""

    def offline(self, context: ContextT, parameters: JSON) -> Iterator[str]:
        """The built-in engine's answer: the same JSON, in pieces, under a version's parameters."""

    def check(self, context: ContextT, output: OutputT) -> list[Violation]:
        """What is wrong with a well-formed answer."""

    def score(self, expected: OutputT, output: OutputT) -> Score:
        """Compare an answer with a golden label, field by field."""


AnyTask = Task[Any, Any]


@cache
def all_tasks() -> dict[str, AnyTask]:
    """The tasks of `settings.INFERENCE_TASKS` by name."""
    tasks: list[AnyTask] = [import_string(path)() for path in settings.INFERENCE_TASKS]
    return {task.name: task for task in tasks}


def get_task(name: str) -> AnyTask:
    """The task called `name`. Raises LookupError for a name that no app owns."""
    try:
        return all_tasks()[name]
    except KeyError:
        raise LookupError(f"No task is called {name!r}; known: {sorted(all_tasks())}") from None
