from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from monitoring import charts, overview, selectors
from monitoring.figures.buckets import ERROR
from monitoring.figures.calls import CallStats, count_violations, get_call_stats, get_series
from registry.engines.breaker import Breaker
from registry.models import (
    Alias,
    Dataset,
    DatasetChange,
    DatasetVersion,
    Deployment,
    EvaluationRun,
    Verdict,
)
from registry.services import releases
from tests.factories import make_call, make_operator, make_photo, make_user, make_version, promote
from tests.monitoring.calls import NOON, SHOWN, WITHHELD, build_figures, end_call, fail_call

pytestmark = pytest.mark.django_db

HOUR_AGO = timedelta(hours=1)
IDLE = selectors.Backlog(0, 0, 0, 0.0)


def read_stats() -> list[CallStats]:
    """Of the last hour, counted now."""
    build_figures()
    now = timezone.now()
    return get_call_stats(now - HOUR_AGO, now)


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


def test_series_puts_calls_into_buckets() -> None:
    version, now = make_version("suggest_outfit"), NOON + timedelta(minutes=58)
    end_call(version, 100, at=NOON + timedelta(minutes=1))
    end_call(version, 300, at=NOON + timedelta(minutes=56))
    build_figures(now)
    points = get_series(task="suggest_outfit", window=selectors.WINDOWS["1h"], now=now)
    assert [point.latency_p95_ms for point in points] == pytest.approx([100, 300], rel=ERROR)
    assert points[1].at - points[0].at == timedelta(minutes=55)


def test_violations_are_counted_by_code_and_by_whether_somebody_saw_them() -> None:
    version, now = make_version(), timezone.now()
    end_call(version, 1, violations=[SHOWN])
    end_call(version, 1, violations=[SHOWN, WITHHELD])
    build_figures(now)
    counts = count_violations(now - HOUR_AGO, now + HOUR_AGO)
    assert [(row.code, row.shown, row.withheld) for row in counts] == [
        ("too_cold", 2, 0),
        ("unowned_item", 0, 1),
    ]


def test_what_was_stopped_is_told_from_what_was_shown() -> None:
    version = make_version("suggest_outfit")
    fail_call(version, violations=[WITHHELD])
    end_call(version, 1, violations=[WITHHELD, SHOWN])
    end_call(version, 1, violations=[SHOWN])
    end_call(version, 1)
    [row] = read_stats()
    assert (row.stopped_by_check, row.shown_with_fault) == (2, 2)
    tiles = {tile.title: tile for tile in overview.build_tiles([row], IDLE)}
    assert tiles["Stopped by a check"].word == tiles["Shown with a fault"].word == "2 of 4"


def test_a_failing_version_is_an_alert() -> None:
    version = make_version("suggest_outfit")
    fail_call(version)
    stats = read_stats()
    alerts = overview.find_alerts(stats, IDLE)
    assert [alert.title for alert in alerts] == ["suggest_outfit fails too often."]
    assert overview.say(stats, alerts) == "One thing to watch."


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
    end_call(version, 234)
    build_figures()
    client.force_login(make_operator())
    page = client.get(reverse("admin:index")).content.decode()
    assert version.short_sha in page
    [row] = read_stats()
    assert row.latency_p95_ms == pytest.approx(234, rel=ERROR)
    assert f"{row.latency_p95_ms:.0f} ms" in page
    assert 'class="p95"' in page


def test_a_version_that_has_not_passed_is_red() -> None:
    first, second = make_version("suggest_outfit"), make_version("suggest_outfit", system="new")
    releases.promote_version(version=first, actor=None, reason="first")
    assert overview.build_live_tile(first.prompt).word == "Not judged"
    promote(second)
    tile = overview.build_live_tile(first.prompt)
    assert (tile.state, tile.word, tile.figure) == ("bad", "Live, not passed", "v2")


def judge(run: EvaluationRun, *failures: str, engine: str = "builtin") -> None:
    Verdict.objects.create(
        run=run,
        version=run.version,
        dataset_version=run.dataset_version,
        engine=engine,
        passed=not failures,
        failures=list(failures),
    )


@pytest.fixture
def live_run() -> EvaluationRun:
    """A completed run of a first version, on a dataset without examples."""
    version = make_version("suggest_outfit", engine="default")
    releases.promote_version(version=version, actor=None, reason="first")
    dataset = Dataset.objects.create(prompt=version.prompt, name="golden")
    golden = DatasetVersion.objects.create(dataset=dataset, number=1, sha256="0" * 64)
    DatasetChange.objects.create(dataset=dataset, to_version=golden)
    Dataset.objects.update(current=golden)
    return EvaluationRun.objects.create(
        version=version,
        dataset_version=golden,
        engine="builtin",
        ending="completed",
        ended_at=timezone.now(),
    )


def test_a_live_version_is_amber_until_it_is_judged_then_green_or_red(
    live_run: EvaluationRun,
) -> None:
    tiles = [overview.build_live_tile(live_run.version.prompt)]
    judge(live_run)
    tiles.append(overview.build_live_tile(live_run.version.prompt))
    judge(live_run, "Too few are right.")
    tiles.append(overview.build_live_tile(live_run.version.prompt))
    told = [(tile.state, tile.word) for tile in tiles]
    assert told == [("warn", "Being evaluated"), ("good", "Live"), ("bad", "Failed")]


def test_what_is_live_in_red_is_not_all_right(live_run: EvaluationRun) -> None:
    judge(live_run)
    assert overview.find_live_alerts() == []
    judge(live_run, "Too few are right.")
    end_call(live_run.version, 1)
    alerts = overview.find_live_alerts()
    [(title, text)] = [(alert.title, alert.text) for alert in alerts]
    assert (title, text) == (
        "suggest_outfit 1 is live and has not passed.",
        "Too few are right.",
    )
    stats = read_stats()
    assert overview.say(stats, alerts) == "One thing to watch."


def test_the_model_servers_tile_says_whether_it_answers(
    live_run: EvaluationRun, settings: Settings
) -> None:
    settings.VLLM_BASE_URL = "http://gpu.example.org:8000"
    chain = {**settings.INFERENCE_ENGINES["default"], "OPTIONS": {"engines": ["vllm", "builtin"]}}
    settings.INFERENCE_ENGINES = {**settings.INFERENCE_ENGINES, "default": chain}
    judge(live_run)
    tiles = [overview.build_engine_tile()]
    judge(live_run, "Too few are right.", engine="vllm")
    tiles.append(overview.build_engine_tile())
    judge(live_run, engine="vllm")
    tiles.append(overview.build_engine_tile())
    told = [(tile.state, tile.word) for tile in tiles]
    assert told == [("warn", "Being evaluated"), ("bad", "Failed"), ("good", "In use")]
    assert "suggest_outfit" in tiles[0].note


def test_late_figures_are_never_all_right() -> None:
    end_call(make_version("suggest_outfit"))
    stats, now = read_stats(), timezone.now()
    told = [
        overview.say(stats, overview.find_late_figures(now + timedelta(minutes=minutes)))
        for minutes in (4, 6)
    ]
    assert told == ["It is all right.", "Cannot tell. The figures are late."]


def test_before_anything_was_counted_nobody_can_tell(client: Client) -> None:
    page = read_index(client)
    assert "Cannot tell. The figures are late." in page
    assert "It is all right." not in page


def test_overview_of_an_empty_system_is_quiet(client: Client) -> None:
    build_figures()
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
