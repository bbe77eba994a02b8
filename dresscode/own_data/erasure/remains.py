"""What is left of an account outside the database: files, streams of answers, jobs in the queues."""

import logging
from collections.abc import Collection, Iterator
from contextlib import suppress

from django.conf import settings
from django.core.files.storage import default_storage
from django_rq import get_connection, get_queue
from rq.job import Job
from rq.queue import Queue

from accounts.signin import budgets
from dresscode.own_data import transfers
from styling.services import pictures
from styling.sharing import links
from wardrobe.photos import storage

logger = logging.getLogger(__name__)

FOLDERS = (*storage.FOLDERS, pictures.FOLDER, links.FOLDER, *transfers.FOLDERS)


class FilesStayError(OSError):
    """The storage did not delete all; it is tried again."""


def list_files(owner_key: int) -> list[str]:
    """Every file below the folders of an account, whatever names it."""
    return [name for folder in FOLDERS for name in storage.list_files(f"{folder}/{owner_key}")]


def delete_files(owner_key: int) -> None:
    """Raises FilesStayError."""
    storage.delete_files(list_files(owner_key))
    for folder in FOLDERS:
        if any(storage.list_files(f"{folder}/{owner_key}")):
            raise FilesStayError
        delete_folders(f"{folder}/{owner_key}")


def delete_folders(folder: str) -> None:
    """Empty folders, where the storage has any; the innermost first."""
    with suppress(OSError, NotADirectoryError):
        folders, _ = default_storage.listdir(folder)
        for name in folders:
            delete_folders(f"{folder}/{name}")
        default_storage.delete(folder)


def delete_streams(suggestions: Collection[str]) -> int:
    """The logs of answers as they were written. Raises RedisError."""
    keys = [f"{settings.REDIS_PREFIX}:outfit:{pk}" for pk in suggestions]
    return int(get_connection("maintenance").delete(*keys)) if keys else 0


def forget_tries(email: str) -> None:
    """How often somebody tried to sign in under this email. While Redis is away it ends by itself, in six hours."""
    budgets.forget(budgets.account(email))


def delete_jobs(rows: Collection[str]) -> int:
    """Jobs that name one of these rows, in whatever state they are. Raises RedisError."""
    wanted, deleted = {*rows}, 0
    for name in settings.RQ_QUEUES:
        queue: Queue = get_queue(name)
        for job in list_jobs(queue):
            if not wanted.isdisjoint(map(str, job.args)):
                job.delete()
                deleted += 1
    return deleted


def list_jobs(queue: Queue) -> Iterator[Job]:
    registries = (
        queue.started_job_registry,
        queue.failed_job_registry,
        queue.finished_job_registry,
        queue.deferred_job_registry,
        queue.scheduled_job_registry,
        queue.canceled_job_registry,
    )
    ids = [*queue.job_ids]
    for registry in registries:
        ids += registry.get_job_ids()
    found = Job.fetch_many(ids, connection=queue.connection, serializer=queue.serializer)
    yield from (job for job in found if job is not None)
