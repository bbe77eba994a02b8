"""Answers that vary are asked more than once, and an example is right only when every answer was."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from registry.engines import BUILTIN, preferred_engine
from registry.models import DatasetVersion, Example, ExampleResult, PromptVersion

EXTRA = "extra"
"""The name of a field that says that a thing was named which is not there: no question that every answer is asked."""
SAMPLED = 3


def find_repeats(version: PromptVersion, engine: str, dataset_version: DatasetVersion) -> int:
    """How often this engine is asked each example: what the examples come with, else `SAMPLED` times where a model
    answers at a temperature above 0, and once elsewhere. The built-in engine is always asked once."""
    if preferred_engine(engine) == BUILTIN:
        return 1
    temperature = version.bundle.get("sampling", {}).get("temperature", 0)
    return dataset_version.thresholds.get("repeats") or (SAMPLED if temperature else 1)


@dataclass(frozen=True)
class Outcome:
    """One example over all its answers. `shown` is the least right of them; `correct` fields of `total` were right
    in every answer."""

    example: Example
    results: list[ExampleResult]
    shown: ExampleResult
    fields: list[dict[str, Any]]
    correct: int
    total: int
    wanted: int
    answered: int
    matched: int

    @property
    def score(self) -> float:
        """Of the least right answer: the share of its fields that are right, 0..1."""
        return score_result(self.shown)


def merge_attempts(results: Iterable[ExampleResult]) -> list[Outcome]:
    """One outcome an example, in the order of the results, whose examples are loaded."""
    by_example: dict[int, list[ExampleResult]] = defaultdict(list)
    for result in results:
        by_example[result.example_id].append(result)
    return [merge_results(attempts) for attempts in by_example.values()]


def merge_results(results: list[ExampleResult]) -> Outcome:
    """Things count as found in so many as the answer with the fewest, as named in so many as the one with the most."""
    shown = min(results, key=score_result)
    fields = merge_fields(results)
    is_one = len(results) == 1
    return Outcome(
        example=shown.example,
        results=results,
        shown=shown,
        fields=fields,
        correct=shown.correct if is_one else sum(field["correct"] for field in fields),
        total=shown.total if is_one else len(fields),
        wanted=max(result.wanted for result in results),
        answered=max(result.answered for result in results),
        matched=min(result.matched for result in results),
    )


def score_result(result: ExampleResult) -> float:
    return result.correct / result.total if result.total else 1.0


def merge_fields(results: list[ExampleResult]) -> list[dict[str, Any]]:
    """Each field once, as the first answer has it or the first in which it is wrong."""
    merged: dict[tuple[str, str, int], dict[str, Any]] = {}
    for result in results:
        seen: Counter[tuple[str, str]] = Counter()
        for field in result.fields:
            name = field["subject"], field["name"]
            seen[name] += 1  # One subject may have two fields of a name: things too many.
            known = merged.setdefault((*name, seen[name]), field)
            if known["correct"] and not field["correct"]:
                merged[*name, seen[name]] = field
    return list(merged.values())
