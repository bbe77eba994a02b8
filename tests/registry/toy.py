"""A third AI job, as small as one can be: it greets."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from registry.tasks import BadExample, ExampleSource, FieldScore, Score, Task, Tool, Violation


class Greeting(BaseModel):
    mood: str
    prose: str


@dataclass(frozen=True)
class Guest:
    name: str = "Ada"
    pause_s: float = 0.0


class LookUp(BaseModel):
    name: str


LOOK_UP = Tool("look_up", "Who is this?", LookUp, lambda asked: {"title": f"Dr {asked.name}"})


class Greet(Task[Guest, Greeting]):
    name = "greet"
    title = "Greetings"
    variables = ("name",)
    context = Guest
    output = Greeting

    def fill_variables(self, context: Guest) -> Mapping[str, str]:
        return {"name": context.name}

    def schema(self, context: Guest, parameters: dict[str, Any]) -> dict[str, Any]:
        return Greeting.model_json_schema()

    def tools(self, context: Guest, parameters: dict[str, Any]) -> Sequence[Tool]:
        return [LOOK_UP] if parameters.get("asks") else []

    def offline(self, context: Guest, parameters: dict[str, Any]) -> Iterator[str]:
        words = f"{parameters.get('word', 'Hello')} {context.name}, good to see you."
        yield '{"mood": "kind", '
        yield '"prose": "'
        for word in words.split():
            time.sleep(context.pause_s)
            yield json.dumps(word + " ")[1:-1]
        yield '"}'

    def explain_unusable(self, parameters: dict[str, Any]) -> str:
        return "The dictionary is gone." if parameters.get("word") == "Lost" else ""

    def check(self, context: Guest, output: Greeting) -> list[Violation]:
        if context.name in output.prose:
            return []
        return [Violation("wrong_name", f"does not greet {context.name}")]

    def read_examples(self, directory: Path) -> Iterator[ExampleSource | BadExample]:
        for path in sorted(directory.glob("*.json")):
            try:
                guest = json.loads(path.read_text())
            except ValueError as error:
                yield BadExample(path.stem, str(error))
            else:
                expected = {"prose": guest.pop("prose")}
                slices = (guest.pop("slice", "plain"),)
                yield ExampleSource(path.stem, guest, expected, slices)

    def example_context(self, input: dict[str, Any], file: bytes) -> Guest:
        return Guest(**input)

    def score(self, context: Guest, expected: dict[str, Any], output: Greeting | None) -> Score:
        """Kind, and in the right words."""
        mood, prose = (output.mood, output.prose.strip()) if output else ("", "")
        return Score(
            (
                FieldScore("mood", "", mood == "kind", "kind", mood),
                FieldScore("prose", "", prose == expected["prose"], expected["prose"], prose),
            )
        )
