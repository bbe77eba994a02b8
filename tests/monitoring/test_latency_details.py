"""The page on latency: its period, where the time went, two versions side by side, the slowest calls, its links."""

from datetime import datetime, timedelta
from html import unescape
from urllib.parse import urlencode

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from monitoring.figures.buckets import ERROR, Histogram
from monitoring.figures.building import floor_to
from monitoring.figures.changes import MIN_CALLS
from monitoring.figures.reading import Period, newest_at
from monitoring.latency import TaskLatency, describe_tasks
from monitoring.plots import Plot, draw_flags
from monitoring.times.comparison import compare_times, find_interval
from monitoring.times.releases import Kind, Release, read_releases
from registry.canary.service import start_canary
from registry.models import PromptVersion
from registry.services.overrides import record_override
from tests.factories import make_version, promote
from tests.monitoring.calls import MINUTE, NOON, build_figures, end_call, fail_call

pytestmark = pytest.mark.django_db

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
TASK = "suggest_outfit"
PAGE = "monitoring:latency"


def answer(version: PromptVersion, since: datetime, calls: int = 40, ms: float = 500) -> None:
    for number in range(calls):
        end_call(version, ms + number, at=since + number * timedelta(seconds=1))


def describe(period: Period, **chosen: PromptVersion) -> TaskLatency:
    [told] = describe_tasks(period, newest_at(), task=TASK, **chosen)
    return told


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"since": "soon"}, "Write a date and a time"),
        ({"since": "2999-01-01T00:00"}, "Nothing was counted then."),
        ({"since": "0001-01-01T00:00"}, "Nothing was counted then."),
        ({"since": "2026-11-20T12:00", "until": "2026-11-20T12:04"}, "shorter than 5 minutes"),
        ({"since": "2026-11-20T12:00", "until": "2026-11-20T11:00"}, "shorter than 5 minutes"),
        ({"until": "2026-11-20T12:00"}, "Say from when."),
        ({"task": "paint"}, "There is no such task."),
        ({"version": "x"}, "There is no such version."),
    ],
)
def test_a_period_that_makes_no_sense_is_told_and_the_usual_one_shown(
    operator: Client, live: PromptVersion, query: dict[str, str], said: str
) -> None:
    response = operator.get(reverse(PAGE), query)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert response.context["period"].length == DAY


def test_only_two_versions_of_one_task_are_compared(operator: Client, live: PromptVersion) -> None:
    photos = make_version("digitize_photo")
    promote(photos)
    asked = {"version": live.pk, "against": photos.pk}
    assert "a version of another task" in operator.get(reverse(PAGE), asked).content.decode()
    alone = operator.get(reverse(PAGE), {"against": photos.pk}).content.decode()
    assert "Choose the version to compare it with." in alone


def test_a_past_period_is_shown_and_is_not_late(operator: Client, live: PromptVersion) -> None:
    answer(live, NOON, ms=2_000)
    answer(live, NOON + 3 * HOUR, ms=9_000)
    build_figures(NOON + 5 * HOUR)
    query = {"since": NOON.isoformat(), "until": (NOON + HOUR).isoformat(), "task": TASK}
    response = operator.get(reverse(PAGE), query)
    page = response.content.decode()
    assert "p95 is 2.0\u00a0s" in page
    assert "Cannot tell" not in page
    assert 'value="2026-11-20T12:00:00"' in page
    [told] = response.context["told"]
    assert told.answers == 40


def test_an_end_that_is_to_come_is_now(operator: Client, live: PromptVersion) -> None:
    build_figures()
    before = timezone.now()
    query = {"since": (before - HOUR).isoformat(), "until": (before + DAY).isoformat()}
    period = operator.get(reverse(PAGE), query).context["period"]
    assert before <= period.until <= timezone.now()


@pytest.mark.parametrize(
    ("length", "step"),
    [(HOUR, "5 minutes"), (2 * DAY, "hour"), (20 * DAY, "6 hours"), (80 * DAY, "day")],
)
def test_long_periods_have_longer_steps(live: PromptVersion, length: timedelta, step: str) -> None:
    answer(live, NOON)
    build_figures(NOON + HOUR)
    plot = describe(Period(NOON + HOUR - length, NOON + HOUR)).plot
    assert plot is not None
    assert plot.step == step


def test_where_the_time_went_stands_beside_the_weeks_before(live: PromptVersion) -> None:
    for at, queue, engine in ((NOON, 10, 90), (NOON, 30, 310), (NOON - WEEK, 40, 60)):
        end_call(live, at=at, steps_ms={"queue": queue, "engine": engine})
    end_call(live, at=NOON)
    build_figures(NOON + HOUR)
    queue, engine = describe(Period(NOON, NOON + HOUR)).steps
    assert (queue.name, queue.calls, queue.now_ms, queue.usual_ms) == (
        "Waited in the queue", 2, 20, 40,
    )  # fmt: skip
    assert (engine.now_ms, engine.usual_ms) == (200, 60)
    assert (queue.starts_at, queue.width) == (0, pytest.approx(100 * 20 / 220, abs=0.01))
    assert engine.starts_at + engine.width == pytest.approx(100, abs=0.02)


def test_steps_that_nothing_timed_are_left_out(operator: Client, live: PromptVersion) -> None:
    answer(live, timezone.now() - HOUR)
    build_figures()
    assert "Where the time went" not in operator.get(reverse(PAGE)).content.decode()
    end_call(live, steps_ms={"checks": 3})
    build_figures()
    page = operator.get(reverse(PAGE)).content.decode()
    assert "Where the time went" in page
    assert "Photo decoded" not in page


def test_two_versions_are_drawn_apart_and_their_differences_told(
    operator: Client, live: PromptVersion
) -> None:
    later = make_version(TASK, system="longer")
    promote(later)
    now = timezone.now()
    answer(live, now - HOUR, calls=200, ms=1_000)
    answer(later, now - HOUR, calls=200, ms=2_000)
    build_figures()
    told = describe(Period(now - HOUR, now), version=live, against=later)
    assert told.plot is not None and told.comparison is not None
    assert [(line.name, line.css) for line in told.plot.lines] == [
        ("v1", "o-ln"),
        ("v2", "o-ln o-ln--b"),
    ]
    whole = next(row for row in told.comparison.differences if row.name == "Whole answer, p95")
    assert (whole.first, whole.second, whole.level) == ("1.2\u00a0s", "2.2\u00a0s", "watch")
    query = {"span": "1h", "version": live.pk, "against": later.pk}
    page = operator.get(reverse(PAGE), query).content.decode()
    assert "v1 and v2, side by side" in page
    assert "digitize_photo is" not in page


def test_names_of_lines_that_end_together_do_not_overlap(live: PromptVersion) -> None:
    later = make_version(TASK, system="longer")
    for version in (live, later):
        answer(version, NOON)
    build_figures(NOON + HOUR)
    plot = describe(Period(NOON, NOON + HOUR), version=live, against=later).plot
    assert plot is not None
    first, second = (line.end_y for line in plot.lines)
    assert abs(first - second) >= 12


def test_equal_versions_have_no_difference_and_few_calls_none_at_all() -> None:
    generator = np.random.default_rng(7)
    first, second = (Histogram.of(np.exp(generator.normal(7, 0.5, 400))) for _ in range(2))
    assert compare_times("p95", first, second, 0.95).level == ""
    few = compare_times("p95", first, Histogram.of([9_000.0] * 29), 0.95)
    assert (few.level, few.interval) == ("", "too few calls")


def test_the_interval_holds_the_true_difference_about_as_often_as_it_says() -> None:
    """Of two samples of the same times the difference is none: within in 95 of 100, give or take three errors."""
    generator = np.random.default_rng(11)
    samples = [Histogram.of(np.exp(generator.normal(7, 0.5, 300))) for _ in range(200)]
    pairs = zip(samples[::2], samples[1::2], strict=True)
    intervals = [find_interval(first, second, 0.5) for first, second in pairs]
    assert sum(low <= 0 <= high for low, high in intervals) >= 88


@pytest.mark.parametrize("length", [HOUR, 30 * DAY])
def test_the_slowest_calls_are_found_in_any_period(live: PromptVersion, length: timedelta) -> None:
    until = NOON + HOUR
    slow = [end_call(live, 9_000 + n, at=until - length / 8 - n * length / 40) for n in range(6)]
    answer(live, NOON)
    fail_call(live, at=NOON, latency_ms=99_000)
    end_call(live, 99_000, at=NOON, subject="example:1")
    end_call(live, 99_000, at=until - length - DAY)
    build_figures(until)
    told = describe(Period(until - length, until))
    assert told.slowest == slow[:0:-1]


def test_a_period_without_an_answer_has_no_slowest_call(live: PromptVersion) -> None:
    build_figures(NOON)
    assert describe(Period(NOON - DAY, NOON)).slowest == []


def test_every_figure_leads_to_as_many_calls(operator: Client, live: PromptVersion) -> None:
    now = timezone.now()
    answer(live, floor_to(now - 50 * MINUTE, 5 * MINUTE))
    fail_call(live, at=now - 30 * MINUTE)
    end_call(live, at=now - 30 * MINUTE, subject="example:1")
    build_figures(now)
    told = describe(Period(now - HOUR, now))
    assert told.plot is not None
    figures = [(told.answers, told.calls_url)]
    figures += [(stats.succeeded, url) for stats, url, _ in told.versions]
    figures += [(row.calls, row.calls_url) for row in told.plot.rows]
    assert len(figures) > 3
    page = unescape(operator.get(reverse(PAGE), {"span": "1h"}).content.decode())
    for count, url in figures:
        assert operator.get(url).context["count"] == count
    assert all(row.calls_url in page for row in told.plot.rows)


@pytest.mark.parametrize("span", ["1h", "7d"])
def test_the_page_asks_as_many_questions_of_many_calls_as_of_one(
    operator: Client, live: PromptVersion, span: str
) -> None:
    now = timezone.now()

    def count() -> int:
        build_figures(now)
        with CaptureQueriesContext(connection) as queries:
            operator.get(f"{reverse(PAGE)}?{urlencode({'span': span})}")
        return len(queries)

    end_call(live, at=now - MINUTE)
    count()
    before = count()
    for _ in range(60):
        end_call(live, at=now - MINUTE)
    assert count() == before


def test_percentiles_of_the_page_are_within_the_stated_error(live: PromptVersion) -> None:
    times = [100.0 + 13 * n for n in range(200)]
    for number, ms in enumerate(times):
        end_call(live, ms, at=NOON + number * timedelta(seconds=9))
    build_figures(NOON + HOUR)
    [row] = [one for one, _, _ in describe(Period(NOON, NOON + HOUR)).versions]
    assert row.latency_p95_ms == pytest.approx(times[189], rel=ERROR)


def test_the_first_word_has_a_line_where_answers_come_word_by_word(live: PromptVersion) -> None:
    for _ in range(MIN_CALLS):
        end_call(live, 800, at=NOON)
        end_call(live, 800, at=NOON + HOUR, ttft_ms=None)
    build_figures(NOON + 2 * HOUR)
    first, second = (draw(Period(start, start + HOUR)) for start in (NOON, NOON + HOUR))
    assert [line.title for line in first.lines] == ["p50", "p95", "p99", "p95 of the first word"]
    assert [line.title for line in second.lines] == ["p50", "p95", "p99"]


def draw(period: Period) -> Plot:
    plot = describe(period).plot
    assert plot
    return plot


def test_what_went_live_came_back_and_is_tried_has_marks_of_its_own() -> None:
    kinds: list[Kind] = ["live", "canary", "back"]
    releases = [
        Release(NOON + number * HOUR, kind, number, "", "") for number, kind in enumerate(kinds, 1)
    ]
    flags = draw_flags(releases, lambda at: 20 * ((at - NOON) / HOUR))
    assert [(flag.kind, flag.label, flag.anchor) for flag in flags] == [
        ("live", "v1", "end"), ("canary", "v2", "end"), ("back", "v3", "start"),
    ]  # fmt: skip


def test_canaries_are_among_the_releases(live: PromptVersion) -> None:
    draft = make_version(TASK, system="new")
    record_override(version=draft, actor=None, reason="a test", days=1)
    start_canary(version=draft, share=0.1, actor=None, reason="to see")
    now = timezone.now() + MINUTE
    found = read_releases(now - HOUR, now)[TASK]
    assert [one.beginning for one in found] == ["v1 went live", "v2 began as a canary"]
    assert (found[1].title, found[1].reason) == ("Canary for 10 %", "to see")
