"""Calls that have ended, and the rollups of them, for tests."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from monitoring.figures import building
from monitoring.opinions import building as opinions
from registry.models import InferenceCall, PromptVersion
from tests.factories import make_call

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SHOWN = {"code": "too_cold", "message": "", "shown": True}
WITHHELD = {"code": "unowned_item", "message": "", "shown": False}


def end_call(
    version: PromptVersion,
    latency_ms: float = 100.0,
    *,
    at: datetime | None = None,
    **fields: object,
) -> InferenceCall:
    """A succeeded call of the built-in engine that ended at a moment, by default now."""
    at = at or timezone.now()
    return make_call(
        version,
        **{
            "outcome": "succeeded",
            "output": {},
            "started_at": at - timedelta(milliseconds=latency_ms),
            "finished_at": at,
            "latency_ms": latency_ms,
            "ttft_ms": latency_ms / 10,
            **fields,
        },
    )


def fail_call(
    version: PromptVersion, *, at: datetime | None = None, **fields: object
) -> InferenceCall:
    """A call that a model server's silence ended."""
    failed = {"outcome": "failed", "output": None, "error_code": "engine_timeout"}
    return end_call(version, at=at, **{**failed, **fields})


def build_figures(now: datetime | None = None) -> None:
    """What the scheduler does each minute."""
    now = now or timezone.now()
    building.build_due(now)
    opinions.build_due(now)
