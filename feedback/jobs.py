"""What the scheduler and the queue run for feedback."""

import logging
from functools import partial
from itertools import product

from django.conf import settings
from django.db import transaction
from django_rq import get_queue
from redis.exceptions import RedisError

from accounts.models import User
from feedback.models import TrainingRun
from feedback.proposals.keeping import NothingToProposeError
from feedback.proposals.kinds import KINDS, SLOW
from feedback.proposals.wording import CopiedWordsError
from feedback.review.filling import fill_queue
from feedback.training import retraining
from registry.engines.base import EngineUnavailableError
from registry.models import Prompt

logger = logging.getLogger(__name__)

QUEUE = "maintenance"
PROPOSE_FOR_S = 1800
RETRAIN_FOR_S = 900
"""Jobs that take longer are ended."""


def fill_review_queue_job() -> int:
    """Answers with how many items are new."""
    return fill_queue()


def propose_versions_job() -> int:
    """The next drafts of each prompt, of each kind that there is anything of; answers with how many. Those that take
    long are queued."""
    drafts = 0
    for prompt, kind in product(Prompt.objects.all(), KINDS):
        if kind in SLOW:
            enqueue_proposal(prompt, kind)
        else:
            drafts += propose(prompt, kind)
    return drafts


def propose(prompt: Prompt, kind: str, author: User | None = None) -> bool:
    """Whether there is a draft."""
    try:
        KINDS[kind](prompt, author=author)
    except NothingToProposeError:
        return False
    except (CopiedWordsError, EngineUnavailableError) as error:
        logger.warning("No draft of %s: %s", prompt.name, error)
        return False
    return True


def enqueue_proposal(prompt: Prompt, kind: str, author: User | None = None) -> bool:
    """Whether a draft that takes long is queued now: never without a model server."""
    if not settings.VLLM_BASE_URL:
        return False
    key = author.pk if author else None
    try:
        queue = get_queue(QUEUE)
        queue.enqueue(propose_job, prompt.pk, kind, key, result_ttl=0, job_timeout=PROPOSE_FOR_S)
    except (RedisError, OSError):
        logger.warning("no draft of %s is written: Redis is away", prompt.name, exc_info=True)
        return False
    return True


def propose_job(prompt_pk: int, kind: str, author_pk: int | None) -> None:
    """One draft that takes long."""
    prompt = Prompt.objects.filter(pk=prompt_pk).first()
    if prompt is not None:
        author = User.objects.filter(pk=author_pk).first() if author_pk else None
        propose(prompt, kind, author)


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
