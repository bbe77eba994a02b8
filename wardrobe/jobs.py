"""Work for the queues. The row is the truth: a job that is lost is found by the sweep."""

import logging
from functools import partial
from uuid import UUID

from django.db import transaction
from django_rq import get_queue
from redis.exceptions import RedisError
from rq import Queue

from wardrobe.models import Photo
from wardrobe.services import embeddings, photos, sweeps

logger = logging.getLogger(__name__)

QUEUE = "photos"
EMBEDDED_AT_ONCE = 500


def enqueue_ingest_photo(photo: Photo) -> None:
    """Queue the photo once the transaction has committed. A Redis that is away is no fault here."""
    transaction.on_commit(partial(push, photo.pk, photo.attempt), robust=True)


def push(photo_id: UUID, attempt: int) -> None:
    try:
        get_queue(QUEUE).enqueue(
            ingest_photo_job, str(photo_id), job_id=name_job(photo_id, attempt), result_ttl=0
        )
    except (RedisError, OSError):
        logger.warning("photo %s waits for the sweep: Redis is away", photo_id, exc_info=True)


def name_job(photo_id: UUID, attempt: int) -> str:
    """One job per photo and attempt, so that the sweep sees what is queued already."""
    return f"ingest-{photo_id}-{attempt}"


def ingest_photo_job(photo_id: str) -> None:
    photos.ingest_photo(photo_id=photo_id)


def sweep_photos_job() -> int:
    """Queue again what no worker holds; answers with the number of photos queued."""
    queue: Queue = get_queue(QUEUE)
    queued = set(queue.job_ids)
    missing = [
        photo
        for photo in sweeps.find_abandoned_photos()
        if name_job(photo.pk, photo.attempt) not in queued
    ]
    for photo in missing:
        push(photo.pk, photo.attempt)
    return len(missing)


def sweep_orphans_job() -> int:
    for photo in sweeps.find_incomplete_photos():
        logger.error("photo %s has lost a file", photo.pk)
    return sweeps.sweep_orphans()


def embed_photos_job() -> int:
    """Make vectors that are missing; answers with the number of photos."""
    return sum(embeddings.embed_photos(limit=EMBEDDED_AT_ONCE))
