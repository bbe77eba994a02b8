"""The worker of the job queues: notices lost jobs soon and bounds what one job may take."""

import gc
import logging
import os
import resource
import signal
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from PIL import Image
from redis.exceptions import RedisError
from rq import Worker as RqWorker
from rq.executions import Execution
from rq.job import Job
from rq.queue import Queue

from dresscode.local.embedded.leash import die_with
from dresscode.queues.memory import forget_files, keep_heap_small, let_heap_grow, share_one_heap
from registry.engines import engine_chain, get_engine
from registry.tasks import all_tasks
from stores.lean import import_without
from telemetry.spans import flush, open_span, preload
from telemetry.traces import META, read_traceparent
from wardrobe.jobs import queue_interrupted
from wardrobe.similarity.extractors import list_extractors
from wardrobe.vision.garments import detect_garments
from wardrobe.vision.naming import load_engine
from wardrobe.vision.networks import return_freed_memory
from wardrobe.vision.parameters import VisionParameters

logger = logging.getLogger(__name__)

MEBIBYTE = 1024 * 1024

# At rq's defaults the job of a killed worker is found after seven minutes or more. Seconds. A worker without work looks
# up every `worker_ttl` less 15.
PERIODS = {"worker_ttl": 25, "maintenance_interval": 10, "job_monitoring_interval": 5}


class Worker(RqWorker):
    """rq's forking worker with short periods, JSON only, and a leash on the process of each job."""

    max_connection_wait_time = 5.0
    """Seconds; rq's minute would keep photos waiting for as long after Redis is back."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(
            *args, **{**options, **PERIODS, "serializer": "rq.serializers.JSONSerializer"}
        )

    def bootstrap(self, *args: Any, **options: Any) -> None:
        """Before the first job forks, load what each of them would load anew."""
        super().bootstrap(*args, **options)
        load_for_jobs(self.queue_names())

    def run_maintenance_tasks(self) -> None:
        """Between two jobs, and while there are none: photos of a worker that died come before those that wait."""
        super().run_maintenance_tasks()  # type: ignore[no-untyped-call]
        if "photos" not in self.queue_names():
            return
        try:
            queue_interrupted()
        except (DatabaseError, RedisError, OSError):
            logger.warning("photos of lost workers were not looked for", exc_info=True)
        finally:
            connection.close()  # The next job forks, and a connection cannot be shared.

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """In the trace of who queued it, or in one of its own."""
        parent = read_traceparent(str(job.meta.get(META, "")))
        with open_span(
            f"process {queue.name}", parent=parent, is_root=parent is None, kind="consumer"
        ) as span:
            span.say(queue=queue.name, job=job.id, job_name=job.func_name)
            has_succeeded = bool(super().perform_job(job, queue, execution))
            if not has_succeeded:
                span.fail("job_failed")
        flush()
        return has_succeeded

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Runs in the forked child. It goes when its worker goes: nobody would keep its job's lease.

        A decompression bomb ends as this job's MemoryError and not as the machine's.
        """
        die_with(self.pid or os.getppid(), signal.SIGKILL)
        let_heap_grow()
        limit = settings.WORKER_MEMORY_MB * MEBIBYTE
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
        super().main_work_horse(job, queue)


def load_for_jobs(queues: Sequence[str]) -> None:
    """What jobs of these queues use, without the pages and the stylist that only those of other queues do."""
    share_one_heap()
    preload()
    if "photos" in queues:
        load_seeing()
    if set(queues) != {"photos"}:
        all_tasks()
        import_module(settings.ROOT_URLCONF)  # Mails and alerts name addresses.
    gc.collect()
    gc.freeze()  # Else a collection in the process of a job writes on all of this, and so copies 20 MB and more.
    return_freed_memory()
    forget_files()


def load_seeing() -> None:
    """The networks and engines, and what is imported when a photo is first seen.

    A decoder that is forked while another thread imports would wait for it, for ever.
    """
    keep_heap_small()
    for name in ("default", *engine_chain("default")):
        get_engine(name)
    list_extractors()
    parameters = VisionParameters()
    load_engine(parameters)
    Image.preinit()
    detect_garments(Image.new("RGB", (64, 64)), parameters=parameters)
    # Tells the wearer's open pages. Nothing of it is encrypted but by TLS: 2 MB less.
    import_without("channels_redis.pubsub", "cryptography.fernet")
