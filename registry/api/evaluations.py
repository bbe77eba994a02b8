"""Evaluations: begin one, see how far it is, and what came of it."""

from accounts.models import User
from registry import jobs
from registry.api.answers import Answer
from registry.api.problems import NO_DATASET, NOT_FOUND, ProblemError
from registry.api.prompts import find_prompt, find_version
from registry.api.shapes import Evaluation, EvaluationList, Report, Share, name_person
from registry.evaluation import gate, reports
from registry.evaluation.statistics import Proportion
from registry.models import EvaluationRun

COMPLETED = EvaluationRun.Ending.COMPLETED


def evaluate_version(actor: "User", name: str, number: int) -> Answer:
    """Ask a version every golden example, in the background: one run a dataset.

    A run of it that is under way is given back in place of a second one.
    """
    version = find_version(find_prompt(name), number)
    runs = jobs.enqueue_evaluations(version, actor=actor)
    if not runs:
        raise ProblemError(NO_DATASET, f"{name} has no golden dataset: nothing to ask")
    return Answer(EvaluationList(evaluations=list(map(describe_run, runs))), status=202)


def get_evaluation(actor: "User", pk: int) -> Answer:
    """One run, its figures as they are now, and whether it lets its version pass."""
    runs = EvaluationRun.objects.select_related(
        "version__prompt", "dataset_version__dataset", "actor"
    )
    run = runs.filter(pk=pk).first()
    if run is None:
        raise ProblemError(NOT_FOUND, f"There is no evaluation {pk}")
    return Answer(describe_run(run))


def describe_run(run: EvaluationRun) -> Evaluation:
    failures = gate.judge_run(run) if run.ending == COMPLETED else []
    return Evaluation(
        id=run.pk,
        prompt=run.version.prompt.name,
        version=run.version.number,
        dataset=run.dataset_version.dataset.name,
        dataset_version=run.dataset_version.number,
        engine=run.engine,
        ending=EvaluationRun.Ending(run.ending) if run.ending else None,
        passed=not failures if run.ending == COMPLETED else None,
        failures=failures,
        actor=name_person(run.actor),
        started_at=run.started_at,
        ended_at=run.ended_at,
        report=describe_report(reports.report_run(run)),
    )


def describe_report(report: reports.EvaluationReport) -> Report:
    return Report(
        examples=report.examples,
        answered=report.answered,
        fields=describe_share(report.fields),
        valid=describe_share(report.valid),
        recall=describe_share(report.recall),
        precision=describe_share(report.precision),
        by_field=describe_shares(report.by_field),
        by_slice=describe_shares(report.by_slice),
        violations=report.violations,
        errors=report.errors,
    )


def describe_shares(parts: dict[str, Proportion]) -> dict[str, Share]:
    return {name: describe_share(part) for name, part in parts.items()}


def describe_share(part: Proportion) -> Share:
    low, high = part.interval
    return Share(hits=part.hits, total=part.total, share=part.share, low=low, high=high)
