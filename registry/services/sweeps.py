"""Closing what lost processes left open, calls and evaluations; removing what is kept no longer."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models.functions import Now

from registry.models import (
    CallRequest,
    EvaluationRun,
    InferenceCall,
)
from telemetry.lines import log_fields

logger = logging.getLogger(__name__)

LOST = "process_lost"

LOST_AFTER_S = 30.0
"""Six missed heartbeats: the process is gone, or as good as gone."""

PROBES_KEPT = timedelta(days=1)

EVALUATION_LOST_AFTER_S = 300.0
"""A run gives a sign of life after each example: longer than the longest call and its wait in the queue."""


def close_lost_calls(*, after_s: float = LOST_AFTER_S) -> int:
    """Close the open calls whose process has not been heard of; returns how many."""
    stale = InferenceCall.objects.stale(after_s).values_list("pk", flat=True)
    return sum(map(close_as_lost, list(stale)))


def close_lost_call(call: InferenceCall) -> None:
    """Close one open call whose process is known to be gone, without waiting for its heartbeat."""
    close_as_lost(call.pk)


def close_as_lost(call_id: UUID) -> bool:
    """Close it unless something else has, and say so in the log."""
    calls = InferenceCall.objects.unfinished().filter(pk=call_id)
    was_open = calls.update(
        outcome=InferenceCall.Outcome.FAILED,
        error_code=LOST,
        error="The process that made this call went away.",
        finished_at=Now(),
    )
    if was_open:
        call = InferenceCall.objects.get(pk=call_id)
        ids = {"call": call.pk.hex, "trace": call.trace_id.hex, "task": call.task}
        log_fields(logger, "call", **ids, outcome=call.outcome, error_code=LOST)
    return bool(was_open)


def delete_old_requests() -> int:
    """Remove what was asked longer ago than it is kept; returns how many. The calls themselves stay."""
    kept = timedelta(days=settings.CALL_WORDS_KEPT_DAYS)
    old = CallRequest.objects.filter(created_at__lt=Now() - kept)
    deleted, _ = old.delete()
    return deleted


def delete_old_probes() -> int:
    """Remove the calls of the probe that are older than a day; returns how many. Looked for within a week, by the index."""
    now = Now()
    old = InferenceCall.objects.for_probe().filter(
        finished_at__lt=now - PROBES_KEPT,
        finished_at__gt=now - timedelta(days=8),
    )
    deleted, _ = old.delete()
    return deleted


def cancel_evaluation(run: EvaluationRun) -> bool:
    """End a run; its process stops after the example it is at. False when it had ended already."""
    running = EvaluationRun.objects.running().filter(pk=run.pk)
    return bool(running.update(ending=EvaluationRun.Ending.CANCELLED, ended_at=Now()))


def end_lost_evaluations(*, after_s: float = EVALUATION_LOST_AFTER_S) -> int:
    """End the runs whose process has not been heard of; returns how many. Their results stay."""
    return EvaluationRun.objects.stale(after_s).update(
        ending=EvaluationRun.Ending.LOST, ended_at=Now()
    )
