"""Any period read from few rollups, and how old they are."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from monitoring.figures import reading
from monitoring.figures.building import KEPT, LENGTHS, Grain
from monitoring.figures.reading import cover, pick_step, read_figures, read_series
from monitoring.models import RollupProgress
from tests.factories import make_version
from tests.monitoring.calls import MINUTE, NOON, build_figures, end_call

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TASK = "suggest_outfit"


def count_rows(since: datetime, until: datetime) -> int:
    """Of one task, version, engine and side: as many as there are periods."""
    pieces = cover(since, until, list(LENGTHS))
    return sum(-(-(end - start) // LENGTHS[grain]) for grain, start, end in pieces)


def test_pieces_follow_each_other_without_gap_or_overlap() -> None:
    since, until = NOON + 7 * MINUTE, NOON + 9 * DAY + 3 * HOUR + 12 * MINUTE
    pieces = list(cover(since, until, list(LENGTHS)))
    assert pieces[0][1] == NOON + 5 * MINUTE
    assert pieces[-1][2] == until
    assert all(before[2] == after[1] for before, after in zip(pieces, pieces[1:], strict=False))
    assert {grain for grain, _, _ in pieces} == set(Grain)


@pytest.mark.parametrize("days", [1, 7, 90, 3650])
def test_a_period_of_any_length_is_days_and_a_few_rows_at_its_ends(days: int) -> None:
    until = NOON + 34 * MINUTE
    assert count_rows(until - days * DAY, until) <= days + 2 * 23 + 2 * 12


@pytest.mark.parametrize("length", [HOUR, 10 * HOUR, DAY, 7 * DAY, 90 * DAY, 3 * 365 * DAY])
def test_a_series_has_at_most_120_points(length: timedelta) -> None:
    until = NOON + 34 * MINUTE
    step = pick_step(until - length, until, until)
    assert length / step + 1 <= 120


def test_the_grain_is_one_that_is_kept_so_far_back() -> None:
    ago = {
        days: pick_step(NOON - days * DAY, NOON - days * DAY + HOUR, NOON) for days in (1, 8, 91)
    }
    assert ago == {1: 5 * MINUTE, 8: HOUR, 91: DAY}
    assert KEPT[Grain.FIVE_MINUTES] == 7 * DAY
    assert KEPT[Grain.HOUR] == 90 * DAY


@pytest.mark.django_db
def test_a_period_read_in_pieces_is_the_calls_of_that_period() -> None:
    version = make_version(TASK)
    for minutes in range(0, 3 * 24 * 60, 47):
        end_call(version, 10.0 + minutes, at=NOON + minutes * MINUTE)
    build_figures(NOON + 3 * DAY)
    since, until = NOON + 65 * MINUTE, NOON + 2 * DAY + 3 * HOUR + 25 * MINUTE
    inside = [m for m in range(0, 3 * 24 * 60, 47) if since <= NOON + m * MINUTE < until]
    figures = read_figures(since, until, task=TASK)
    assert (figures.calls, figures.latency.total) == (len(inside), len(inside))
    assert read_figures(since, until, task="digitize_photo").calls == 0
    assert read_figures(since, until, task=TASK, engine="vllm").calls == 0
    assert read_figures(since, until, task=TASK, version_id=version.pk).calls == len(inside)


@pytest.mark.django_db
def test_a_series_has_the_calls_of_each_step() -> None:
    version = make_version(TASK)
    for minutes in (0, 4, 5, 61, 3000):
        end_call(version, at=NOON + minutes * MINUTE)
    build_figures(NOON + 3 * DAY)
    for step, expected in (
        (5 * MINUTE, [2, 1, 1, 1]),
        (HOUR, [3, 1, 1]),
        (6 * HOUR, [4, 1]),
        (DAY, [4, 1]),
    ):
        points = read_series(NOON, NOON + 3 * DAY, step=step, task=TASK)
        assert [figures.calls for _, figures in points] == expected
        assert points[0][0] == NOON.replace(hour=0 if step == DAY else 12)


@pytest.mark.django_db
def test_the_hour_that_is_not_over_is_counted_as_far_as_it_has_come() -> None:
    end_call(make_version(TASK), at=NOON + 2 * MINUTE)
    build_figures(NOON + 3 * MINUTE)
    for since in (NOON, NOON - DAY, NOON - 60 * DAY):
        assert read_figures(since, NOON + 4 * MINUTE, task=TASK).calls == 1


def is_late_at(now: datetime) -> bool:
    return reading.is_late(now, reading.newest_at())


@pytest.mark.django_db
def test_figures_are_late_five_minutes_after_the_last_run_and_before_the_first() -> None:
    now = timezone.now().astimezone(UTC)
    assert is_late_at(now)
    build_figures(now)
    assert not is_late_at(now + 5 * MINUTE)
    assert is_late_at(now + 5 * MINUTE + timedelta(seconds=1))
    RollupProgress.objects.all().delete()
    assert is_late_at(now)
