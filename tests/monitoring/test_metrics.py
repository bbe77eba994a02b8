"""What Prometheus reads: the same figures as the pages, whoever answers, and nothing for whom it does not concern."""

from collections.abc import Iterator
from datetime import timedelta

import django_rq
import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample
from pytest_django.fixtures import Settings

from monitoring.figures.reading import read_figures
from monitoring.metrics import queues
from monitoring.metrics.calls import BOUNDS_MS
from monitoring.models import Alert
from registry.models import InferenceCall
from styling.tasks import SuggestOutfit
from tests.factories import make_version
from tests.monitoring.alerts.rows import make_rule
from tests.monitoring.calls import build_figures, end_call, fail_call
from tests.registry.live import promote

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "scrape-me-7f3a"


@pytest.fixture(autouse=True)
def token(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


@pytest.fixture(autouse=True)
def no_jobs() -> Iterator[None]:
    for name in queues.QUEUES:
        django_rq.get_queue(name).empty()
    yield


def scrape(client: Client) -> list[Sample]:
    response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    text = response.content.decode()
    return [one for family in text_string_to_metric_families(text) for one in family.samples]


def find(samples: list[Sample], name: str, **labels: str) -> list[float]:
    return [
        one.value for one in samples if one.name == name and labels.items() <= one.labels.items()
    ]


def test_calls_are_counted_as_the_pages_count_them(client: Client) -> None:
    version = make_version("suggest_outfit")
    end_call(version, input_tokens=7, output_tokens=11)
    end_call(version, violations=[{"code": "unowned_item", "shown": True}])
    fail_call(version, violations=[{"code": "coat_when_hot", "shown": False}])
    now = timezone.now()
    build_figures(now)
    samples = scrape(client)
    by = {"task": "suggest_outfit", "version": "1", "engine": "builtin", "side": ""}
    assert find(samples, "dresscode_calls_total", **by, outcome="succeeded") == [2]
    assert find(samples, "dresscode_calls_total", **by, outcome="failed") == [1]
    assert find(samples, "dresscode_calls_within_goal_total", **by) == [2]
    assert find(samples, "dresscode_tokens_total", **by, direction="out") == [11]
    assert find(samples, "dresscode_violations_total", code="unowned_item", seen="shown") == [1]
    assert find(samples, "dresscode_violations_total", code="coat_when_hot", seen="withheld") == [1]
    told = read_figures(now - timedelta(days=1), now, task="suggest_outfit")
    assert find(samples, "dresscode_call_duration_seconds_count", **by) == [told.latency.total]


def test_what_must_never_be_shown_is_counted_from_nought_on(client: Client) -> None:
    """Of each version that answers or ever did, before its first one: else Prometheus never sees the first step."""
    live, other = make_version("suggest_outfit"), make_version("suggest_outfit")
    promote(live)
    end_call(other, violations=[{"code": "too_cold", "shown": True}])
    build_figures()
    samples = scrape(client)
    for version in ("1", "2"):
        for code in SuggestOutfit.never_shown:
            by = {"task": "suggest_outfit", "version": version, "code": code}
            assert find(samples, "dresscode_never_shown_total", **by) == [0]
    assert find(samples, "dresscode_never_shown_total", code="too_cold") == []
    assert find(samples, "dresscode_never_shown_total", task="digitize_photo") == []
    end_call(live, violations=[{"code": "invented_garment", "shown": True}])
    end_call(live, engine="vllm", violations=[{"code": "invented_garment", "shown": True}])
    end_call(live, violations=[{"code": "unowned_item", "shown": False}])
    build_figures()
    by = {"task": "suggest_outfit", "version": "1"}
    samples = scrape(client)
    assert find(samples, "dresscode_never_shown_total", **by, code="invented_garment") == [2]
    assert find(samples, "dresscode_never_shown_total", **by, code="unowned_item") == [0]


def test_times_are_counted_below_bounds_that_buckets_have(client: Client) -> None:
    version = make_version("suggest_outfit")
    for latency_ms in (15.0, 16.0, 31.0, 1_000.0, 200_000.0):
        end_call(version, latency_ms)
    build_figures()
    samples = scrape(client)
    below = {
        float(one.labels["le"]): one.value
        for one in samples
        if one.name == "dresscode_call_duration_seconds_bucket"
    }
    assert below[0.016] == 1
    assert below[0.032] == 3
    assert below[1.024] == 4
    assert below[BOUNDS_MS[-1] / 1000] == 4
    assert below[float("inf")] == 5
    (seconds,) = find(samples, "dresscode_call_duration_seconds_sum")
    assert seconds == pytest.approx(201.062, rel=0.022)


def test_waits_of_jobs_are_a_histogram(client: Client) -> None:
    version = make_version("digitize_photo")
    for queue_ms in (10.0, 20.0):
        end_call(version, steps_ms={"queue": queue_ms})
    end_call(version)
    build_figures()
    samples = scrape(client)
    assert find(samples, "rq_job_wait_seconds_count", task="digitize_photo") == [2]
    assert find(samples, "rq_job_wait_seconds_bucket", le="0.016") == [1]


def test_counters_only_grow_as_calls_are_removed(client: Client) -> None:
    end_call(make_version("suggest_outfit"), at=timezone.now() - timedelta(days=2))
    build_figures()
    before = find(scrape(client), "dresscode_calls_total")
    InferenceCall.objects.all().delete()
    build_figures(timezone.now() + timedelta(hours=1))
    assert find(scrape(client), "dresscode_calls_total") == before


def test_figures_say_how_old_they_are(client: Client) -> None:
    assert find(scrape(client), "dresscode_figures_age_seconds") == []
    build_figures(timezone.now() - timedelta(minutes=10))
    (age,) = find(scrape(client), "dresscode_figures_age_seconds")
    assert 600 <= age < 660


def test_jobs_are_counted_with_the_wait_of_the_first(client: Client) -> None:
    queue = django_rq.get_queue("photos")
    job = queue.enqueue("tests.dresscode.jobs.nothing_job")
    job.enqueued_at = timezone.now() - timedelta(minutes=5)
    job.save()
    queue.enqueue("tests.dresscode.jobs.nothing_job")
    samples = scrape(client)
    assert find(samples, "rq_jobs", queue="photos", status="queued") == [2]
    assert find(samples, "rq_jobs", queue="maintenance", status="queued") == [0]
    (wait,) = find(samples, "rq_queue_oldest_seconds", queue="photos")
    assert 300 <= wait < 360
    assert find(samples, "rq_queue_oldest_seconds", queue="maintenance") == [0]
    queue.empty()


def test_calls_are_told_while_redis_is_away(client: Client, settings: Settings) -> None:
    end_call(make_version("suggest_outfit"))
    build_figures()
    away = {"URL": "redis://127.0.0.1:1/0"}
    settings.RQ_QUEUES = {name: {**queue, **away} for name, queue in settings.RQ_QUEUES.items()}
    samples = scrape(client)
    assert find(samples, "dresscode_redis_up") == [0]
    assert find(samples, "dresscode_calls_total", outcome="succeeded") == [1]
    assert find(samples, "rq_jobs") == []


def test_alerts_that_fire_are_told(client: Client) -> None:
    versions = make_version("suggest_outfit"), make_version("suggest_outfit")
    rule = make_rule(name="Failed calls")
    now = timezone.now()
    for version, opened_at in zip(versions, (now, None), strict=True):
        Alert.objects.create(
            rule=rule, task="suggest_outfit", version=version, state="firing", seen_at=now,
            opened_at=opened_at,
        )  # fmt: skip
    by = {"rule": "Failed calls", "severity": rule.severity, "task": "suggest_outfit"}
    assert find(scrape(client), "dresscode_alerts_open", **by) == [1]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": TOKEN},
    ],
)
def test_who_holds_no_token_finds_no_page(client: Client, headers: dict[str, str]) -> None:
    assert client.get("/metrics", headers=headers).status_code == 404


def test_no_token_opens_nothing_where_none_is_set(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("10.1.2.3", {}, 200),
        ("10.2.0.1", {}, 404),
        ("10.1.2.3", {"X-Forwarded-For": "10.1.2.3"}, 404),
        ("10.1.2.3", {"Forwarded": "for=10.1.2.3"}, 404),
        ("", {}, 404),
    ],
)
def test_a_network_that_is_named_needs_no_token(
    client: Client, settings: Settings, address: str, headers: dict[str, str], status: int
) -> None:
    settings.METRICS_NETWORKS = ["10.1.0.0/16"]
    response = client.get("/metrics", REMOTE_ADDR=address, headers=headers)
    assert response.status_code == status


def test_nothing_but_reading_is_answered(client: Client) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert client.post("/metrics", headers=headers).status_code == 405
