"""A question of nobody's is asked of each engine: who sees it, who does not, and what an outage raises."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from monitoring.alerts.sentences import say_alert, say_figures
from monitoring.alerts.shipped import RULES, load_rules
from monitoring.models import Alert, Rollup
from monitoring.probe.asking import probe_engines
from registry.engines.base import EngineUnavailableError
from registry.models import CallRequest, CanaryCall, InferenceCall
from registry.services.sweeps import delete_old_probes
from tests.factories import load_vocabulary, make_call, make_version, promote
from tests.monitoring.alerts.rows import MINUTE, look, make_rule
from tests.monitoring.calls import build_figures
from tests.styling.conftest import forget_everything

pytestmark = pytest.mark.django_db(transaction=True)


class AwayEngine:
    def __init__(self, name: str) -> None:
        self.name = name

    async def stream(self, request: object) -> Any:
        raise EngineUnavailableError("nobody is there")
        yield


@pytest.fixture
def probed(settings: Any) -> Iterator[Any]:
    """The built-in engine answers, and another one is away."""
    settings.INFERENCE_ENGINES = {
        "away": {"ENGINE": "tests.monitoring.test_probe.AwayEngine"},
        "builtin": {"ENGINE": "registry.engines.builtin.BuiltinEngine"},
    }
    settings.INFERENCE_TASKS = ["styling.tasks.SuggestOutfit"]
    settings.PROBED_ENGINES = ["builtin", "away"]
    forget_everything()
    load_vocabulary()
    version = make_version(
        "suggest_outfit", engine="builtin", model={}, sampling={}, examples=[],
        enable_thinking=False,
    )  # fmt: skip
    promote(version)
    yield settings
    forget_everything()


def test_each_engine_is_asked_through_the_real_stack(probed: Any) -> None:
    assert probe_engines() == {"builtin": "answered", "away": "engine_unavailable"}
    answered, failed = InferenceCall.objects.order_by("started_at")
    assert (answered.subject, answered.outcome) == ("probe:builtin", "succeeded")
    assert answered.output["pieces"], "five garments make an outfit"
    assert (failed.subject, failed.outcome) == ("probe:away", "failed")


def test_people_see_nothing_of_it(probed: Any) -> None:
    probe_engines()
    build_figures()
    assert not InferenceCall.objects.for_people().exists()
    assert not Rollup.objects.exists()
    assert not CanaryCall.objects.exists() and not CallRequest.objects.exists()


def test_without_a_live_version_nobody_is_asked(settings: Any) -> None:
    settings.PROBED_ENGINES = ["builtin"]
    assert probe_engines() == {}


def end_probe(engine: str, outcome: str, at: Any) -> None:
    output = {} if outcome == "succeeded" else None
    make_call(
        subject=f"probe:{engine}",
        outcome=outcome,
        output=output,
        started_at=at,
        finished_at=at,
    )


def test_an_engine_that_is_away_raises_the_shipped_alert_within_minutes(probed: Any) -> None:
    load_rules()
    now, opened = timezone.now(), None
    for minute in range(-10, 10):
        at = now + minute * MINUTE
        for engine in ("builtin", "away"):
            is_away = engine == "away" and minute >= 0
            end_probe(engine, "failed" if is_away else "succeeded", at)
        alert = look(at + MINUTE / 2)
        if alert and alert.opened_at and opened is None:
            opened = alert
    assert opened is not None and Alert.objects.count() == 1
    assert (opened.rule.key, opened.aspect) == ("probe", "away")
    assert opened.opened_at is not None and opened.opened_at - now <= 5 * MINUTE
    assert say_alert(opened) == "away did not answer the last 2 probes."
    assert len(opened.figures["calls"]) >= 2


def test_one_failed_probe_is_not_enough(probed: Any) -> None:
    make_rule(**RULES["probe"])
    now = timezone.now()
    for minute, outcome in enumerate(["succeeded", "failed", "succeeded", "failed"]):
        end_probe("builtin", outcome, now + minute * MINUTE)
        assert look(now + minute * MINUTE + MINUTE / 2) is None


def test_a_probe_that_stays_away_is_seen_and_one_that_never_was_is_not(probed: Any) -> None:
    make_rule(**{**RULES["probe"], "for_minutes": 0})
    now = timezone.now()
    assert look(now) is None
    end_probe("builtin", "succeeded", now)
    assert look(now + MINUTE) is None
    alert = look(now + 6 * MINUTE)
    assert alert is not None and alert.aspect == "builtin"
    assert say_alert(alert) == "Built-in has not been probed for 5 minutes."
    assert say_figures(alert) == "no probe in 5 minutes"


def test_an_engine_that_is_probed_no_more_closes_its_alert(probed: Any) -> None:
    make_rule(**{**RULES["probe"], "for_minutes": 0})
    now = timezone.now()
    for _ in range(2):
        end_probe("away", "failed", now)
    assert look(now + MINUTE) is not None
    probed.PROBED_ENGINES = ["builtin"]
    alert = look(now + 2 * MINUTE)
    assert alert is not None and alert.state == "ok"


def test_old_probes_are_removed_and_nothing_else(probed: Any) -> None:
    now = timezone.now()
    end_probe("builtin", "succeeded", now - timedelta(hours=25))
    end_probe("builtin", "succeeded", now - timedelta(hours=23))
    make_call(started_at=now - timedelta(days=3))
    assert delete_old_probes() == 1
    assert InferenceCall.objects.count() == 2


def test_tests_are_not_probed_and_a_site_is() -> None:
    from django.conf import settings

    assert settings.PROBE_SECONDS == 0 and settings.PROBED_ENGINES == []
    assert "monitoring.jobs.probe_engines_job" not in settings.SCHEDULED_JOBS
