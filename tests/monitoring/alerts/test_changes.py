"""Rules that compare: with the window before, with the same hours of four weeks; and burn rates where the traffic allows."""

import math
from datetime import timedelta

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from feedback.models import Correction
from monitoring.alerts import evaluation, states
from monitoring.alerts.binomial import MINUTES_A_YEAR, most_calls
from monitoring.alerts.counting import Observation, find_test, list_earlier
from monitoring.alerts.forecast import (
    HOURS_A_YEAR,
    UnfitTrafficError,
    check_burn,
    find_burn_chance,
    find_change_chance,
    forecast_false_alarms,
)
from monitoring.alerts.measures import MEASURES
from monitoring.alerts.replay import replay
from monitoring.alerts.sentences import say_alert, say_cost, say_figures, say_rule
from monitoring.alerts.states import Life, Timing
from monitoring.models import AlertRule
from registry.models import PromptVersion
from tests.factories import make_operator, make_user, make_version, promote
from tests.monitoring.alerts.rows import MINUTE, end_calls, look, make_rule
from tests.monitoring.alerts.test_rules import ADD, fill, sign_in
from tests.monitoring.calls import build_figures, end_call

pytestmark = pytest.mark.django_db(transaction=True)

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)


def test_a_comparison_is_the_conditional_test_of_two_counts() -> None:
    rule = AlertRule(measure="failed", compared_with="before", factor=2.0)
    found = Observation(6, 100, Observation(3, 300))
    bad, total, share = find_test(rule, found)
    assert (bad, total) == (6, 9) and share == pytest.approx(200 / 500)
    expected = sum(math.comb(9, k) * 0.4**k * 0.6 ** (9 - k) for k in range(6, 10))
    assert MEASURES["failed"].find_p(rule, found) == pytest.approx(expected)


def test_more_than_in_the_window_before_fires_and_as_much_does_not(
    two: list[PromptVersion],
) -> None:
    make_rule(compared_with="before", window_minutes=10)
    now = timezone.now()
    end_calls(two[1], good=98, bad=2, at=now - 12 * MINUTE)
    end_calls(two[1], good=26, bad=4, at=now)
    assert look(now) is None
    end_calls(two[1], bad=30, at=now)
    alert = look(now)
    assert alert is not None and alert.figures["beside"] == [2, 100]
    assert (alert.figures["bad"], alert.figures["total"]) == (34, 60)
    assert "before 2 of 100 (2.0\u00a0%), exact p" in say_figures(alert)


def test_without_calls_before_there_is_nothing_to_compare(two: list[PromptVersion]) -> None:
    make_rule(compared_with="before", window_minutes=10)
    end_calls(two[1], bad=50)
    assert look(timezone.now()) is None


def test_the_same_hours_of_four_weeks_are_of_all_versions(two: list[PromptVersion]) -> None:
    make_rule(compared_with="weeks", window_minutes=60, factor=2.0)
    now = timezone.now()
    for week in (1, 2, 3, 4):
        end_calls(two[0], good=48, bad=2, at=now - week * WEEK)
    end_calls(two[1], good=25, bad=25, at=now)
    build_figures(now)
    alert = look(now)
    assert alert is not None and alert.figures["beside"] == [8, 200]
    assert alert.version == two[1]
    assert "of the last four weeks 8 of 200 (4.0\u00a0%)" in say_figures(alert)


def test_whole_hours_hold_the_window_in_each_week() -> None:
    now = timezone.now().replace(minute=20, second=0, microsecond=0)
    rule = AlertRule(compared_with="weeks", window_minutes=60)
    top = now - 20 * MINUTE
    assert list_earlier(rule, now)[0] == (top - HOUR - WEEK, top + HOUR - WEEK)
    assert len(list_earlier(rule, now)) == 4


@pytest.mark.parametrize(
    ("yardstick", "hourly", "factor", "p_value", "window"),
    [("before", 60, 1.0, 0.01, 30), ("before", 240, 1.5, 0.05, 15), ("weeks", 60, 1.0, 0.01, 30)],
)
def test_the_stated_false_alarms_are_what_a_steady_site_shows(
    yardstick: str, hourly: float, factor: float, p_value: float, window: int
) -> None:
    """Ten years of minutes whose bad calls come at one rate: within four standard deviations."""
    years, least = 10, 3
    minutes, length = years * MINUTES_A_YEAR, window if yardstick == "before" else window + 60
    random, rate = np.random.default_rng(13), hourly / 60

    def slide(counts: np.ndarray, width: int) -> np.ndarray:
        return np.convolve(counts, np.ones(width, dtype=int), "valid")[:minutes]

    ends = minutes + length + window
    bads = random.poisson(rate, ends)
    if yardstick == "before":
        earlier, now = slide(bads, window), slide(bads[window:], window)
        weight = 1.0
    else:
        earlier, now = slide(random.poisson(4 * rate, ends), length), slide(bads, window)
        weight = 4 * length / window
    share = factor / (factor + weight)
    size = min(len(now), len(earlier))
    now, earlier = now[:size], earlier[:size]
    largest = int((now + earlier).max())
    most = np.array([most_calls(k, largest, share, p_value, least) for k in range(now.max() + 1)])
    is_true = now + earlier <= most[now]
    seen = int(np.count_nonzero(is_true[1:] & ~is_true[:-1]))
    chance = find_change_chance(hourly, yardstick, factor, p_value, least, window)
    stated = chance * size
    assert stated > 20
    assert seen == pytest.approx(stated, abs=4 * 1.5 * math.sqrt(stated))


def test_a_comparison_states_about_how_many(two: list[PromptVersion]) -> None:
    now = timezone.now()
    end_calls(two[1], good=45, bad=5, at=now - 2 * HOUR)
    build_figures(now)
    rule = make_rule(compared_with="before", window_minutes=60)
    a_year = forecast_false_alarms(rule, now)
    assert a_year is not None and a_year > 0
    assert "the share that is bad never changes" in say_cost(rule, a_year)
    assert "more than 1.5 times the share before" in say_rule(rule)


def test_corrected_answers_are_compared_with_those_of_the_window_before(
    two: list[PromptVersion],
) -> None:
    make_rule(measure="corrected", compared_with="before", window_minutes=60, factor=1.0)
    now, owner = timezone.now(), make_user("wearer@example.org")
    for back, corrected in ((90 * MINUTE, 1), (MINUTE, 15)):
        calls = [end_call(two[1], at=now - back) for _ in range(20)]
        for call in calls[:corrected]:
            for field in ("type", "colour"):
                Correction.objects.create(owner=owner, field=field, version=two[1], call=call)
    alert = look(now)
    assert alert is not None
    assert (alert.figures["bad"], alert.figures["total"]) == (15, 20)
    assert alert.figures["beside"] == [1, 20]
    assert say_alert(alert) == "15 of 20 answers were corrected (greet v2)."


# Burn rates


def test_a_burn_rate_takes_both_windows(two: list[PromptVersion]) -> None:
    make_rule(measure="burn", window_minutes=60, keep_minutes=60, factor=20.0)
    now = timezone.now()
    for hours in (2, 3):
        end_calls(two[1], good=40, at=now - hours * HOUR)
    build_figures(now)
    end_calls(two[1], good=10, bad=20, at=now - 30 * MINUTE)
    end_calls(two[1], good=10, at=now)
    assert look(now) is None, "it is over: nothing failed in the last five minutes"
    end_calls(two[1], bad=10, at=now)
    alert = look(now)
    assert alert is not None and alert.figures["beside"] == [10, 20]
    assert "times the allowed 2\u00a0%" in say_figures(alert)


def test_a_burn_rate_has_no_data_where_the_traffic_allows_none_any_more(
    two: list[PromptVersion], client: Client
) -> None:
    make_rule(measure="burn", window_minutes=60, keep_minutes=60, factor=20.0)
    now = timezone.now()
    end_calls(two[1], bad=5, at=now)
    assert look(now) is None
    client.force_login(make_operator())
    page = client.get(reverse("admin:monitoring_alert_changelist")).content.decode()
    assert "tells nothing of greet" in page


def test_the_stated_alarms_of_a_burn_rate_bound_what_a_healthy_site_shows() -> None:
    """The real states over ten years of a site that fails just what is allowed, where alarms are many."""
    rule = AlertRule(
        measure="burn", window_minutes=60, keep_minutes=60, factor=5.0, objective=0.02, min_bad=2
    )
    years, hourly, limit = 10, 30, 0.1
    random = np.random.default_rng(5)
    total = random.poisson(hourly / 60, years * MINUTES_A_YEAR)
    bad = random.binomial(total, 0.02)

    def slide(counts: np.ndarray, width: int) -> np.ndarray:
        sums = np.concatenate([[0], np.cumsum(counts)])
        return sums[width:] - sums[:-width]

    long_bad, long_total = slide(bad, 60), slide(total, 60)
    short_bad, short_total = slide(bad, 5)[55:], slide(total, 5)[55:]
    is_true = (long_bad >= 2) & (long_bad >= limit * long_total)
    is_true &= (short_bad > 0) & (short_bad >= limit * short_total)
    start, life, fired = timezone.now(), Life(), 0
    timing = Timing(timedelta(), 60 * MINUTE)
    for i, look_is_bad in enumerate(is_true.tolist()):
        if not look_is_bad and life.state == states.OK:
            continue
        before, life = life, states.step(life, look_is_bad, start + i * MINUTE, timing)
        fired += life.state == states.FIRING and before.state == states.OK
    stated = years * MINUTES_A_YEAR * find_burn_chance(rule, hourly)
    assert 50 < fired <= stated


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"keep_minutes": "30"}, "its false alarms cannot be stated"),
        ({"factor": "60"}, "is all calls, or nearly all"),
        ({}, "Too few calls of greet"),
    ],
)
def test_a_burn_rate_that_tells_nothing_is_refused(
    prompt: object, fields: dict[str, str], words: str
) -> None:
    rule = {"measure": "burn", "window_minutes": "60", "keep_minutes": "60", "factor": "14.4"}
    response = sign_in(make_operator()).post(reverse(ADD), fill(**{**rule, **fields}))
    assert response.status_code == 422 and words in response.content.decode()


def test_the_arithmetic_says_which_traffic_allows_a_burn_rate(two: list[PromptVersion]) -> None:
    now = timezone.now()
    rule = make_rule(measure="burn", window_minutes=60, keep_minutes=60, factor=5.0, task="greet")
    end_calls(two[1], good=40, at=now - 2 * HOUR)
    end_calls(two[1], good=40, at=now - HOUR)
    build_figures(now)
    with pytest.raises(UnfitTrafficError, match="false alarms of greet a year"):
        check_burn(rule, now)
    rule.factor = 20.0
    check_burn(rule, now)


def test_a_look_reads_the_traffic_once_for_all_series_of_a_rule(
    two: list[PromptVersion],
) -> None:
    make_rule(measure="burn", window_minutes=60, keep_minutes=60, factor=5.0, task="")
    promote(make_version("suggest_outfit"))
    with CaptureQueriesContext(connection) as queries:
        evaluation.evaluate_rules()
    hourly = [one for one in queries if "monitoring_rollup" in one["sql"] and "IN (" in one["sql"]]
    assert len(hourly) == 1


def test_a_replay_compares_as_the_look_does(two: list[PromptVersion]) -> None:
    now = timezone.now().replace(minute=2, second=0, microsecond=0)
    rule = make_rule(compared_with="weeks", window_minutes=60, keep_minutes=60)
    for week in (1, 2, 3, 4):
        end_calls(two[0], good=48, bad=2, at=now - week * WEEK - HOUR)
    end_calls(two[1], good=30, bad=20, at=now - HOUR)
    build_figures(now)
    firings = replay(rule, now)
    assert firings is not None and len(firings) == 1
    assert firings[0].found.beside == Observation(8, 200)
    assert firings[0].series.version == two[1]


def test_one_report_in_a_hundred_bounds_the_false_alarms_of_drift() -> None:
    rule = make_rule(measure="drift", for_minutes=12 * 60)
    assert forecast_false_alarms(rule) == pytest.approx(HOURS_A_YEAR * 0.01 / 13)
    assert "each takes 13 in a row" in say_cost(rule, 6.7)
    assert evaluation.evaluate_rules() == []
