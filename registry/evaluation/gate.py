"""The gate: a completed run is judged once, and its verdict, engine by engine, is what lets a version go live."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from registry.engines import preferred_engine
from registry.evaluation import reports, standings
from registry.evaluation.reports import Comparison, EvaluationReport
from registry.evaluation.standings import EngineStanding, find_standings
from registry.evaluation.statistics import SIGNIFICANCE, say_p
from registry.evaluation.thresholds import find_thresholds
from registry.models import DatasetVersion, EvaluationRun, PromptVersion
from registry.prompts import live_versions


class NotPassedError(Exception):
    """A version that may not go live; `failures` says in sentences why."""

    def __init__(self, version: PromptVersion, failures: list[str]) -> None:
        super().__init__(f"{version} has not passed: {' '.join(failures)}")
        self.version = version
        self.failures = failures


@dataclass(frozen=True)
class Judgement:
    """What a run amounts to by what decides now; `failures` is empty when it lets its version pass.

    `rival` is the live version's run on the same examples, if that is another version; `regression` says in words that
    the run is significantly worse, and is empty if it is not.
    """

    report: EvaluationReport
    rival: EvaluationRun | None
    comparison: Comparison | None
    regression: str
    failures: list[str]

    @property
    def figures(self) -> dict[str, Any]:
        """What a verdict keeps of the report."""
        report = self.report
        return {
            "examples": report.examples,
            "answered": report.answered,
            "right": report.fields.hits,
            "of": report.fields.total,
            "valid": [report.valid.hits, report.valid.total],
            "slices": {name: [part.hits, part.total] for name, part in report.by_slice.items()},
            "violations": report.violations,
            "errors": report.errors,
        }


def require_passed(version: PromptVersion) -> EvaluationRun:
    """The run by which a version passes with the first engine that it passes with. Raises NotPassedError."""
    found = find_standings(version)
    for standing in found:
        if standing.is_configured and standing.has_passed and standing.findings[0].verdict:
            return standing.findings[0].verdict.run
    raise NotPassedError(version, list_failures(version, found))


def has_passed(version: PromptVersion) -> bool:
    return standings.has_passed(find_standings(version))


def explain_not_passed(version: PromptVersion) -> list[str]:
    """In sentences, what stands against a version; empty when it has passed."""
    found = find_standings(version)
    return [] if standings.has_passed(found) else list_failures(version, found)


def list_failures(version: PromptVersion, found: list[EngineStanding]) -> list[str]:
    """Of every engine that can be asked here, each with its name where there are several."""
    asked = [standing for standing in found if standing.is_configured]
    if not any(standing.findings for standing in asked):
        return [f"{version.prompt} has no golden dataset to pass."]
    if len(asked) == 1:
        return asked[0].failures
    return [f"{engine.title}: {failure}" for engine in asked for failure in engine.failures]


def find_run(
    version: PromptVersion, dataset_version: DatasetVersion, engine: str = ""
) -> EvaluationRun | None:
    """The newest completed one that `engine` answered, or the first engine of the version."""
    answered_by = preferred_engine(engine or version.bundle["engine"])
    verdicts = version.verdicts.filter(dataset_version=dataset_version, engine=answered_by)
    verdict = verdicts.select_related("run__dataset_version__dataset").first()
    return verdict.run if verdict else None


def record_verdict(run: EvaluationRun) -> None:
    """Judge a run that has just been completed, in the transaction that ends it."""
    append_verdict(run, reports.find_engine(run), judge(run))


def judge_again(version: PromptVersion) -> None:
    """Judge what a version answered by what decides now: where that differs, it gets another verdict."""
    newest = version.verdicts.newest().select_related(
        "run__version__prompt", "run__dataset_version__dataset"
    )
    for verdict in newest:
        judgement = judge(verdict.run)
        if judgement.failures != verdict.failures:
            append_verdict(verdict.run, verdict.engine, judgement)


def append_verdict(run: EvaluationRun, engine: str, judgement: Judgement) -> None:
    """Through the owner's function, which is all that an application's role may use; every process hears of it."""
    rival = judgement.rival
    values: list[Any] = [
        run.pk,
        engine,
        not judgement.failures,
        Jsonb(judgement.failures),
        Jsonb(judgement.figures),
        Jsonb(asdict(find_thresholds(run.dataset_version))),
        rival.version_id if rival else None,
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_append_verdict(%s, %s, %s, %s, %s, %s, %s)", values)
    if alias := run.version.prompt.production():
        live_versions.announce(run.version.prompt.name, alias.epoch)


def judge(run: EvaluationRun) -> Judgement:
    report, rival = reports.report_run(run), reports.find_rival(run)
    comparison, regression = None, ""
    if rival:
        comparison = reports.compare_runs(run, rival)
        regression = describe_regression(rival, comparison)
    failures = [*report.failures, *find_strangers(run), *filter(None, [regression])]
    return Judgement(report, rival, comparison, regression, failures)


def find_strangers(run: EvaluationRun) -> Iterator[str]:
    """In words, that another engine answered in the place of the run's."""
    engine = reports.find_engine(run)
    answers = run.results.filter(output__isnull=False)
    if strange := answers.exclude(call__engine=engine).count():
        yield f"{strange} answers are not of {engine}, but of an engine in its place."


def describe_regression(rival: EvaluationRun, compared: Comparison) -> str:
    """In words, that a run is significantly worse than its rival; empty if it is not."""
    if compared.p_worse > SIGNIFICANCE:
        return ""
    return (
        f"It is worse than the live {rival.version}: {compared.worse} examples have less right than there, "
        f"{compared.better} have more, {-compared.points:.1f} points in the mean (sign flips, "
        f"{say_p(compared.p_worse)})."
    )
