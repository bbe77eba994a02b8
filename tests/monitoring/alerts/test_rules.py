"""What a rule says before it is saved: its false alarms, and when it would have fired; and the shipped rules."""

import re
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from dresscode.environment.reading import read_networks, read_trace_url
from monitoring.alerts.binomial import MINUTES_A_YEAR, count_false_alarms
from monitoring.alerts.counting import Observation
from monitoring.alerts.forecast import (
    count_gaps,
    count_hourly,
    find_change_chance,
    forecast_false_alarms,
    read_traffic,
)
from monitoring.alerts.measures import MEASURES
from monitoring.alerts.replay import replay
from monitoring.alerts.sentences import say_cost, say_rate, say_rule
from monitoring.alerts.shipped import RULES, load_rules
from monitoring.figures.building import build, floor_to
from monitoring.forms import RuleForm
from monitoring.models import AlertRule, WebhookEndpoint
from registry.models import PromptVersion
from tests.factories import make_operator, make_user
from tests.monitoring.alerts.rows import MINUTE, end_calls, make_rule
from tests.monitoring.calls import build_figures, end_call
from tests.registry.toy import Greet

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


def test_shipped_rules_are_made_once_and_left_as_they_are() -> None:
    call_command("load_alert_rules", verbosity=0)
    assert AlertRule.objects.count() == len(RULES)
    AlertRule.objects.filter(key="failed-calls").update(
        objective=0.3, is_enabled=False, name="Mine"
    )
    call_command("load_alert_rules", verbosity=0)
    rule = AlertRule.objects.get(key="failed-calls")
    assert (rule.objective, rule.is_enabled, rule.name) == (0.3, False, "Mine")
    assert AlertRule.objects.count() == len(RULES)


@pytest.mark.parametrize("changes", [{}, {"p_value": 0.01}])
def test_the_shipped_rule_of_before_becomes_one_of_all_codes_unless_somebody_changed_it(
    changes: dict[str, float],
) -> None:
    migration = import_module("monitoring.migrations.0009_watch_what_is_never_shown")
    old = AlertRule.objects.create(**{**migration.SHIPPED, **changes})
    migration.watch_all(apps, None)
    old.refresh_from_db()
    assert old.measure == ("shown" if changes else "never_shown")
    load_rules()
    now = AlertRule.objects.get(key="never-shown")
    assert (now.measure, now.code, now.min_bad) == ("never_shown", "", 1)
    assert (now == old) is not bool(changes)
    migration.watch_one(apps, None)
    assert not AlertRule.objects.filter(measure="never_shown").exists()


def test_a_rule_of_an_operator_keeps_its_name() -> None:
    make_rule(name="Slow answers")
    load_rules()
    assert AlertRule.objects.get(name="Slow answers").key is None


def test_shipped_rules_act_on_nothing_and_absence_is_off() -> None:
    load_rules()
    assert set(AlertRule.objects.values_list("action", flat=True)) == {"none"}
    assert not AlertRule.objects.get(measure="absence").is_enabled


def test_what_silence_costs_is_a_sentence() -> None:
    rule = AlertRule(measure=AlertRule.Measure.ABSENCE)
    assert say_cost(rule, 0.001).startswith("Below 0.01 times a year nobody asks")


@pytest.mark.parametrize("calls", [3, 12, 30, 300])
def test_a_shipped_rule_costs_few_false_alarms(calls: int) -> None:
    """At most one a year each."""
    shares = {
        key: fields
        for key, fields in RULES.items()
        if MEASURES[fields["measure"]].is_share and "compared_with" not in fields
    }
    assert len(shares) == 3
    for fields in shares.values():
        rule = AlertRule(**fields)
        stated = count_false_alarms(
            [calls],
            share=rule.objective,
            p_value=rule.p_value,
            min_bad=rule.min_bad,
            window=rule.window_minutes,
        )
        assert 0 < stated <= 1.0


@pytest.mark.parametrize("calls", [3, 30, 300])
@pytest.mark.parametrize("share", [0.01, 0.1])
def test_a_shipped_comparison_costs_few_false_alarms(calls: int, share: float) -> None:
    compared = [AlertRule(**fields) for fields in RULES.values() if "compared_with" in fields]
    assert len(compared) == 2
    for rule in compared:
        test = (rule.compared_with, rule.factor, rule.p_value, rule.min_bad, rule.window_minutes)
        assert MINUTES_A_YEAR * find_change_chance(calls * share, *test) <= 1.0


@pytest.mark.parametrize("calls", [1, 90, 10_000, 10_000_000])
def test_one_that_must_never_be_shown_is_enough_at_any_traffic(calls: int) -> None:
    rule = AlertRule(**RULES["never-shown"])
    assert MEASURES[rule.measure].judge(rule, Observation(1, calls))
    assert not MEASURES[rule.measure].judge(rule, Observation(0, calls))


def test_what_must_never_be_shown_is_counted_and_states_no_chance() -> None:
    rule = AlertRule(**RULES["never-shown"])
    assert forecast_false_alarms(rule) is None
    assert say_rule(rule) == "at least 1 in 1 hour"
    assert "chance alone raises no alarm" in say_cost(rule, None)


def test_what_must_never_be_shown_can_be_tried_on_the_past(
    two: list[PromptVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Greet, "never_shown", ("wrong_name",))
    now = timezone.now().replace(second=30, microsecond=0)
    at, fault = now - timedelta(days=2), {"code": "wrong_name", "message": "", "shown": True}
    end_call(two[1], at=at, violations=[fault])
    end_call(two[1], at=at + 5 * HOUR, violations=[{**fault, "code": "rude"}])
    build_figures(now)
    firings = replay(make_rule(measure="never_shown", min_bad=1, window_minutes=60), now)
    assert firings is not None and len(firings) == 1


def test_traffic_is_counted_by_the_hour_since_the_first_call(two: list[PromptVersion]) -> None:
    now = timezone.now().replace(minute=30, second=0)
    end_calls(two[1], good=3, at=now - 3 * HOUR)
    end_calls(two[1], good=1, bad=1, at=now - HOUR)
    build_figures(now)
    rule, slow = make_rule(), make_rule(measure="slow", name="Slow")
    hours = read_traffic(["greet"], now)["greet"]
    assert count_hourly(rule, hours, now) == [3, 0, 2]
    assert count_hourly(slow, hours, now) == [3, 0, 1]
    expected = count_false_alarms([3, 0, 2], share=0.02, p_value=0.001, min_bad=3, window=10)
    assert forecast_false_alarms(rule, now) == pytest.approx(expected)


def test_calls_of_another_month_are_no_traffic(two: list[PromptVersion]) -> None:
    now = timezone.now()
    end_calls(two[1], good=3, at=now - timedelta(days=29))
    build_figures(now)
    rule = make_rule()
    assert count_hourly(rule, read_traffic(["greet"], now)["greet"], now) == []
    assert forecast_false_alarms(rule, now) == 0


def test_a_queue_has_no_false_alarms_by_chance() -> None:
    rule = make_rule(measure="queue")
    assert forecast_false_alarms(rule) is None and replay(rule) is None
    assert "chance alone raises no alarm" in say_cost(rule, None)


def test_gaps_are_nights_and_chance() -> None:
    nights = [60, 60, 0, 0, 0, 60] * 4
    assert count_gaps(nights, 120) == pytest.approx(365 * 24 / 6, rel=0.01)
    assert count_gaps([2], 60) == pytest.approx(365 * 24 * 2 * 0.1353, rel=0.01)
    assert count_gaps([], 60) == 0


def test_a_replay_fires_when_the_rule_would_have(two: list[PromptVersion]) -> None:
    now = timezone.now().replace(second=30, microsecond=0)
    rule = make_rule()
    for days in (3, 2):
        end_calls(two[1], good=2, bad=5, at=now - timedelta(days=days))
    end_calls(two[1], good=50, bad=1, at=now - timedelta(days=1))
    end_calls(two[1], good=1, at=now - timedelta(days=2) + 15 * MINUTE)
    build_figures(now)
    firings = replay(rule, now)
    assert firings is not None
    [first] = firings[:1]
    assert abs(first.at - (now - timedelta(days=3))) <= 5 * MINUTE
    assert (first.found.bad, first.found.total, first.series.version) == (5, 7, two[1])
    assert len(firings) == 1, "without data in between it is the same alert"
    end_calls(two[1], good=9, at=now - timedelta(days=3) + 15 * MINUTE)
    for minute in range(16, 26):
        end_calls(two[1], good=1, at=now - timedelta(days=3) + minute * MINUTE)
    since = floor_to(now - timedelta(days=4), HOUR)
    build(since, since + timedelta(days=4))
    assert len(replay(rule, now) or []) == 2


def test_figures_are_said_with_two_digits_that_matter() -> None:
    assert [say_rate(x) for x in (0, 0.001, 0.234, 3.21, 56.2)] == [
        "0",
        "below 0.01",
        "0.23",
        "3.2",
        "56",
    ]


def test_a_rule_says_when_it_fires() -> None:
    rule = AlertRule(measure="failed", window_minutes=60, for_minutes=5)
    assert (
        say_rule(rule) == "more than 2\u00a0% in 1 hour, exact p ≤ 0.001, at least 3, for 5 minutes"
    )
    rule.p_value = 1e-6
    assert "exact p ≤ 0.000001, " in say_rule(rule)


def test_networks_are_checked_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERT_WEBHOOK_NETWORKS", "10.1.0.0/16,fd00::/8")
    assert read_networks("ALERT_WEBHOOK_NETWORKS") == ["10.1.0.0/16", "fd00::/8"]
    monkeypatch.setenv("ALERT_WEBHOOK_NETWORKS", "10.1.0.7/16")
    with pytest.raises(ImproperlyConfigured, match="ALERT_WEBHOOK_NETWORKS"):
        read_networks("ALERT_WEBHOOK_NETWORKS")


def test_the_address_of_a_trace_has_a_place_for_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACE_URL", "https://traces.example.org/{trace_id}")
    assert read_trace_url("TRACE_URL") == "https://traces.example.org/{trace_id}"
    for wrong in ("https://traces.example.org/", "javascript:{trace_id}"):
        monkeypatch.setenv("TRACE_URL", wrong)
        with pytest.raises(ImproperlyConfigured, match="TRACE_URL"):
            read_trace_url("TRACE_URL")


# The pages


def fill(**fields: object) -> dict[str, object]:
    return {
        "name": "Too many",
        "measure": "failed",
        "code": "",
        "task": "",
        "objective": "0.02",
        "compared_with": "",
        "factor": "1.5",
        "min_bad": "3",
        "window_minutes": "10",
        "p_value": "0.001",
        "for_minutes": "0",
        "keep_minutes": "30",
        "severity": "warn",
        "action": "none",
        "action_delay_s": "0",
        "is_enabled": "on",
        **fields,
    }


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def make_staff(*codenames: str) -> User:
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


ADD = "admin:monitoring_alertrule_add"


def test_trying_a_rule_says_its_cost_and_saves_nothing(two: list[PromptVersion]) -> None:
    end_calls(two[1], good=20, bad=5, at=timezone.now() - 2 * HOUR)
    build_figures()
    client = sign_in(make_operator())
    page = client.post(reverse(ADD), fill(**{"try": "1"})).content.decode()
    assert "false alarms a year" in page
    assert "it would have fired 1 time." in page and "greet v2: 5 of 25" in page
    assert not AlertRule.objects.exists()


def test_saving_says_the_cost_and_leaves_a_log(two: list[PromptVersion]) -> None:
    client = sign_in(make_operator())
    page = client.post(reverse(ADD), fill(), follow=True).content.decode()
    assert AlertRule.objects.get().name == "Too many"
    assert "“Too many” holds from now on. At most 0 false alarms a year" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"objective": "0"}, "greater than or equal"),
        ({"p_value": "0.5"}, "less than or equal to 0.1"),
        ({"window_minutes": "0"}, "greater than or equal to 1"),
        ({"code": "unowned_item"}, "Only rules that watch faults"),
        ({"measure": "shown", "code": "unowned_itm"}, "No check has this code."),
        ({"measure": "absence", "action": "roll_back"}, "about no version"),
        ({"task": "nobody"}, "Select a valid choice"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(
    prompt: object, fields: dict[str, str], words: str
) -> None:
    response = sign_in(make_operator()).post(reverse(ADD), fill(**fields))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not AlertRule.objects.exists()


def test_a_rule_may_watch_every_code_that_a_check_gives() -> None:
    """As they stand in the code: a check whose code no task names cannot be watched."""
    folders = [Path(settings.BASE_DIR, app) for app in ("registry", "styling", "wardrobe")]
    text = "".join(file.read_text() for folder in folders for file in folder.rglob("*.py"))
    codes = {*re.findall(r'Violation\(\s*"([a-z_]+)"', text)}
    assert len(codes) > 10
    for code in codes:
        form = RuleForm(fill(measure="shown", code=code), may_act=False)
        assert form.is_valid(), form.errors
        assert RuleForm(fill(measure="withheld", code=code), may_act=False).is_valid()


def test_only_who_may_roll_back_lets_a_rule_act(prompt: object) -> None:
    writer = make_staff("add_alertrule", "change_alertrule", "view_alertrule", "view_alert")
    response = sign_in(writer).post(reverse(ADD), fill(action="roll_back"))
    assert response.status_code == 422
    assert "takes the right to roll back" in response.content.decode()
    releaser = make_staff("add_alertrule", "view_alert", "roll_back_prompt")
    assert sign_in(releaser).post(reverse(ADD), fill(action="roll_back")).status_code == 302
    rule = AlertRule.objects.get()
    page = reverse("admin:monitoring_alertrule_change", args=[rule.pk])
    again = fill(action="roll_back", name="Other")
    assert sign_in(writer).post(page, again).status_code == 302


def test_who_may_only_look_changes_no_rule(prompt: object) -> None:
    rule, viewer = make_rule(), sign_in(make_staff("view_alertrule"))
    page = reverse("admin:monitoring_alertrule_change", args=[rule.pk])
    shown = viewer.get(page)
    assert shown.status_code == 200 and "Save the rule" not in shown.content.decode()
    assert viewer.post(page, fill()).status_code == 403
    assert viewer.get(reverse(ADD)).status_code == 403
    assert sign_in(make_staff()).get(page).status_code == 403


def test_a_rule_is_switched_off_and_never_deleted(prompt: object) -> None:
    rule = make_rule()
    delete = reverse("admin:monitoring_alertrule_delete", args=[rule.pk])
    assert sign_in(make_operator()).post(delete, {"post": "yes"}).status_code == 403


def test_a_secret_is_shown_once(prompt: object) -> None:
    client = sign_in(make_operator())
    add = reverse("admin:monitoring_webhookendpoint_add")
    url = "https://hooks.example.org/x"
    page = client.post(add, {"url": url, "is_enabled": "on"}, follow=True).content.decode()
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.secret.startswith("whsec_") and len(endpoint.secret) > 40
    assert endpoint.secret in page or endpoint.secret.replace("+", "&#x2B;") in page
    change = reverse("admin:monitoring_webhookendpoint_change", args=[endpoint.pk])
    assert endpoint.secret not in client.get(change).content.decode()
    secret = endpoint.secret
    client.post(change, {"url": "https://elsewhere.example.org/", "is_enabled": ""})
    endpoint.refresh_from_db()
    assert (endpoint.url, endpoint.secret, endpoint.is_enabled) == (url, secret, False)
