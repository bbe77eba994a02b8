"""What the scheduler and the queue run for feedback."""

import logging
from functools import partial
from itertools import product

from django.db import transaction
from django_rq import get_queue
from redis.exceptions import RedisError

from feedback.models import TrainingRun
from feedback.proposals.keeping import NothingToProposeError
from feedback.proposals.kinds import KINDS
from feedback.proposals.wording import CopiedWordsError
from feedback.review.filling import fill_queue
from feedback.training import retraining
from registry.models import Prompt

logger = logging.getLogger(__name__)

QUEUE = "maintenance"
RETRAIN_FOR_S = 900
"""A job that takes longer is ended."""


def fill_review_queue_job() -> int:
    """Answers with how many items are new."""
    return fill_queue()


def propose_versions_job() -> int:
    """The next drafts of each prompt, of each kind that there is anything of; answers with how many."""
    drafts = 0
    for prompt, kind in product(Prompt.objects.all(), KINDS):
        try:
            drafts += bool(KINDS[kind](prompt))
        except NothingToProposeError:
            continue
        except CopiedWordsError as error:
            logger.warning("No draft of %s: %s", prompt.name, error)
    return drafts


def end_lost_training_job() -> int:
    return retraining.end_lost_runs()


def enqueue_training(run: TrainingRun) -> None:
    """Queue a run once the transaction has committed."""
    transaction.on_commit(partial(push_training, run.pk), robust=True)


def push_training(run_pk: int) -> None:
    try:
        get_queue(QUEUE).enqueue(retrain_job, run_pk, result_ttl=0, job_timeout=RETRAIN_FOR_S)
    except (RedisError, OSError):
        logger.warning("training run %s will be lost: Redis is away", run_pk, exc_info=True)


def retrain_job(run_pk: int) -> None:
    """Once: a run that has begun, or ended, is left as it is."""
    if run := TrainingRun.objects.filter(pk=run_pk).first():
        retraining.carry_out(run)
