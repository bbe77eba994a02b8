"""Rules over real calls: what opens, what stays, what closes, and that there is only ever one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from urllib.parse import parse_qs as read_qs
from urllib.parse import urlsplit

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from monitoring.admin.alerts import link_calls
from monitoring.alerts import evaluation
from monitoring.alerts.measures import MEASURES
from monitoring.alerts.sentences import say_alert, say_figures
from monitoring.alerts.shipped import RULES
from monitoring.headline.levels import Level
from monitoring.models import Alert, AlertRule, AlertTransition, Notification, Rollup
from registry.canary.service import start_canary
from registry.models import PromptVersion
from registry.services import releases
from tests.factories import make_photo
from tests.monitoring.alerts.rows import MINUTE, end_calls, look, make_rule
from tests.monitoring.calls import build_figures, end_call
from tests.monitoring.headline.rows import read_headline, read_inputs
from tests.registry.toy import Greet

pytestmark = pytest.mark.django_db(transaction=True)


def steps(alert: Alert) -> list[str]:
    return [step.to_state for step in alert.transitions.all()]


def test_too_many_failures_open_one_alert(two: list[PromptVersion]) -> None:
    make_rule()
    now = timezone.now()
    failed = end_calls(two[1], good=10, bad=5, at=now)
    alert = look(now)
    assert alert is not None
    assert (alert.state, alert.task, alert.version) == ("firing", "greet", two[1])
    assert (alert.figures["bad"], alert.figures["total"]) == (5, 15)
    assert alert.figures["p"] < 1e-5
    assert set(alert.figures["calls"]) == {str(call.pk) for call in failed}
    look(now + MINUTE)
    assert Alert.objects.count() == 1
    assert steps(alert) == ["firing"]


def test_two_failures_of_three_are_too_few_for_the_minimum(two: list[PromptVersion]) -> None:
    make_rule(min_bad=3)
    end_calls(two[1], good=1, bad=2)
    assert look(timezone.now()) is None


def test_failures_that_chance_explains_open_nothing(two: list[PromptVersion]) -> None:
    make_rule(objective=0.2)
    end_calls(two[1], good=10, bad=3)
    assert look(timezone.now()) is None


def test_a_whole_life_leaves_a_row_for_each_step(two: list[PromptVersion]) -> None:
    make_rule(for_minutes=1)
    now = timezone.now()
    end_calls(two[1], bad=5, at=now)
    states = []
    for minute in range(20):
        at = now + minute * MINUTE
        if minute > 1:
            end_calls(two[1], good=1, at=at)
        alert = look(at)
        assert alert is not None
        states.append(alert.state)
    assert states[:3] == ["pending", "firing", "firing"]
    assert states[10:16] == ["recovering"] * 5 + ["ok"]
    assert steps(alert) == ["pending", "firing", "recovering", "ok"]
    assert alert.closed_at == now + 15 * MINUTE
    assert alert.figures["bad"] == 5


def test_pending_that_passes_was_never_open(two: list[PromptVersion]) -> None:
    make_rule(for_minutes=60)
    now = timezone.now()
    end_calls(two[1], bad=5, at=now)
    look(now)
    end_calls(two[1], good=1, at=now + 12 * MINUTE)
    alert = look(now + 12 * MINUTE)
    assert alert is not None
    assert (alert.state, alert.opened_at) == ("ok", None)
    assert not Notification.objects.exists()
    assert not Alert.objects.opened().exists()


def test_no_data_keeps_the_state_and_says_since_when(two: list[PromptVersion]) -> None:
    make_rule()
    now = timezone.now()
    end_calls(two[1], bad=5, at=now)
    look(now)
    for minute in range(11, 80, 10):
        alert = look(now + minute * MINUTE)
    assert alert is not None
    assert (alert.state, alert.no_data_since) == ("firing", now + 11 * MINUTE)
    assert steps(alert) == ["firing"]


def test_a_version_that_answers_nobody_any_more_recovers(two: list[PromptVersion]) -> None:
    make_rule()
    now = timezone.now()
    end_calls(two[1], bad=5, at=now)
    look(now)
    releases.roll_back(
        prompt=two[1].prompt, to_version=two[0], actor=None, reason="bad", expected_epoch=2
    )
    alert = look(now + MINUTE)
    assert alert is not None
    assert alert.state == "recovering"
    assert "answers nobody" in alert.transitions.last().note  # type: ignore[union-attr]


def test_what_comes_back_within_a_day_has_regressed(two: list[PromptVersion]) -> None:
    make_rule(keep_minutes=0)
    now = timezone.now() - timedelta(hours=3)
    for hour, regressed in ((0, False), (1, True)):
        at = now + timedelta(hours=hour)
        end_calls(two[1], bad=5, at=at)
        alert = look(at)
        assert alert is not None
        assert alert.regressed is regressed
        end_calls(two[1], good=1, at=at + 30 * MINUTE)
        alert = look(at + 30 * MINUTE)
        assert alert is not None and alert.closed_at
    Alert.objects.update(closed_at=now - timedelta(hours=25))
    end_calls(two[1], bad=5, at=now)
    later = look(now)
    assert later is not None and not later.regressed


def test_two_evaluations_at_once_open_one_alert(two: list[PromptVersion]) -> None:
    make_rule()
    end_calls(two[1], bad=5)
    now, together = timezone.now(), Barrier(2)

    def evaluate(_: int) -> int:
        together.wait()
        try:
            return len(evaluation.evaluate_rules(now))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        moved = list(pool.map(evaluate, range(2)))
    assert sum(moved) == 1
    assert Alert.objects.count() == AlertTransition.objects.count() == 1


def test_the_database_allows_one_open_alert_of_a_series(two: list[PromptVersion]) -> None:
    rule, now = make_rule(), timezone.now()
    for series in ({"task": "greet", "version": two[1]}, {}):
        Alert.objects.create(rule=rule, state="firing", seen_at=now, **series)
        with pytest.raises(IntegrityError, match="alert_open_once"), transaction.atomic():
            Alert.objects.create(rule=rule, state="pending", seen_at=now, **series)


def test_a_step_is_never_changed(two: list[PromptVersion]) -> None:
    make_rule()
    end_calls(two[1], bad=5)
    look(timezone.now())
    with pytest.raises(DatabaseError, match="append-only"):
        AlertTransition.objects.update(note="never happened")


def test_a_step_that_cannot_be_told_is_not_taken(
    two: list[PromptVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Steps and messages are there together or not at all; the next look takes it again."""
    rule, now = make_rule(), timezone.now()
    end_calls(two[1], bad=5, at=now)
    with monkeypatch.context() as patched:
        patched.setattr(evaluation.outbox, "tell", lambda *_: 1 / 0)
        assert evaluation.evaluate_rules(now) == []
    assert not Alert.objects.exists() and not AlertTransition.objects.exists()
    assert evaluation.evaluate_rule(rule, now)


def test_a_broken_rule_does_not_keep_the_others_from_being_looked_at(
    two: list[PromptVersion],
) -> None:
    make_rule(name="A broken one")
    AlertRule.objects.update(measure="gone")
    make_rule()
    end_calls(two[1], bad=5)
    assert look(timezone.now()) is not None


def test_a_rule_that_is_off_is_not_looked_at(two: list[PromptVersion]) -> None:
    make_rule(is_enabled=False)
    end_calls(two[1], bad=5)
    assert look(timezone.now()) is None


@pytest.mark.parametrize("change", [{"is_enabled": False}, {"measure": "queue"}])
def test_what_a_rule_does_not_watch_any_more_closes(
    two: list[PromptVersion], change: dict[str, object]
) -> None:
    make_rule()
    now = timezone.now()
    end_calls(two[1], bad=5, at=now)
    look(now)
    AlertRule.objects.update(**change)
    alert = look(now + MINUTE)
    assert alert is not None
    assert (alert.state, alert.closed_at) == ("ok", now + MINUTE)
    assert "does not watch this" in alert.transitions.last().note  # type: ignore[union-attr]
    assert evaluation.evaluate_rules(now + 2 * MINUTE) == []


def test_it_says_what_went_live_shortly_before(two: list[PromptVersion]) -> None:
    make_rule()
    live = two[1].prompt.deployments.latest("epoch")
    at = live.created_at + timedelta(minutes=3, seconds=10)
    end_calls(two[1], bad=5, at=at)
    alert = look(at)
    assert alert is not None
    assert alert.began_after == live
    assert evaluation.outbox.say_began(alert) == "Began 3 minutes after v2 went live"


def test_a_roll_back_came_back_and_a_canary_began(two: list[PromptVersion]) -> None:
    rule = make_rule()
    prompt = two[1].prompt
    releases.roll_back(prompt=prompt, to_version=two[0], actor=None, reason="bad", expected_epoch=2)
    at = prompt.deployments.latest("epoch").created_at + timedelta(minutes=3)
    end_calls(two[0], bad=5, at=at)
    alert = look(at)
    assert alert is not None
    assert evaluation.outbox.say_began(alert) == "Began 3 minutes after v1 came back"
    canary = start_canary(version=two[1], share=0.1, actor=None, reason="again")
    at = canary.started_at + timedelta(minutes=4)
    end_calls(two[1], bad=5, at=at)
    evaluation.evaluate_rule(rule, at)
    alert = Alert.objects.get(version=two[1])
    assert (alert.began_after, alert.began_with) == (None, canary)
    assert evaluation.outbox.say_began(alert) == "Began 4 minutes after v2 began as a canary"


def test_what_went_live_long_before_is_not_blamed(two: list[PromptVersion]) -> None:
    make_rule()
    at = two[1].prompt.deployments.latest("epoch").created_at + timedelta(minutes=31)
    end_calls(two[1], bad=5, at=at)
    alert = look(at)
    assert alert is not None and alert.began_after is None


def test_a_canary_is_a_series_of_its_own(two: list[PromptVersion], prompt: object) -> None:
    start_canary(version=two[0], share=0.1, actor=None, reason="again")
    make_rule()
    now = timezone.now()
    end_calls(two[0], bad=5, at=now)
    end_calls(two[1], good=20, at=now)
    alert = look(now)
    assert alert is not None
    assert (Alert.objects.count(), alert.version) == (1, two[0])


def test_calls_of_evaluations_count_nowhere(two: list[PromptVersion]) -> None:
    make_rule()
    for call in end_calls(two[1], bad=5):
        type(call).objects.filter(pk=call.pk).update(subject="example:1")
    assert look(timezone.now()) is None


@pytest.mark.parametrize("measure", ["shown", "withheld"])
def test_faults_are_told_apart_by_who_saw_them(two: list[PromptVersion], measure: str) -> None:
    make_rule(measure=measure, code="wrong_name", objective=1e-5, min_bad=1)
    now = timezone.now()
    [call] = end_calls(two[1], bad=1, at=now)
    other = [{"code": "wrong_name", "message": "", "shown": measure == "withheld"}]
    type(call).objects.update(violations=other)
    assert look(now) is None
    fault = [{"code": "wrong_name", "message": "", "shown": measure == "shown"}]
    type(call).objects.update(violations=fault)
    alert = look(now)
    assert alert is not None and alert.figures["calls"] == [str(call.pk)]


@pytest.mark.parametrize("code", ["wrong_name", "invented_name"])
def test_any_code_of_what_must_never_be_shown_fires_once_in_ten_thousand(
    two: list[PromptVersion], monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """As shipped, and for a task that only its class knows."""
    monkeypatch.setattr(Greet, "never_shown", ("wrong_name", "invented_name"))
    AlertRule.objects.create(**RULES["never-shown"])
    now = timezone.now()
    at = now - 12 * MINUTE
    fault = {"code": code, "message": "", "shown": True}
    end_call(two[1], at=at, violations=[{**fault, "shown": False}])
    end_call(two[1], at=at, violations=[{**fault, "code": "rude"}])
    build_figures(now)
    assert look(now) is None
    shown = end_call(two[1], at=at, violations=[fault])
    build_figures(now)
    Rollup.objects.filter(grain="5m").update(calls=10_000, succeeded=10_000)
    alert = look(now)
    assert alert is not None
    assert (alert.state, alert.figures["bad"], alert.figures["total"]) == ("firing", 1, 10_000)
    assert alert.figures["calls"] == [str(shown.pk)]
    assert say_alert(alert) == "1 of 10,000 answers showed what must never be shown (greet v2)."
    assert say_figures(alert) == "1 of 10,000 calls (0.010\u00a0%)"
    find = read_qs(urlsplit(link_calls(alert, now)).query)
    assert (find["seen"], find["task"]) == (["never_shown"], ["greet"])


def test_a_call_with_two_faults_counts_once(two: list[PromptVersion]) -> None:
    rule = make_rule(measure="shown", objective=0.01, min_bad=2)
    now = timezone.now()
    [call] = end_calls(two[1], bad=1, at=now)
    faults = [{"code": code, "message": "", "shown": True} for code in ("wrong_name", "rude")]
    type(call).objects.update(violations=faults)
    series = evaluation.Series("greet", two[1])
    found = MEASURES["shown"].count(rule, series, now - MINUTE, now)
    assert (found.bad, found.total) == (1, 1)


def test_slow_answers_are_those_outside_the_goal(two: list[PromptVersion]) -> None:
    make_rule(measure="slow", objective=0.05)
    now = timezone.now()
    end_calls(two[1], good=5, at=now)
    assert look(now) is None
    type(end_calls(two[1], bad=1, at=now)[0]).objects.filter(outcome="succeeded").update(
        latency_ms=10_001
    )
    alert = look(now)
    assert alert is not None and (alert.figures["bad"], alert.figures["total"]) == (5, 5)


def test_absence_fires_only_where_somebody_asked_before(two: list[PromptVersion]) -> None:
    make_rule(measure="absence", min_bad=1, keep_minutes=0)
    now = timezone.now()
    assert look(now) is None
    end_calls(two[1], good=1, at=now)
    assert look(now) is None
    alert = look(now + 20 * MINUTE)
    assert alert is not None and (alert.state, alert.version) == ("firing", None)
    end_calls(two[1], good=1, at=now + 21 * MINUTE)
    alert = look(now + 21 * MINUTE)
    assert alert is not None and alert.state == "ok"


def test_photos_that_wait_too_long_are_counted(prompt: object) -> None:
    make_rule(measure="queue", min_bad=2)
    now = timezone.now()
    make_photo(status="received", created_at=now - 11 * MINUTE)
    make_photo(status="received", created_at=now - 9 * MINUTE)
    assert look(now) is None
    alert = look(now + 2 * MINUTE)
    assert alert is not None and (alert.figures["bad"], alert.figures["total"]) == (2, 2)


def test_the_overview_is_never_all_right_with_one_firing(two: list[PromptVersion]) -> None:
    now = timezone.now()
    end_calls(two[1], good=100, bad=3, at=now)
    build_figures(now)
    assert read_inputs()["Alerts"].level is Level.OK
    make_rule(objective=0.001)
    assert look(now)
    one = read_inputs()["Alerts"]
    assert one.level is Level.BAD
    assert "3 of 103 calls failed" in one.reason
    assert read_headline().sentence == one.title
