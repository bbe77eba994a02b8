"""The worker of the job queues: notices lost jobs soon and bounds what one job may take."""

import resource

from django.conf import settings
from rq import Worker as RqWorker
from rq.job import Job
from rq.queue import Queue

MEBIBYTE = 1024 * 1024


class Worker(RqWorker):
    """rq's forking worker with shorter periods (seconds) and a memory limit on each job's process.

    At rq's defaults a killed worker's job is found after seven minutes or more.
    """

    def __init__(self, *args: object, **options: object) -> None:
        options.setdefault("maintenance_interval", 20)
        options.setdefault("job_monitoring_interval", 5)
        super().__init__(*args, **options)  # type: ignore[arg-type]

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Runs in the forked child. A decompression bomb ends as this job's MemoryError, not the machine's."""
        limit = settings.WORKER_MEMORY_MB * MEBIBYTE
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
        super().main_work_horse(job, queue)
