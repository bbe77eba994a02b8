from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from monitoring import charts, overview, selectors
from registry.engines.breaker import Breaker
from registry.models import Alias, Deployment, InferenceCall, PromptVersion
from registry.services import releases
from tests.factories import make_call, make_operator, make_photo, make_user, make_version, promote

pytestmark = pytest.mark.django_db

HOUR_AGO = timedelta(hours=1)


def finish_call(version: PromptVersion, latency_ms: float, **fields: object) -> InferenceCall:
    return make_call(
        version,
        **{
            "outcome": "succeeded",
            "output": {},
            "finished_at": timezone.now(),
            "latency_ms": latency_ms,
            "ttft_ms": latency_ms / 10,
            **fields,
        },
    )


def test_stats_are_by_task_and_version() -> None:
    old, new = make_version("suggest_outfit"), make_version("suggest_outfit", system="new")
    for latency_ms in (100, 200, 300):
        finish_call(old, latency_ms)
    make_call(new, outcome="failed", finished_at=timezone.now(), error_code="engine_timeout")
    stats = selectors.get_call_stats(timezone.now() - HOUR_AGO)
    assert [(row.version_number, row.calls, row.failed) for row in stats] == [(2, 1, 1), (1, 3, 0)]
    assert stats[1].latency_p50_ms == pytest.approx(200)
    assert stats[1].latency_p95_ms == pytest.approx(290)
    assert stats[0].latency_p95_ms is None


def test_calls_before_the_window_do_not_count() -> None:
    finish_call(make_version(), 100, started_at=timezone.now() - timedelta(hours=2))
    assert selectors.get_call_stats(timezone.now() - HOUR_AGO) == []


def test_questions_of_evaluations_are_nobodys_wait() -> None:
    version = make_version()
    finish_call(version, 100, subject="example:7")
    failed = {"outcome": "failed", "finished_at": timezone.now(), "error_code": "engine_timeout"}
    make_call(version, subject="example:8", **failed)
    since = timezone.now() - HOUR_AGO
    assert selectors.get_call_stats(since) == []
    assert list(selectors.get_recent_failures(since)) == []


def test_series_puts_calls_into_buckets() -> None:
    version, now = make_version("suggest_outfit"), timezone.now()
    finish_call(version, 100, started_at=now - timedelta(minutes=58))
    finish_call(version, 300, started_at=now - timedelta(minutes=2))
    points = selectors.get_series(task="suggest_outfit", window=selectors.WINDOWS["1h"], now=now)
    assert [point.latency_p95_ms for point in points] == [100, 300]
    assert points[1].at - points[0].at == timedelta(minutes=55)


def test_violations_are_counted_by_code() -> None:
    version = make_version()
    finish_call(version, 1, violations=[{"code": "too_warm", "message": ""}])
    finish_call(version, 1, violations=[{"code": "too_warm"}, {"code": "too_cold"}])
    counts = selectors.count_violations(timezone.now() - HOUR_AGO)
    assert counts == [("too_warm", 2), ("too_cold", 1)]


def test_a_failing_version_is_an_alert() -> None:
    version = make_version("suggest_outfit")
    make_call(version, outcome="failed", finished_at=timezone.now())
    stats = selectors.get_call_stats(timezone.now() - HOUR_AGO)
    alerts = overview.find_alerts(stats, selectors.Backlog(0, 0, 0, 0.0))
    assert [alert.title for alert in alerts] == ["suggest_outfit fails too often."]
    assert overview.say(stats, alerts) == "It is all right. One thing to watch."


def test_a_stuck_photo_needs_the_operator_now() -> None:
    make_photo(status="received", created_at=timezone.now() - timedelta(minutes=10))
    backlog = selectors.get_backlog(timezone.now() - HOUR_AGO)
    assert overview.say([], overview.find_alerts([], backlog)) == "Something needs you now."


def test_redis_away_is_said_and_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "count_queued", lambda: None)
    backlog = selectors.get_backlog(timezone.now() - HOUR_AGO)
    assert overview.find_alerts([], backlog)[0].title == "Redis does not answer."


def test_overview_shows_the_live_version_and_its_times(client: Client) -> None:
    version = make_version("suggest_outfit")
    Alias.objects.create(prompt=version.prompt, version=version)
    finish_call(version, 1234)
    client.force_login(make_operator())
    page = client.get(reverse("admin:index")).content.decode()
    assert version.short_sha in page
    assert "1234 ms" in page
    assert 'class="p95"' in page


def test_a_version_that_has_not_passed_is_red() -> None:
    first, second = make_version("suggest_outfit"), make_version("suggest_outfit", system="new")
    releases.promote_version(version=first, actor=None, reason="first")
    assert overview.build_live_tile(first.prompt).state == "good"
    promote(second)
    tile = overview.build_live_tile(first.prompt)
    assert (tile.state, tile.figure) == ("bad", "v2")


def test_overview_of_an_empty_system_is_quiet(client: Client) -> None:
    client.force_login(make_operator())
    page = client.get(reverse("admin:index"), {"span": "7d"}).content.decode()
    assert "Quiet. Nobody has asked yet." in page


def test_wearers_do_not_see_the_overview(client: Client) -> None:
    client.force_login(make_user())
    assert client.get(reverse("admin:index")).status_code == 302


def test_of_releases_close_together_the_last_is_named() -> None:
    now = timezone.now()
    version = make_version("suggest_outfit")
    moves = [
        Deployment(prompt=version.prompt, to_version=version, kind="promote", created_at=moment)
        for moment in (now - timedelta(hours=20), now - timedelta(minutes=2), now)
    ]
    scale = charts.TimeScale(now - timedelta(hours=24), timedelta(hours=24))
    releases = charts.label_releases(scale, moves)
    assert [bool(release.label) for release in releases] == [True, False, True]
    assert [release.anchor for release in releases] == ["middle", "end", "end"]


def read_index(client: Client) -> str:
    client.force_login(make_operator())
    return client.get(reverse("admin:index")).content.decode()


def test_a_model_server_that_is_away_is_told_with_its_reason(
    client: Client, settings: Settings
) -> None:
    settings.VLLM_BASE_URL = "http://gpu.example.org:8000"
    Breaker("vllm").open("vLLM answered 500: out of memory")
    page = read_index(client)
    assert "vLLM does not answer." in page
    assert "out of memory" in page


def test_an_embeddings_server_that_fails_is_told_with_its_reason(
    client: Client, settings: Settings
) -> None:
    settings.EMBEDDINGS = {**settings.EMBEDDINGS, "base_url": "http://gpu.example.org:8001"}
    Breaker("embeddings").open("It sent 64 numbers, expected 768")
    page = read_index(client)
    assert "The embeddings server fails." in page
    assert "It sent 64 numbers, expected 768. Similar garments" in page


def test_a_model_server_in_use_is_no_alert(client: Client, settings: Settings) -> None:
    settings.VLLM_BASE_URL = "http://gpu.example.org:8000"
    page = read_index(client)
    assert "gpu.example.org:8000" in page
    assert "vLLM does not answer." not in page
    assert "The embeddings server fails." not in page
