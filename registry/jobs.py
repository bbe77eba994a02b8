"""What the `maintenance` queue does: housekeeping that the scheduler enqueues, and evaluations."""

import logging
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django_rq import get_queue
from redis.exceptions import RedisError

from registry.canary.service import check_canaries
from registry.evaluation import datasets, runner
from registry.evaluation.datasets import AsksLessError, BadExamplesError
from registry.models import Dataset, EvaluationRun, Prompt, PromptVersion
from registry.services import sweeps
from registry.tasks import all_tasks

logger = logging.getLogger(__name__)

QUEUE = "maintenance"
GOLDEN = "golden"
EVALUATE_FOR_S = 15.0
"""An evaluation goes to the end of the queue after this, so that housekeeping never waits long for it."""


@transaction.atomic
def enqueue_evaluations(version: PromptVersion, *, actor: Any) -> list[EvaluationRun]:
    """Ask a version the current examples of every dataset of its prompt, in the background.

    What is under way is not begun again: two clicks are one question. Empty without a dataset.
    """
    Prompt.objects.select_for_update().get(pk=version.prompt_id)  # One begins at a time.
    datasets = version.prompt.datasets.exclude(current=None).select_related("current__dataset")
    return [find_or_enqueue_evaluation(version, dataset, actor) for dataset in datasets]


def find_or_enqueue_evaluation(
    version: PromptVersion, dataset: Dataset, actor: Any
) -> EvaluationRun:
    current = dataset.current
    assert current is not None  # noqa: S101 the caller leaves out those without
    running = EvaluationRun.objects.running().filter(version=version, dataset_version=current)
    if run := running.filter(engine=version.bundle["engine"]).first():
        return run
    run = runner.start_run(version=version, dataset_version=current, actor=actor)
    enqueue_evaluation(run)
    return run


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
    runner.continue_run(run, seconds=EVALUATE_FOR_S)
    if not run.ending:
        push_evaluation(run.pk)


def close_lost_calls_job() -> int:
    return sweeps.close_lost_calls()


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
