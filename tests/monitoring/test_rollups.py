"""Calls counted into rollups: what is counted where, once, and the same each time."""

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from monitoring.figures import building
from monitoring.figures.buckets import Histogram
from monitoring.figures.reading import Figures, add_up, read_figures
from monitoring.models import Rollup, RollupProgress
from registry.models import Canary, CanaryCall, InferenceCall, PromptVersion
from registry.services.overrides import record_override
from registry.tasks import get_task
from tests.factories import make_version, promote
from tests.monitoring.calls import (
    MINUTE,
    NOON,
    SHOWN,
    WITHHELD,
    build_figures,
    end_call,
    fail_call,
)

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TASK = "suggest_outfit"


def read_rows(**fields: object) -> list[dict[str, object]]:
    """All columns but the primary key, in one order."""
    rows = Rollup.objects.filter(**fields).order_by(
        "grain", "starts_at", "task", "version", "engine", "side"
    )
    return [{name: value for name, value in row.items() if name != "id"} for row in rows.values()]


def read_hour(version: PromptVersion, **options: object) -> Figures:
    return read_figures(NOON, NOON + HOUR, task=version.prompt.name, **options)


@pytest.fixture
def version() -> PromptVersion:
    return make_version(TASK)


def fill_day(version: PromptVersion) -> None:
    """Calls of many kinds in three hours of one day."""
    for i in range(40):
        at = NOON + 4 * i * MINUTE
        steps = {"queue": 0.1 * i, "engine": 45.007 * i, "checks": 3.3} if i % 2 else {}
        tokens = {"input_tokens": 900, "output_tokens": i}
        end_call(version, 50.0 * (i + 1), at=at, steps_ms=steps, **tokens)
    end_call(version, 70, at=NOON, violations=[SHOWN, WITHHELD, WITHHELD], engine="vllm")
    fail_call(version, at=NOON + MINUTE, violations=[WITHHELD])
    end_call(version, at=NOON + HOUR, outcome="cancelled", output=None)


def test_outcomes_are_counted_apart(version: PromptVersion) -> None:
    end_call(version, at=NOON)
    fail_call(version, at=NOON)
    for outcome in ("cancelled", "superseded"):
        end_call(version, at=NOON, outcome=outcome, output=None)
    build_figures(NOON + HOUR)
    figures = read_hour(version)
    counts = (figures.calls, figures.succeeded, figures.failed, figures.stopped)
    assert counts == (4, 1, 1, 2)


def test_within_the_goal_is_counted_exactly_at_its_edge(version: PromptVersion) -> None:
    goal_ms = get_task(TASK).goals.latency_ms
    for latency_ms in (goal_ms, goal_ms - 0.001, goal_ms + 0.001):
        end_call(version, latency_ms, at=NOON)
    fail_call(version, at=NOON)
    build_figures(NOON + HOUR)
    assert read_hour(version).within_goal == 2


def test_a_violation_counts_once_a_call_and_what_was_shown_apart(version: PromptVersion) -> None:
    end_call(version, at=NOON, violations=[SHOWN, SHOWN, WITHHELD])
    end_call(version, at=NOON + 7 * MINUTE, violations=[SHOWN])
    fail_call(version, at=NOON, violations=[WITHHELD, {**WITHHELD, "code": "truncated"}])
    build_figures(NOON + HOUR)
    figures = read_hour(version)
    assert figures.shown == {"too_cold": 2}
    assert figures.withheld == {"truncated": 1, "unowned_item": 2}
    assert (figures.shown_with_fault, figures.stopped_by_check) == (2, 2)


def test_failed_calls_are_counted_by_their_code(version: PromptVersion) -> None:
    for code in ("engine_timeout", "engine_timeout", "invalid_output"):
        fail_call(version, at=NOON, error_code=code)
    end_call(version, at=NOON)
    fail_call(version, at=NOON, subject="example:7")
    build_figures(NOON + HOUR)
    assert read_hour(version).errors == {"engine_timeout": 2, "invalid_output": 1}


def test_rollups_from_before_codes_were_counted_get_those_of_the_calls_that_are_kept(
    version: PromptVersion,
) -> None:
    fill_day(version)
    fail_call(version, at=NOON + HOUR, error_code="invalid_output")
    fail_call(version, at=NOON + HOUR, subject="probe:vllm")
    build_figures(NOON + 5 * HOUR)
    before = read_rows()
    Rollup.objects.update(errors={})
    with connection.cursor() as cursor:
        cursor.execute(import_module("monitoring.migrations.0008_count_errors").FILL)
    assert read_rows() == before


def test_histograms_hold_succeeded_calls_alone(version: PromptVersion) -> None:
    times = [3.0, 700.0, 700.5, 42_000.0]
    for latency_ms in times:
        end_call(version, latency_ms, at=NOON)
    fail_call(version, at=NOON, latency_ms=9.0)
    build_figures(NOON + HOUR)
    figures = read_hour(version)
    assert figures.latency == Histogram.of(times)
    assert figures.first_word == Histogram.of(ms / 10 for ms in times)


def test_the_gap_is_between_words_after_the_first(version: PromptVersion) -> None:
    end_call(version, 1_000, at=NOON, ttft_ms=200, output_tokens=41)
    for tokens in (None, 0, 1):
        end_call(version, 1_000, at=NOON, ttft_ms=200, output_tokens=tokens)
    build_figures(NOON + HOUR)
    assert read_hour(version).word_gap == Histogram.of([20.0])


def test_steps_are_summed_over_the_succeeded_calls_that_timed_them(version: PromptVersion) -> None:
    end_call(version, at=NOON, steps_ms={"queue": 2.5, "engine": 80, "tea": 9})
    end_call(version, at=NOON + HOUR / 2, steps_ms={"engine": 0.0004, "database": -1})
    fail_call(version, at=NOON, steps_ms={"queue": 70})
    end_call(version, at=NOON)
    build_figures(NOON + HOUR)
    figures = read_hour(version)
    assert figures.step_calls == {"database": 1, "engine": 2, "queue": 1}
    assert figures.step_us == {"database": 0, "engine": 80_000, "queue": 2_500}
    assert figures.queue_wait == Histogram.of([2.5])


def test_questions_of_evaluations_are_not_counted(version: PromptVersion) -> None:
    end_call(version, at=NOON, subject="example:7")
    build_figures(NOON + HOUR)
    assert not Rollup.objects.exists()


def test_open_calls_are_not_counted_until_they_end(version: PromptVersion) -> None:
    call = end_call(version, at=None, outcome=None, output=None, finished_at=None)
    build_figures()
    assert not Rollup.objects.exists()
    InferenceCall.objects.filter(pk=call.pk).update(
        outcome="failed", finished_at=call.started_at, violations=[]
    )
    build_figures()
    assert Rollup.objects.get(grain="5m").failed == 1


def test_the_sides_of_a_canary_are_apart(version: PromptVersion) -> None:
    promote(version)
    candidate = make_version(TASK, system="new")
    record_override(version=candidate, actor=None, reason="a test", days=1)
    canary = Canary.objects.create(
        prompt=version.prompt, version=candidate, live_version=version, share=0.1, reason="a try"
    )
    for asked, is_candidate in ((version, False), (candidate, True), (candidate, True)):
        call = end_call(asked, at=NOON)
        CanaryCall.objects.create(call=call, canary=canary, wearer=1, is_candidate=is_candidate)
    end_call(candidate, at=NOON)
    build_figures(NOON + HOUR)
    sides = [read_hour(version, side=side).calls for side in ("", "live", "candidate")]
    assert sides == [1, 1, 2]
    assert read_hour(version, version_id=candidate.pk).calls == 3


def test_hours_and_days_are_the_sum_of_what_they_hold(version: PromptVersion) -> None:
    fill_day(version)
    build_figures(NOON + 3 * HOUR)
    day = NOON.replace(hour=0)
    wholes = {grain: sum_day(grain, day) for grain in ("5m", "1h", "1d")}
    assert wholes["5m"] == wholes["1h"] == wholes["1d"]
    assert wholes["1d"].calls == 43
    assert Rollup.objects.filter(grain="1d").count() == 2  # Two engines.


def sum_day(grain: str, day: datetime) -> Figures:
    return add_up(Rollup.objects.filter(grain=grain, starts_at__gte=day, starts_at__lt=day + DAY))


def test_building_again_changes_no_byte(version: PromptVersion) -> None:
    fill_day(version)
    build_figures(NOON + 3 * HOUR)
    before = read_rows()
    for hour in range(3):
        building.build(NOON + hour * HOUR, NOON + (hour + 1) * HOUR)
    building.build(NOON + 10 * MINUTE, NOON + 25 * MINUTE)
    assert read_rows() == before


@pytest.mark.parametrize(
    ("grains", "period"), [(["5m"], MINUTE * 5), (["5m", "1h"], HOUR), (["1h"], MINUTE * 10)]
)
def test_building_again_what_smaller_rollups_are_gone_of_loses_nothing(
    version: PromptVersion, grains: list[str], period: timedelta
) -> None:
    """A day whose hours were kept no longer is counted as a whole, and an hour without its five minutes."""
    fill_day(version)
    build_figures(NOON + 3 * HOUR)
    days = Rollup.objects.filter(grain="1d").order_by("pk").values
    before, hours = sum_day("1d", NOON.replace(hour=0)), len(days())
    Rollup.objects.filter(grain__in=grains).delete()
    building.build(NOON, NOON + period)
    assert sum_day("1d", NOON.replace(hour=0)) == before
    assert len(days()) == hours


def test_a_day_of_which_calls_are_gone_is_not_counted_again(version: PromptVersion) -> None:
    fill_day(version)
    build_figures(NOON + 3 * HOUR)
    Rollup.objects.exclude(grain="1d").delete()
    before = read_rows()
    InferenceCall.objects.filter(finished_at__gte=NOON + HOUR).delete()
    with pytest.raises(building.CallsAreGoneError):
        building.build(NOON, NOON + HOUR)
    assert read_rows() == before


def test_built_minute_by_minute_or_at_once_it_is_the_same(version: PromptVersion) -> None:
    fill_day(version)
    build_figures(NOON + 3 * HOUR)
    at_once = read_rows()
    Rollup.objects.all().delete()
    RollupProgress.objects.all().delete()
    for minutes in range(0, 181, 7):
        build_figures(NOON + minutes * MINUTE)
    build_figures(NOON + 3 * HOUR)
    assert read_rows() == at_once


def test_after_days_without_a_run_all_of_them_are_counted(version: PromptVersion) -> None:
    end_call(version, at=NOON)
    build_figures(NOON + MINUTE)
    for days in range(1, 10):
        end_call(version, at=NOON + days * DAY)
    build_figures(NOON + 9 * DAY + HOUR)
    assert Rollup.objects.filter(grain="1d").count() == 10
    figures = read_figures(NOON - DAY, NOON + 10 * DAY, task=TASK)
    assert figures.calls == 10


def test_time_without_calls_is_passed_over(
    version: PromptVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    end_call(version, at=NOON)
    end_call(version, at=NOON + 80 * DAY)
    built, build = [], building.build
    monkeypatch.setattr(building, "build", lambda *args: built.append(args) or build(*args))
    build_figures(NOON + 90 * DAY)
    assert [start for start, _ in built] == [NOON, NOON + 80 * DAY]
    assert RollupProgress.objects.get().built_until == NOON + 90 * DAY


def test_a_call_that_commits_a_little_late_is_counted_by_the_next_run(
    version: PromptVersion,
) -> None:
    build_figures(NOON + HOUR)
    end_call(version, at=NOON + HOUR - 10 * MINUTE)
    build_figures(NOON + HOUR + MINUTE)
    assert read_hour(version).calls == 1


def test_a_call_that_comes_hours_late_is_found_counted_and_told(version: PromptVersion) -> None:
    end_call(version, at=NOON)
    build_figures(NOON + 5 * HOUR)
    end_call(version, at=NOON + 20 * MINUTE)
    end_call(version, at=NOON + 21 * MINUTE, subject="example:1")
    build_figures(NOON + 5 * HOUR + MINUTE)
    assert read_hour(version).calls == 1
    assert building.count_late_calls(NOON + 6 * HOUR) == 1
    assert building.count_late_calls(NOON + 6 * HOUR) == 0
    assert read_hour(version).calls == 2
    assert Rollup.objects.get(grain="1d").calls == 2
    assert RollupProgress.objects.get().late_calls == 1


def test_figures_stay_when_the_calls_are_deleted(version: PromptVersion) -> None:
    fill_day(version)
    build_figures(NOON + 5 * HOUR)
    before = read_rows()
    InferenceCall.objects.all().delete()
    building.count_late_calls(NOON + 6 * HOUR)
    build_figures(NOON + 6 * HOUR)
    assert read_rows() == before


def test_small_grains_go_and_larger_ones_stay(version: PromptVersion) -> None:
    end_call(version, at=NOON)
    build_figures(NOON + HOUR)
    kept = []
    for days in (1, 9, 92):
        build_figures(NOON + days * DAY)
        kept.append(sorted(Rollup.objects.values_list("grain", flat=True)))
        assert read_figures(NOON.replace(hour=0), NOON + DAY, task=TASK).calls == 1
    assert kept == [["1d", "1h", "5m"], ["1d", "1h"], ["1d"]]


def test_the_database_refuses_a_rollup_twice(version: PromptVersion) -> None:
    end_call(version, at=NOON)
    build_figures(NOON + HOUR)
    row = Rollup.objects.get(grain="1d")
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
