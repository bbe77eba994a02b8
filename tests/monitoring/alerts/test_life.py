"""The life of an alert on its page: states one after the other, and its figure beside the threshold over time."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from monitoring.admin.life import build_life
from monitoring.alerts import evaluation
from monitoring.models import Alert, AlertRule
from registry.models import PromptVersion
from tests.factories import make_operator
from tests.monitoring.alerts.rows import MINUTE, end_calls, look, make_rule
from tests.monitoring.alerts.test_rules import sign_in
from tests.monitoring.calls import build_figures

pytestmark = pytest.mark.django_db(transaction=True)


def live_through(version: PromptVersion) -> tuple[Alert, AlertRule]:
    """One that fired twenty minutes ago and is over."""
    now = timezone.now()
    rule = make_rule(window_minutes=10, keep_minutes=5)
    end_calls(version, good=6, bad=9, at=now - 25 * MINUTE)
    build_figures(now - 20 * MINUTE)
    look(now - 20 * MINUTE)
    end_calls(version, good=10, at=now - 14 * MINUTE)
    build_figures(now)
    for minutes in range(13, 3, -1):
        evaluation.evaluate_rules(now - minutes * MINUTE)
    return Alert.objects.get(), rule


def test_each_state_is_told_with_what_was_found(two: list[PromptVersion]) -> None:
    alert, _ = live_through(two[1])
    life = build_life(alert, list(alert.transitions.all()), timezone.now())
    assert [stage.state for stage in life.stages] == ["ok", "firing", "recovering", "ok"]
    assert life.stages[1].figure == "9 of 15, 60\u00a0%"
    assert life.stages[0].since is None and life.stages[-1].until is None
    places = [(stage.x, stage.width) for stage in life.stages]
    assert places[0][0] == 0 and sum(width for _, width in places) == pytest.approx(100, abs=0.1)


def test_the_chart_has_the_threshold_and_each_step_leads_to_its_calls(
    two: list[PromptVersion],
) -> None:
    alert, _ = live_through(two[1])
    client = sign_in(make_operator())
    page = client.get(reverse("admin:monitoring_alert_change", args=[alert.pk]))
    chart = page.context["life"].chart
    assert chart.threshold == "2\u00a0% allowed" and chart.threshold_y is not None
    assert sum(point.bad for point in chart.points) == 9
    assert "Its life so far" in page.text and "o-life--fire" in page.text
    [worst] = [point for point in chart.points if point.bad]
    assert (worst.total, worst.share) == (15, "60\u00a0%")
    assert client.get(worst.link).context["count"] == 15
    assert worst.bad_link.replace("&", "&amp;") in page.text
    assert client.get(worst.bad_link).context["count"] == worst.bad == 9
    assert [flag.kind for flag in chart.flags] == ([] if not alert.began_after else ["live"])


@pytest.mark.parametrize(
    ("fields", "threshold"),
    [
        ({"measure": "never_shown"}, "none is allowed"),
        ({"compared_with": "before"}, ""),
    ],
)
def test_a_rule_without_a_fixed_share_has_no_line(
    two: list[PromptVersion], fields: dict[str, str], threshold: str
) -> None:
    now = timezone.now()
    rule = make_rule(**fields)
    end_calls(two[1], good=5, at=now - MINUTE)
    build_figures(now)
    alert = Alert.objects.create(
        rule=rule, task=two[1].prompt.name, version=two[1], state="firing", seen_at=now,
        created_at=now - 2 * MINUTE, opened_at=now - 2 * MINUTE,
    )  # fmt: skip
    chart = build_life(alert, [], now).chart
    assert chart is not None and chart.threshold == threshold and chart.threshold_y is None


def test_what_counts_no_calls_has_stages_and_no_chart() -> None:
    now = timezone.now()
    rule = make_rule(measure="queue", task="")
    alert = Alert.objects.create(
        rule=rule, state="firing", seen_at=now, created_at=now - timedelta(hours=1)
    )
    assert build_life(alert, [], now).chart is None
    page = sign_in(make_operator()).get(reverse("admin:monitoring_alert_change", args=[alert.pk]))
    assert page.status_code == 200
