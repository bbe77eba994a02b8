"""The scheduler: puts the jobs of `settings.SCHEDULED_JOBS` on their queue, each at its interval.

Every scheduled job may run twice or late: two schedulers do no harm, and a lost one is started again.
"""

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django_rq import get_connection, get_queue
from django_rq.cron import DjangoCronScheduler
from rq.cron import CronJob
from rq.utils import now

QUEUE = "maintenance"


class Scheduler(DjangoCronScheduler):
    """rq's scheduler, enqueueing through django-rq: rq's own way would pickle the job."""

    def enqueue_jobs(self) -> list[CronJob]:
        due = [job for job in self.get_jobs() if job.should_run()]
        for job in due:
            get_queue(job.queue_name).enqueue(job.func_name, **job.job_options)
            job.set_enqueue_time(now())
        return due


def make_scheduler(**options: Any) -> Scheduler:
    """A job that no worker takes before the next one is due vanishes, so a stopped queue does not grow."""
    scheduler = Scheduler(connection=get_connection(QUEUE), **options)
    for path, interval_s in settings.SCHEDULED_JOBS.items():
        scheduler.register(
            import_string(path),
            queue_name=QUEUE,
            interval=interval_s,
            ttl=max(interval_s, 60),
            result_ttl=0,
            failure_ttl=24 * 60 * 60,
        )
    return scheduler
