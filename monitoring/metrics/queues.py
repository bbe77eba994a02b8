"""The job queues, by the names that rq-exporter gave them, and how long the first job waits."""

from collections.abc import Iterator
from datetime import datetime

import django_rq
from prometheus_client.core import GaugeMetricFamily, Metric
from redis.exceptions import RedisError
from rq import Queue, Worker

from monitoring.selectors import QUEUES

REGISTRIES = ("started", "failed", "deferred", "scheduled", "finished")


class QueueCollector:
    """What Redis knows. While it is away `dresscode_redis_up` is 0, and nothing else is said."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        try:
            found, is_up = self.read(), 1.0
        except RedisError:
            found, is_up = [], 0.0
        up = GaugeMetricFamily("dresscode_redis_up", "Whether Redis answers.")
        up.add_metric([], is_up)
        yield up
        yield from found

    def read(self) -> list[Metric]:
        """Raises RedisError."""
        jobs = GaugeMetricFamily("rq_jobs", "Jobs by state.", labels=["queue", "status"])
        oldest = GaugeMetricFamily(
            "rq_queue_oldest_seconds", "How long the first job has waited.", labels=["queue"]
        )
        for queue in map(django_rq.get_queue, QUEUES):
            jobs.add_metric([queue.name, "queued"], queue.count)
            for status in REGISTRIES:
                registry = getattr(queue, f"{status}_job_registry")
                jobs.add_metric([queue.name, status], registry.count)
            oldest.add_metric([queue.name], self.measure_wait(queue))
        return [jobs, oldest, list_workers()]

    def measure_wait(self, queue: Queue) -> float:
        """Seconds that the first job of a queue has waited; 0 without one."""
        for job in queue.get_jobs(0, 1):
            if job.enqueued_at:
                return max(0.0, (self.now - job.enqueued_at).total_seconds())
        return 0.0


def list_workers() -> Metric:
    """Raises RedisError."""
    workers = GaugeMetricFamily(
        "rq_workers", "Workers that are alive.", labels=["name", "queues", "state"]
    )
    for worker in Worker.all(connection=django_rq.get_connection(QUEUES[0])):
        state = str(worker.get_state())
        workers.add_metric([worker.name, ",".join(worker.queue_names()), state], 1)
    return workers
