"""What the results of an evaluation amount to."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from registry.engines import BUILTIN, preferred_engine
from registry.evaluation.attempts import (
    EXTRA,
    Outcome,
    find_repeats,
    merge_attempts,
    score_result,
)
from registry.evaluation.sensitivity import DISCORDANCE, Sensitivity, measure_sensitivity
from registry.evaluation.statistics import Proportion, flip_signs, mcnemar
from registry.evaluation.thresholds import Thresholds, find_thresholds
from registry.models import EvaluationRun, ExampleResult

FORBIDDEN = "unowned_item"
"""No answer may break this rule: a wearer must never be dressed in what is not theirs."""


@dataclass(frozen=True)
class EvaluationReport:
    """Accuracy is counted in fields that were right in every answer to their example. `valid`, `violations` and `errors`
    count every answer; `errors` are those that are not well-formed."""

    examples: int
    answered: int
    """Examples of which every answer is there."""
    repeats: int
    fields: Proportion
    by_field: dict[str, Proportion]
    by_slice: dict[str, Proportion]
    recall: Proportion
    precision: Proportion
    valid: Proportion
    violations: dict[str, int]
    errors: dict[str, int]
    scores: list[float]
    """One an example, 0..1: the share of fields right in its least right answer."""
    worst: list[ExampleResult]
    """The least right answers to the examples with a wrong field, the most wrong ones first."""
    failures: list[str]
    """Why it has not passed; empty when it has."""

    @property
    def passed(self) -> bool:
        return not self.failures


def report_run(run: EvaluationRun) -> EvaluationReport:
    """Count the results of a run as they are now."""
    results = list(run.results.select_related("example"))
    outcomes = merge_attempts(results)
    report = EvaluationReport(
        examples=run.dataset_version.examples.count(),
        answered=sum(len(outcome.results) == run.repeats for outcome in outcomes),
        repeats=run.repeats,
        fields=total(Proportion(outcome.correct, outcome.total) for outcome in outcomes),
        by_field=count_fields(outcomes),
        by_slice=count_slices(outcomes),
        recall=total(Proportion(outcome.matched, outcome.wanted) for outcome in outcomes),
        precision=total(Proportion(outcome.matched, outcome.answered) for outcome in outcomes),
        valid=Proportion(sum(result.output is not None for result in results), len(results)),
        violations=dict(Counter(v["code"] for result in results for v in result.violations)),
        errors=dict(Counter(result.error_code for result in results if result.error_code)),
        scores=[outcome.score for outcome in outcomes],
        worst=list_worst(outcomes),
        failures=[],
    )
    report.failures.extend(find_failures(report, find_thresholds(run.dataset_version)))
    report.failures.extend(find_missing_repeats(run))
    return report


def total(parts: Iterable[Proportion]) -> Proportion:
    return sum(parts, Proportion(0, 0))


def count_fields(outcomes: list[Outcome]) -> dict[str, Proportion]:
    counts: dict[str, Proportion] = defaultdict(lambda: Proportion(0, 0))
    for outcome in outcomes:
        for field in outcome.fields:
            counts[field["name"]] += Proportion(int(field["correct"]), 1)
    return dict(counts)


def count_slices(outcomes: list[Outcome]) -> dict[str, Proportion]:
    counts: dict[str, Proportion] = defaultdict(lambda: Proportion(0, 0))
    for outcome in outcomes:
        for name in outcome.example.slices:
            counts[name] += Proportion(outcome.correct, outcome.total)
    return dict(sorted(counts.items()))


def list_worst(outcomes: list[Outcome]) -> list[ExampleResult]:
    wrong = [outcome for outcome in outcomes if outcome.correct < outcome.total]
    by_faults = sorted(wrong, key=lambda outcome: outcome.correct - outcome.total)
    return [outcome.shown for outcome in by_faults]


def find_missing_repeats(run: EvaluationRun) -> list[str]:
    """In words, that it was asked less often than its dataset demands now."""
    needed = find_repeats(run.version, find_engine(run), run.dataset_version)
    if run.repeats >= needed:
        return []
    return [f"Each example was asked {run.repeats} of {needed} times: its answers vary."]


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
    """Two versions on the same examples: wholly right in both, in one alone, in neither; and what the score
    of each (the share of its fields that are right) is here, less what it is there.

    Examples and not fields are compared: when a garment is missed, all fields of its photo fail together.
    """

    both: int
    only_this: int
    only_other: int
    neither: int
    differences: list[float]

    @property
    def better(self) -> int:
        return sum(difference > 0 for difference in self.differences)

    @property
    def worse(self) -> int:
        return sum(difference < 0 for difference in self.differences)

    @property
    def points(self) -> float:
        """By how much the mean score is higher here, -100..100."""
        return 100 * sum(self.differences) / len(self.differences) if self.differences else 0.0

    @property
    def p_value(self) -> float:
        """That as many examples are wholly right in either by chance alone, by McNemar's exact test, two-sided."""
        return mcnemar(self.only_this, self.only_other)

    @cached_property
    def p_worse(self) -> float:
        """That scores are so much lower here by chance alone, by sign flips, one-sided. The gate goes by this: at
        1 % it refuses at most 1 % of equally good versions."""
        return flip_signs(self.differences)

    @property
    def discordance(self) -> float:
        """The share of examples that differ as those of equally good versions do: as many in either direction."""
        if not self.differences:
            return DISCORDANCE
        return max(DISCORDANCE, 2 * min(self.better, self.worse) / len(self.differences))


def compare_runs(run: EvaluationRun, other: EvaluationRun) -> Comparison:
    """Over the examples that both were asked, told apart by their content."""
    mine, theirs = read_scores(run), read_scores(other)
    shared = sorted(mine.keys() & theirs.keys())
    counts = Counter((mine[sha256] == 1, theirs[sha256] == 1) for sha256 in shared)
    return Comparison(
        both=counts[True, True],
        only_this=counts[True, False],
        only_other=counts[False, True],
        neither=counts[False, False],
        differences=[mine[sha256] - theirs[sha256] for sha256 in shared],
    )


def find_sensitivity(report: EvaluationReport, comparison: Comparison | None) -> Sensitivity:
    """The smallest drop of a version that the report's examples show, when versions differ by chance as often as these."""
    discordance = comparison.discordance if comparison else DISCORDANCE
    return measure_sensitivity(report.scores, discordance)


def read_scores(run: EvaluationRun) -> dict[str, float]:
    """The score of the least right answer to each example, by the example's content."""
    results = run.results.select_related("example").only(
        "run", "example__sha256", "correct", "total"
    )
    scores: dict[str, float] = {}
    for result in results:
        sha256 = result.example.sha256
        scores[sha256] = min(score_result(result), scores.get(sha256, 1.0))
    return scores


def read_fields(run: EvaluationRun) -> dict[tuple[str, str, str], bool]:
    """Example (by content), subject and field, with whether it was right in every answer. Things too many are no
    question."""
    fields: dict[tuple[str, str, str], bool] = {}
    for sha256, answered in run.results.values_list("example__sha256", "fields"):
        for field in answered:
            if field["name"] != EXTRA:
                question = sha256, field["subject"], field["name"]
                fields[question] = field["correct"] and fields.get(question, True)
    return fields


def count_right(run: EvaluationRun) -> Proportion:
    """The fields of a run, without the rest of its report."""
    outcomes = merge_attempts(run.results.defer("output", "violations", "error"))
    return total(Proportion(outcome.correct, outcome.total) for outcome in outcomes)


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
    """The least right answers of a run to the examples of these results, by the content of the example."""
    wanted = [result.example.sha256 for result in results]
    answers = run.results.filter(example__sha256__in=wanted).select_related("example")
    return {outcome.example.sha256: outcome.shown for outcome in merge_attempts(answers)}


def was_asked_of_model(run: EvaluationRun) -> bool:
    """Whether every answer came from a model, which alone reads a version's texts. A version that names the built-in
    engine has none to ask: True."""
    if run.version.bundle["engine"] == BUILTIN:
        return True
    answers = run.results.filter(output__isnull=False)
    return answers.exists() and not answers.filter(call__engine=BUILTIN).exists()


def find_engine(run: EvaluationRun) -> str:
    """The engine that a run is about: as it was when it ended, for settings may put another one first since."""
    judged = run.verdicts.values_list("engine", flat=True).first()
    return judged or preferred_engine(run.engine)


def find_rival(run: EvaluationRun) -> EvaluationRun | None:
    """The live version's latest completed run on the same examples that the same engine answered, if it is
    another version."""
    live = run.version.prompt.production()
    if live is None or live.version_id == run.version_id:
        return None
    return run.dataset_version.evaluations.filter(
        version=live.version,
        verdicts__engine=find_engine(run),
        ending=EvaluationRun.Ending.COMPLETED,
    ).first()
