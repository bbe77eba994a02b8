"""The contract of an AI job, and the tasks this project has.

Everything generic (prompts, versions, inference, evaluation, rollback) is written once over `Task`;
everything specific is one class in the app that owns the job, named in `settings.INFERENCE_TASKS`.
"""

import math
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from django.conf import settings
from django.utils.module_loading import import_string
from pydantic import BaseModel, TypeAdapter

JSON = dict[str, Any]


@dataclass(frozen=True)
class Violation:
    """A rule of the domain that an answer broke, such as `unowned_item`."""

    code: str
    message: str


@dataclass(frozen=True)
class FieldScore:
    """One question that a golden label asks of an answer: `name` of which `subject`, and was it right?

    `expected` and `found` are for people to read.
    """

    name: str
    subject: str
    correct: bool
    expected: str = ""
    found: str = ""


@dataclass(frozen=True)
class Score:
    """How one answer compares with its golden label.

    `wanted` things were to be found, `answered` were named, and `matched` of these were wanted:
    recall and precision come of them. A task that finds no things leaves all three at nought.
    """

    fields: tuple[FieldScore, ...]
    wanted: int = 0
    answered: int = 0
    matched: int = 0

    @property
    def correct(self) -> int:
        return sum(field.correct for field in self.fields)

    @property
    def total(self) -> int:
        return len(self.fields)


@dataclass(frozen=True)
class Told:
    """An answer for people: pairs of a role and what is named for it, paragraphs of prose, and notes beside them."""

    things: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExampleSource:
    """A golden example as it comes from a folder: `input` and `expected` as JSON, a picture if any."""

    key: str
    input: JSON
    expected: JSON
    slices: tuple[str, ...] = ()
    file: bytes = b""


@dataclass(frozen=True)
class BadExample:
    """An example that cannot be used, and what to do about it."""

    key: str
    reason: str


@dataclass(frozen=True)
class Image:
    """An encoded picture for a vision prompt."""

    data: bytes
    media_type: str = "image/webp"


@dataclass(frozen=True)
class Tool:
    """Something that a model may ask before it answers.

    `arguments` is what a call must look like; `call` answers such arguments with a JSON value, from what
    is known already: it must not touch the database, nor the network.
    """

    name: str
    description: str
    arguments: type[BaseModel]
    call: Callable[[Any], Any]


ContextT = TypeVar("ContextT")
OutputT = TypeVar("OutputT", bound=BaseModel)


@dataclass(frozen=True)
class Goals:
    """What the 95th percentile of a task's calls should stay under, in milliseconds."""

    latency_ms: float = 10_000.0
    first_word_ms: float = 5_000.0


class Task(ABC, Generic[ContextT, OutputT]):
    """One AI job. `context` is a plain frozen dataclass: built by the app before inference, with
    everything that the job may use, so that no method below touches the database.

    A job has a name, a title, an output, prompt variables with their values, a schema and a built-in
    answer. The rest has defaults: no pictures, no tools, no checks, and no golden examples, without
    which its versions cannot be judged.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    """What pages call its answers: "Suggested outfits"."""
    variables: ClassVar[Collection[str]]
    """The names that prompt templates may use; a template with another one is refused."""
    goals: ClassVar[Goals] = Goals()
    deadline_s: ClassVar[float] = math.inf
    """Seconds that an engine may take for one answer, however steadily it speaks; an engine's own limit holds too."""
    takes_photos: ClassVar[bool] = False
    schema_revision: ClassVar[int] = 1
    """Raised with the schema, and with whatever else in the code shapes an answer."""
    never_shown: ClassVar[Collection[str]] = ()
    """Codes of violations of which one that a wearer saw is bad at once: the overview and a shipped rule say so."""
    rule_names: ClassVar[Mapping[str, str]] = {}
    """What pages call the rules that answers break, by code: what is wrong, as "a garment that is not owned"."""
    free_text: ClassVar[Collection[str]] = ()
    """Fields of golden inputs and of answers that hold what people wrote, or repeat it: blanked once their wearer is gone."""
    uses_vocabulary: ClassVar[bool] = False
    """Whether versions pin a revision of the vocabulary."""
    context: type[ContextT]
    output: type[OutputT]

    @abstractmethod
    def fill_variables(self, context: ContextT) -> Mapping[str, str]:
        """A value for each of `variables`."""

    @abstractmethod
    def schema(self, context: ContextT, parameters: JSON) -> JSON:
        """The JSON schema of the answer, narrowed to this request."""

    @abstractmethod
    def offline(self, context: ContextT, parameters: JSON) -> Iterator[str]:
        """The built-in engine's answer: the same JSON, in pieces, under a version's parameters."""

    def current_vocabulary(self) -> str:
        """The revision of the vocabulary that a version written now pins; empty for none."""
        return ""

    def explain_vocabulary(self, revision: str) -> str:
        """Why no version can pin a revision; empty if one can."""
        return f"{self.name} uses no vocabulary"

    def pin_context(self, context: ContextT, bundle: JSON) -> ContextT:
        """The context by the vocabulary that a version pins. The one method that may read the
        database: it is called before the request is rendered. Raises LookupError."""
        return context

    @cached_property
    def context_adapter(self) -> TypeAdapter[ContextT]:
        return TypeAdapter(self.context)

    def store_context(self, context: ContextT) -> JSON:
        """The context as JSON: without its pictures, and without what a version pins."""
        stored: JSON = self.context_adapter.dump_python(context, mode="json")
        return stored

    def load_context(self, stored: JSON, pictures: Sequence[bytes]) -> ContextT:
        """The context that was stored, to ask the same again. Raises ValueError for one of another release."""
        return self.context_adapter.validate_python(stored)

    def images(self, context: ContextT) -> Sequence[Image]:
        """Pictures that go with the user message, in order."""
        return ()

    def tools(self, context: ContextT, parameters: JSON) -> Sequence[Tool]:
        """What the model may ask under a version's parameters."""
        return ()

    def explain_unusable(self, parameters: JSON) -> str:
        """Why this release's built-in engine cannot answer under a version's parameters; empty if it can."""
        return ""

    def check(self, context: ContextT, output: OutputT) -> list[Violation]:
        """What is wrong with a well-formed answer."""
        return []

    def tell(self, context: ContextT | None, output: OutputT) -> Told:
        """An answer as operators read it, of whatever version. `context` is None where it is not kept any more."""
        return Told()

    def list_traits(self, context: ContextT) -> Mapping[str, str]:
        """What kind of question it is, by the name of each trait a word of ours, none of the wearer's: to see whether
        the golden examples ask what people ask. Different traits have different words."""
        return {}

    def read_examples(self, directory: Path) -> Iterator[ExampleSource | BadExample]:
        """The golden examples of a folder. Raises LookupError when it holds none of this task's."""
        raise LookupError(f"{self.name} reads no golden examples")

    def example_context(self, input: JSON, file: bytes) -> ContextT:
        """What inference gets to answer a golden example. Raises LookupError where there are none."""
        raise LookupError(f"{self.name} has no golden examples")

    def photo_context(self, data: bytes) -> ContextT:
        """What inference gets to answer about an uploaded photo, where the task takes photos. Raises
        ValueError, which tells people what is wrong with the file."""
        raise ValueError(f"{self.name} takes no photos")

    def score(self, context: ContextT, expected: JSON, output: OutputT | None) -> Score:
        """Compare an answer with a golden label, field by field; without an answer all are wrong."""
        raise LookupError(f"{self.name} has no golden examples")

    def tell_expected(self, expected: JSON) -> Sequence[str]:
        """A golden label as operators read it, a line a thing or a rule; empty to have it told field by field."""
        return ()

    def tabulate(self, answers: Iterable[tuple[JSON, OutputT | None]], parameters: JSON) -> str:
        """A table of what golden labels and answers amount to, beyond right fields; empty for none."""
        return ""


AnyTask = Task[Any, Any]


class Review:
    """What the caller makes of one answer before anybody sees it; this one lets all of it pass.

    `stopped`: what was wrong with the parts that nobody gets to see. `is_held_back`: that is the whole
    answer, and its call has failed for the reason `code`.
    """

    def __init__(self) -> None:
        self.stopped: list[Violation] = []
        self.is_held_back = False
        self.code = "held_back"

    def hold_back(self, code: str = "held_back") -> None:
        self.is_held_back, self.code = True, code

    def edit(self, output: Any) -> Any:
        """The whole answer as it is shown. Needs no database."""
        return output


@cache
def all_tasks() -> dict[str, AnyTask]:
    """The tasks of `settings.INFERENCE_TASKS` by name."""
    tasks = [load_task(path) for path in settings.INFERENCE_TASKS]
    return {task.name: task for task in tasks}


@cache
def load_task(path: str) -> AnyTask:
    task: AnyTask = import_string(path)()
    return task


def is_in_memory(path: str) -> bool:
    """Whether the module of a dotted path was imported."""
    return path.rpartition(".")[0] in sys.modules


def find_never_shown(name: str) -> frozenset[str]:
    """The codes that a task must never show; none of a task that no app owns."""
    task = all_tasks().get(name)
    return frozenset(task.never_shown) if task else frozenset()


FAULT_NAMES: Mapping[str, str] = {
    "invalid_json": "broken JSON",
    "repaired_json": "broken JSON, repaired",
    "truncated": "an answer cut short",
    "empty_answer": "an empty answer",
    "no_garment": "no garment",
    "unknown_value": "unknown value",
    "unsuited_value": "unsuited value",
    "held_back": "an answer held back by the checks",
    "engine_timeout": "no answer in time",
    "engine_unavailable": "the engine is away",
    "engine_overloaded": "the engine is overloaded",
    "engine": "a fault of the engine",
    "connection_lost": "a lost connection",
    "model_missing": "a model that is not there",
    "other_release": "a version of another release",
    "input_refused": "an input that the engine refuses",
    "process_lost": "a lost process",
    "prompt_unusable": "a prompt that cannot be used",
    "internal": "a fault of ours",
}
"""What pages call faults that any task can have, or one that names none of its own, by the code of the error or violation."""


def name_code(code: str, task: str = "") -> str:
    """The code of a violation or of an error as people read it; one that nobody named by its own words.

    Without a task a name that any task has for it.
    """
    known = all_tasks()
    asked = [known[task]] if task in known else known.values()
    for one in asked:
        if code in one.rule_names:
            return one.rule_names[code]
    return FAULT_NAMES.get(code, code.replace("_", " "))


def get_task(name: str) -> AnyTask:
    """The task called `name`. Raises LookupError for a name that no app owns.

    Those whose modules are in memory are asked first: who looks at photos needs no stylist.
    """
    for path in sorted(settings.INFERENCE_TASKS, key=is_in_memory, reverse=True):
        task = load_task(path)
        if task.name == name:
            return task
    raise LookupError(f"No task is called {name!r}; known: {sorted(all_tasks())}")
