"""What the results of an evaluation amount to."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from registry.evaluation.statistics import Proportion, mcnemar
from registry.evaluation.thresholds import Thresholds, find_thresholds
from registry.models import EvaluationRun, ExampleResult

FORBIDDEN = "unowned_item"
"""No answer may break this rule: a wearer must never be dressed in what is not theirs."""


@dataclass(frozen=True)
class EvaluationReport:
    """Accuracy is counted in fields; `errors` are examples without a well-formed answer."""

    examples: int
    answered: int
    fields: Proportion
    by_field: dict[str, Proportion]
    by_slice: dict[str, Proportion]
    recall: Proportion
    precision: Proportion
    valid: Proportion
    violations: dict[str, int]
    errors: dict[str, int]
    worst: list[ExampleResult]
    """Those with a wrong field, the most wrong ones first."""
    failures: list[str]
    """Why it has not passed; empty when it has."""

    @property
    def passed(self) -> bool:
        return not self.failures


def report_run(run: EvaluationRun) -> EvaluationReport:
    """Count the results of a run as they are now."""
    results = list(run.results.select_related("example"))
    report = EvaluationReport(
        examples=run.dataset_version.examples.count(),
        answered=len(results),
        fields=total(Proportion(result.correct, result.total) for result in results),
        by_field=count_fields(results),
        by_slice=count_slices(results),
        recall=total(Proportion(result.matched, result.wanted) for result in results),
        precision=total(Proportion(result.matched, result.answered) for result in results),
        valid=Proportion(sum(result.output is not None for result in results), len(results)),
        violations=dict(Counter(v["code"] for result in results for v in result.violations)),
        errors=dict(Counter(result.error_code for result in results if result.error_code)),
        worst=sorted(
            (result for result in results if result.correct < result.total),
            key=lambda result: result.correct - result.total,
        ),
        failures=[],
    )
    report.failures.extend(find_failures(report, find_thresholds(run.dataset_version)))
    return report


def total(parts: Iterable[Proportion]) -> Proportion:
    return sum(parts, Proportion(0, 0))


def count_fields(results: list[ExampleResult]) -> dict[str, Proportion]:
    counts: dict[str, Proportion] = defaultdict(lambda: Proportion(0, 0))
    for result in results:
        for field in result.fields:
            counts[field["name"]] += Proportion(int(field["correct"]), 1)
    return dict(counts)


def count_slices(results: list[ExampleResult]) -> dict[str, Proportion]:
    counts: dict[str, Proportion] = defaultdict(lambda: Proportion(0, 0))
    for result in results:
        for name in result.example.slices:
            counts[name] += Proportion(result.correct, result.total)
    return dict(sorted(counts.items()))


def find_failures(report: EvaluationReport, thresholds: Thresholds) -> list[str]:
    """Each threshold that is not reached, in words."""
    failures = []
    if report.answered < report.examples:
        failures.append(f"{report.examples - report.answered} examples were not asked.")
    if report.valid.total and report.valid.share < thresholds.validity:
        failures.append(f"{report.valid.total - report.valid.hits} answers are not well-formed.")
    if invented := report.violations.get(FORBIDDEN):
        failures.append(f"{invented} things were named that were not offered ({FORBIDDEN}).")
    if report.fields.share < thresholds.accuracy:
        failures.append(
            f"{report.fields.share:.1%} of all fields are right; {thresholds.accuracy:.0%} must be."
        )
    for name, part in report.by_slice.items():
        floor = thresholds.floor_of(name)
        if part.share < floor:
            failures.append(f"Slice {name}: {part.share:.1%} are right; {floor:.0%} must be.")
    return failures


@dataclass(frozen=True)
class Comparison:
    """Two versions on the same questions: right in both, in one alone, in neither."""

    both: int
    only_this: int
    only_other: int
    neither: int

    @property
    def p_value(self) -> float:
        """That they are equally good. Fields of one photo are not independent: read it with care."""
        return mcnemar(self.only_this, self.only_other)


def compare_runs(run: EvaluationRun, other: EvaluationRun) -> Comparison:
    """Field by field, over the fields that both runs were asked."""
    mine, theirs = read_fields(run), read_fields(other)
    counts = Counter((mine[question], theirs[question]) for question in mine.keys() & theirs.keys())
    return Comparison(
        both=counts[True, True],
        only_this=counts[True, False],
        only_other=counts[False, True],
        neither=counts[False, False],
    )


def read_fields(run: EvaluationRun) -> dict[tuple[str, str, str], bool]:
    """Example (by content), subject and field, with whether it was right. Garments too many are no question."""
    rows = run.results.values_list("example__sha256", "fields")
    return {
        (sha256, field["subject"], field["name"]): field["correct"]
        for sha256, fields in rows
        for field in fields
        if field["name"] != "extra"
    }


@dataclass(frozen=True)
class AnsweredField:
    """One question of an example: what was expected, what a run found, and what another one did.

    `other_correct` is None where the other run was not asked, or there is none.
    """

    name: str
    subject: str
    expected: str
    found: str
    correct: bool
    other_found: str = ""
    other_correct: bool | None = None

    @property
    def is_right_in_both(self) -> bool:
        return self.correct and self.other_correct is not False


def pair_fields(result: ExampleResult, other: ExampleResult | None) -> list[AnsweredField]:
    """The fields of one example, the wrong ones first, beside another run's answers to it."""
    known = {(field["subject"], field["name"]): field for field in other.fields} if other else {}
    pairs = [
        pair_field(field, known.get((field["subject"], field["name"]))) for field in result.fields
    ]
    return sorted(pairs, key=lambda pair: pair.correct)


def pair_field(field: dict[str, Any], other: dict[str, Any] | None) -> AnsweredField:
    beside = {"other_found": other["found"], "other_correct": other["correct"]} if other else {}
    return AnsweredField(**field, **beside)


def find_answers(run: EvaluationRun, results: Iterable[ExampleResult]) -> dict[str, ExampleResult]:
    """What a run answered to the examples of these results, by the content of the example."""
    wanted = [result.example.sha256 for result in results]
    answers = run.results.filter(example__sha256__in=wanted).select_related("example")
    return {answer.example.sha256: answer for answer in answers}


def find_rival(run: EvaluationRun) -> EvaluationRun | None:
    """The live version's latest completed run on the same examples and its own engine, if it is
    another version."""
    live = run.version.prompt.production()
    if live is None or live.version_id == run.version_id:
        return None
    return run.dataset_version.evaluations.filter(
        version=live.version,
        engine=live.version.bundle["engine"],
        ending=EvaluationRun.Ending.COMPLETED,
    ).first()
