"""Queues whose jobs know the trace that they were queued in."""

from typing import Any

from django_rq.queues import DjangoRQ
from rq.job import Job

from telemetry.traces import META, current_traceparent


class TracedQueue(DjangoRQ):
    """Puts `traceparent` into the meta data of each job that is queued within a trace."""

    def create_job(self, *args: Any, **options: Any) -> Job:
        if traceparent := current_traceparent():
            options["meta"] = {META: traceparent, **(options.get("meta") or {})}
        return super().create_job(*args, **options)
