"""What the `maintenance` queue does: housekeeping that the scheduler enqueues, and evaluations."""

import logging
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_rq import get_queue
from redis.exceptions import RedisError

from registry import selectors
from registry.canary.service import check_canaries
from registry.engines import BUILTIN, engine_chain, preferred_engine
from registry.engines.base import UNAVAILABLE_CODES
from registry.engines.breaker import Breaker
from registry.evaluation import datasets, runner
from registry.evaluation.datasets import AsksLessError, BadExamplesError
from registry.evaluation.standings import Finding, find_standings
from registry.models import (
    Canary,
    DatasetVersion,
    EvaluationRun,
    Prompt,
    PromptVersion,
    Verdict,
)
from registry.prompts.runnable import explain_unrunnable
from registry.services import examples, sweeps
from registry.tasks import all_tasks

logger = logging.getLogger(__name__)

QUEUE = "maintenance"
GOLDEN = "golden"
AWAY_RESTS, CANCELLED_RESTS = timedelta(minutes=10), timedelta(hours=1)
"""So long nothing asks a live version by itself after its engine was away, and after somebody cancelled that."""
LEAVE_FOR = timedelta(minutes=10)
"""A release takes less from its `load_prompts` to the end of the old workers."""
REST_S = 2.0
"""After a run that only another release can ask."""
EVALUATE_FOR_S = 15.0
"""An evaluation goes to the end of the queue after this, so that housekeeping never waits long for it."""


@transaction.atomic
def enqueue_evaluations(version: PromptVersion, *, actor: Any) -> list[EvaluationRun]:
    """Ask a version the current examples of every dataset of its prompt, in the background: each engine that can be asked
    here, for each has to pass by itself.

    What is under way is not begun again: two clicks are one question. Empty without a dataset.
    """
    Prompt.objects.select_for_update().get(pk=version.prompt_id)  # One begins at a time.
    datasets = version.prompt.datasets.exclude(current=None).select_related("current__dataset")
    engines = engine_chain(version.bundle["engine"])
    return [
        find_or_enqueue_evaluation(version, dataset.current, engine, actor)
        for dataset in datasets
        if dataset.current
        for engine in engines
    ]


def find_or_enqueue_evaluation(
    version: PromptVersion, dataset_version: DatasetVersion, engine: str, actor: Any
) -> EvaluationRun:
    running = EvaluationRun.objects.running().filter(
        version=version, dataset_version=dataset_version
    )
    if run := next((run for run in running if preferred_engine(run.engine) == engine), None):
        return run
    run = runner.start_run(
        version=version, dataset_version=dataset_version, engine=engine, actor=actor
    )
    enqueue_evaluation(run)
    return run


def evaluate_live_job() -> list[str]:
    """Evaluate what answers wearers, live or as a canary, with each engine that can be asked here and was not, on
    the current examples."""
    canaries = Canary.objects.running().select_related("version__prompt")
    answering = [*selectors.list_live(), *(canary.version for canary in canaries)]
    return [str(run) for version in answering for run in evaluate_unasked(version)]


@transaction.atomic
def evaluate_unasked(version: PromptVersion) -> list[EvaluationRun]:
    Prompt.objects.select_for_update().get(pk=version.prompt_id)  # One begins at a time.
    due = [
        finding
        for standing in find_standings(version)
        if standing.is_configured and not is_away(standing.engine)
        for finding in standing.findings
        if is_due(version, finding)
    ]
    return [
        find_or_enqueue_evaluation(version, finding.dataset_version, finding.engine, None)
        for finding in due
    ]


def is_away(engine: str) -> bool:
    """Known to be: asked now it would fail everything."""
    return engine != BUILTIN and Breaker(engine).read() is not None


def is_due(version: PromptVersion, finding: Finding) -> bool:
    """Nobody has asked yet, or the engine went away meanwhile; and nobody has just cancelled it."""
    if finding.running:
        return False
    now, verdict = timezone.now(), finding.verdict
    if verdict and not (was_away(verdict) and verdict.created_at < now - AWAY_RESTS):
        return False
    cancelled = EvaluationRun.objects.filter(
        version=version,
        dataset_version=finding.dataset_version,
        engine__in=[finding.engine, version.bundle["engine"]],
        ending=EvaluationRun.Ending.CANCELLED,
    )
    return not cancelled.filter(ended_at__gt=now - CANCELLED_RESTS).exists()


def was_away(verdict: Verdict) -> bool:
    """It failed for want of answers, not for those it got."""
    errors: dict[str, int] = verdict.figures.get("errors", {})
    return not verdict.passed and not UNAVAILABLE_CODES.isdisjoint(errors)


def enqueue_evaluation(run: EvaluationRun) -> None:
    """Queue a started run once the transaction has committed."""
    transaction.on_commit(partial(push_evaluation, run.pk), robust=True)


def push_evaluation(run_pk: int) -> None:
    try:
        get_queue(QUEUE).enqueue(evaluate_job, run_pk, result_ttl=0)
    except (RedisError, OSError):
        logger.warning("evaluation %s will be lost: Redis is away", run_pk, exc_info=True)


def evaluate_job(run_pk: int) -> None:
    """Go on with a run for a while; what it has asked is kept."""
    run = EvaluationRun.objects.running().filter(pk=run_pk).first()
    if run is None:
        return
    if left := explain_left(run):
        logger.warning("%s is left to workers of another release: %s", run, left)
        time.sleep(REST_S)
        runner.keep_alive(run)
        push_evaluation(run.pk)
        return
    runner.continue_run(run, seconds=EVALUATE_FOR_S)
    if not run.ending:
        push_evaluation(run.pk)


def explain_left(run: EvaluationRun) -> str:
    """Why this process leaves a run to those of the version's release: empty where it need not, or where none of them has
    come for LEAVE_FOR. Then it is asked all the same, and fails."""
    task = all_tasks().get(run.version.prompt.name)
    if task is None or run.started_at < timezone.now() - LEAVE_FOR:
        return ""
    return explain_unrunnable(task, run.version.bundle, preferred_engine(run.engine))


def close_lost_calls_job() -> int:
    return sweeps.close_lost_calls()


def delete_old_probes_job() -> int:
    return sweeps.delete_old_probes()


def delete_old_requests_job() -> int:
    return sweeps.delete_old_requests()


def forget_withdrawn_job() -> int:
    """Golden examples of wearers who took their consent back, or are gone."""
    return examples.forget_withdrawn()


def end_lost_evaluations_job() -> int:
    return sweeps.end_lost_evaluations()


def check_canaries_job() -> list[str]:
    """Revert the canaries that are worse than what is live."""
    reverted = check_canaries()
    for canary in reverted:
        logger.warning("The canary %s was reverted. %s", canary, canary.ending)
    return [str(canary) for canary in reverted]


def import_golden_job() -> list[str]:
    """The golden examples that come with the code; when nothing changed, their files are only hashed."""
    return [version for name in all_tasks() if (version := import_golden(name))]


def import_golden(task_name: str) -> str:
    """Those of one task: the dataset version they are, or nothing if there are none that can be used."""
    folder = Path(settings.BASE_DIR, "fixtures", GOLDEN, task_name)
    if not folder.is_dir():
        return ""
    try:
        imported = datasets.import_dataset(task_name=task_name, directory=folder, name=GOLDEN)
    except (AsksLessError, BadExamplesError, LookupError, ValueError):
        logger.exception("The golden examples of %s were not imported", task_name)
        return ""
    return str(imported.version)
