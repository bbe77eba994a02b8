from datetime import timedelta

import pytest
from django.utils import timezone

from monitoring import selectors
from monitoring.figures.buckets import ERROR
from monitoring.figures.calls import CallStats, get_call_stats
from monitoring.figures.reading import add_up_by, find_rollups, newest_at
from tests.factories import make_call, make_version
from tests.monitoring.calls import SHOWN, WITHHELD, build_figures, end_call, fail_call

pytestmark = pytest.mark.django_db

HOUR_AGO = timedelta(hours=1)


def read_stats() -> list[CallStats]:
    """Of the last hour, counted now."""
    build_figures()
    now = timezone.now()
    rollups = find_rollups(now - HOUR_AGO, now, newest_at())
    return get_call_stats(add_up_by(rollups, "task", "version_id"))


def test_stats_are_by_task_and_version() -> None:
    old, new = make_version("suggest_outfit"), make_version("suggest_outfit", system="new")
    for latency_ms in (100, 200, 300):
        end_call(old, latency_ms)
    fail_call(new)
    stats = read_stats()
    assert [(row.version_number, row.calls, row.failed) for row in stats] == [(2, 1, 1), (1, 3, 0)]
    assert stats[1].latency_p50_ms == pytest.approx(200, rel=ERROR)
    assert stats[1].latency_p95_ms == pytest.approx(300, rel=ERROR)
    assert stats[0].latency_p95_ms is None


def test_calls_before_the_window_do_not_count() -> None:
    end_call(make_version(), 100, at=timezone.now() - timedelta(hours=2))
    assert read_stats() == []


def test_questions_of_evaluations_are_nobodys_wait() -> None:
    version = make_version()
    end_call(version, 100, subject="example:7")
    fail_call(version, subject="example:8")
    assert read_stats() == []
    assert list(selectors.get_recent_failures(timezone.now() - HOUR_AGO)) == []


def test_calls_under_way_are_told_apart_from_those_that_ended() -> None:
    version = make_version()
    make_call(version)
    make_call(version, subject="example:8")
    [row] = read_stats()
    assert (row.running, row.calls, row.latency_p50_ms) == (1, 0, None)


def test_the_last_failures_are_the_newest() -> None:
    version, now = make_version(), timezone.now()
    calls = [fail_call(version, at=now - timedelta(minutes=m)) for m in (9, 3, 6, 61)]
    end_call(version)
    newest = selectors.get_recent_failures(now - HOUR_AGO, limit=2)
    assert list(newest) == [calls[1], calls[2]]


def test_what_was_stopped_is_told_from_what_was_shown() -> None:
    version = make_version("suggest_outfit")
    fail_call(version, violations=[WITHHELD])
    end_call(version, 1, violations=[WITHHELD, SHOWN])
    end_call(version, 1, violations=[SHOWN])
    end_call(version, 1)
    [row] = read_stats()
    assert (row.stopped_by_check, row.shown_with_fault) == (2, 2)
