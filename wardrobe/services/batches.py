"""Several photos at once in one process: a model leaves a worker waiting nearly all of its time."""

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import takewhile
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection

from wardrobe.services import processing

JOIN_FOR_S = 40.0
"""Later ones are left to the next job, so that each has most of a job's time (120 s)."""
LOOK_AGAIN_S = 0.25


class QueuedPhoto(NamedTuple):
    """A photo out of the queue, and how long it was in there."""

    photo_id: UUID | str
    queued_ms: float = 0.0


TakeNext = Callable[[], QueuedPhoto | None]


def process_photos(first: QueuedPhoto, take_next: TakeNext) -> None:
    """Work on a photo, and on those that `take_next` gives, `settings.CALLS_PER_WORKER` at once; where that
    is one, on this photo alone.

    Ends when none is left. Raises what `process_photo` raises, once all have ended.
    """
    join_until = time.monotonic() + (JOIN_FOR_S if settings.CALLS_PER_WORKER > 1 else 0.0)
    pool = ThreadPoolExecutor(settings.CALLS_PER_WORKER, thread_name_prefix="photo")
    futures = [pool.submit(process_in_thread, first)]
    try:
        while True:
            working = [future for future in futures if not future.done()]
            if time.monotonic() < join_until:
                joined = join(pool, take_next, settings.CALLS_PER_WORKER - len(working))
                futures, working = [*futures, *joined], [*working, *joined]
            if not working:
                break
            wait(working, LOOK_AGAIN_S, FIRST_COMPLETED)
    finally:  # Out of time: the process ends, and the leases of what it held run out.
        pool.shutdown(wait=False, cancel_futures=True)
    for future in futures:
        future.result()


def join(pool: ThreadPoolExecutor, take_next: TakeNext, places: int) -> list[Future[None]]:
    """Start what `take_next` gives, until it gives nothing or each place is taken."""
    found = takewhile(bool, (take_next() for _ in range(places)))
    return [pool.submit(process_in_thread, photo) for photo in found if photo]


def process_in_thread(photo: QueuedPhoto) -> None:
    """In a thread of the pool, with a connection to the database that ends with it."""
    try:
        processing.process_photo(photo_id=photo.photo_id, queued_ms=photo.queued_ms)
    finally:
        connection.close()
