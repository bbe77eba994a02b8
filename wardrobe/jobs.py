"""Work for the queues. The row is the truth: a job that is lost is found by the sweep."""

import logging
import time
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_rq import get_queue
from redis.exceptions import RedisError
from rq import Queue, get_current_job
from rq.job import Job

from registry.engines.base import EngineError
from wardrobe.models import Garment, Photo
from wardrobe.services import batches, embeddings, pictures, processing, sweeps, wears
from wardrobe.services.batches import QueuedPhoto

logger = logging.getLogger(__name__)

QUEUE = "photos"
ROWS_AT_ONCE = 500
MOST_TIME_S = 60.0
"""No scheduled job keeps the sweeps of the same queue waiting for longer: a slow embeddings server, many cut-outs."""


def enqueue_process_photo(photo: Photo) -> None:
    """Queue the photo once the transaction has committed. A Redis that is away is no fault here."""
    transaction.on_commit(partial(push, photo.pk, photo.attempt), robust=True)


def push(photo_id: UUID, attempt: int, *, is_first: bool = False) -> None:
    """`is_first`: before all that wait already."""
    try:
        get_queue(QUEUE).enqueue(
            process_photo_job,
            str(photo_id),
            attempt,
            job_id=name_job(photo_id, attempt),
            result_ttl=0,
            at_front=is_first,
        )
    except (RedisError, OSError):
        logger.warning("photo %s waits for the sweep: Redis is away", photo_id, exc_info=True)


def name_job(photo_id: UUID, attempt: int) -> str:
    """One job per photo and attempt, so that the sweep sees what is queued already."""
    return f"process-{photo_id}-{attempt}"


def process_photo_job(photo_id: str, attempt: int = 1) -> None:
    """This photo, and where a model does the work, others that wait in the queue beside it.

    One that was tried before is alone: it may have taken its process down, and all that was in it.
    """
    queued_ms = measure_wait(get_current_job())
    if attempt or settings.CALLS_PER_WORKER == 1:
        processing.process_photo(photo_id=photo_id, queued_ms=queued_ms)
    else:
        batches.process_photos(QueuedPhoto(photo_id, queued_ms), take_next_photo)


def measure_wait(job: Job | None) -> float:
    """Milliseconds since a job was queued; 0 where there is none."""
    if job is None or job.enqueued_at is None:
        return 0.0
    return max(0.0, (timezone.now() - job.enqueued_at).total_seconds() * 1000)


def take_next_photo() -> QueuedPhoto | None:
    """The photo of the job that is next in the queue, and that job is gone; None to leave it."""
    queue: Queue = get_queue(QUEUE)
    try:
        job = next(iter(queue.get_jobs(0, 1)), None)
        if job is None:
            return None
        photo_id, attempt = (*job.args, 1)[:2]  # Jobs of an earlier release name no attempt.
        if attempt or not queue.remove(job):  # Removed by nobody but us: it was still there.
            return None
        job.delete()
    except (RedisError, OSError):
        logger.warning("no photo joins: Redis is away", exc_info=True)
        return None
    return QueuedPhoto(str(photo_id), measure_wait(job))


def sweep_photos_job() -> int:
    """Queue again what no worker holds; answers with the number of photos queued."""
    return queue_again(sweeps.find_abandoned_photos())


def queue_interrupted() -> int:
    """The part of the sweep that workers of photos do themselves: its own queue may be behind."""
    return queue_again(sweeps.find_interrupted_photos())


def queue_again(photos: list[Photo]) -> int:
    """Those that are not in the queue. What was interrupted goes before all that only waits, the oldest first."""
    queue: Queue = get_queue(QUEUE)
    queued = set(queue.job_ids) if photos else set()
    missing = [photo for photo in photos if name_job(photo.pk, photo.attempt) not in queued]
    for photo in sorted(missing, key=lambda photo: photo.created_at, reverse=True):
        push(photo.pk, photo.attempt, is_first=photo.attempt > 0)
    return len(missing)


def sweep_orphans_job() -> int:
    """A part of all photos and of all files; the next run goes on with the others."""
    for photo in sweeps.find_incomplete_photos(most_s=MOST_TIME_S / 2):
        logger.error("photo %s has lost a file", photo.pk)
    return sweeps.sweep_orphans(most_s=MOST_TIME_S / 2)


def embed_photos_job() -> int:
    """Make vectors that are missing of a part of all photos; answers with how many had any."""
    made = 0
    try:
        for was_made in embeddings.embed_in_turn(most_s=MOST_TIME_S):
            made += was_made
    except EngineError as error:
        logger.warning("vectors are missing until the embeddings server is back: %s", error)
    return made


def count_plans_job() -> int:
    """What was planned for a day that has come counts as worn; answers with how many wearers had any."""
    return wears.count_all_plans_come()


def enqueue_cut_garment(garment: Garment) -> None:
    """Queue its cut-out once the transaction has committed; the scheduled job finds what is lost."""
    transaction.on_commit(partial(push_cut, garment.pk), robust=True)


def push_cut(garment_id: UUID) -> None:
    try:
        get_queue(QUEUE).enqueue(cut_garment_job, str(garment_id), result_ttl=0)
    except (RedisError, OSError):
        logger.warning("garment %s waits for the sweep: Redis is away", garment_id, exc_info=True)


def cut_garment_job(garment_id: str) -> bool:
    return pictures.cut_garment(garment_id)


def cut_garments_job() -> int:
    """Cut out garments that have not been, as many as a minute takes; answers with their number."""
    until = time.monotonic() + MOST_TIME_S
    made = 0
    for pk in list(pictures.find_uncut().values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        made += pictures.cut_garment(pk)
        if time.monotonic() > until:
            break
    return made
