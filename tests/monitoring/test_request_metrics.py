"""Requests by view: the same numbers from every process, few labels, and nobody who waits for them."""

import os
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django.fixtures import Settings

from monitoring.metrics import requests
from monitoring.metrics.requests import CountRequestsMiddleware
from monitoring.models import DriftReport
from tests.monitoring.test_metrics import TOKEN, find, scrape

pytestmark = pytest.mark.django_db(transaction=True)

RESPONSES = "django_http_responses_total_by_status_view_method_total"
LATENCY = "django_http_requests_latency_seconds_by_view_method"
EXCEPTIONS = "django_http_exceptions_total_by_view_total"


@pytest.fixture(autouse=True)
def token(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def test_answers_are_counted_by_view_and_status(client: Client) -> None:
    for _ in range(3):
        client.get("/offline/")
    client.post("/offline/")
    samples = scrape(client)
    assert find(samples, RESPONSES, view="offline", method="GET", status="200") == [3]
    assert find(samples, RESPONSES, view="offline", method="POST", status="405") == [1]
    assert find(samples, f"{LATENCY}_count", view="offline", method="GET") == [3]
    assert find(samples, f"{LATENCY}_bucket", view="offline", method="GET", le="+Inf") == [3]
    (seconds,) = find(samples, f"{LATENCY}_sum", view="offline", method="GET")
    assert seconds > 0


def test_strangers_make_no_labels(client: Client) -> None:
    for number in range(5):
        client.get(f"/wp-admin/{number}")
        client.generic(f"BREW{number}", "/offline/")
    client.get("/static/dresscode.css")
    client.get("/livez")
    samples = scrape(client)
    views = {one.labels["view"] for one in samples if one.name == RESPONSES}
    assert views == {requests.NO_VIEW, "offline"}
    assert find(samples, RESPONSES, view=requests.NO_VIEW, status="404") == [5]
    assert find(samples, RESPONSES, view="offline", method="OTHER") == [5]


def test_a_time_is_counted_in_each_bucket_that_it_is_within() -> None:
    times = dict.fromkeys((0, 4, len(requests.BOUNDS_S)), 1.0)
    counted = dict(requests.cumulate(times))
    assert (counted["0.01"], counted["0.075"], counted["0.1"], counted["75.0"]) == (1, 1, 2, 2)
    assert counted["+Inf"] == 3


def test_a_view_that_breaks_is_counted(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode() -> str:
        raise RuntimeError

    monkeypatch.setattr("dresscode.health.explain_postgres", explode)
    client.raise_request_exception = False
    client.get("/readyz")
    samples = scrape(client)
    assert find(samples, EXCEPTIONS, view="readyz") == [1]
    assert find(samples, RESPONSES, view="readyz", status="500") == [1]


def test_what_a_forked_process_answered_is_counted(client: Client) -> None:
    client.get("/offline/")
    child = os.fork()
    if child == 0:
        try:
            requests.connect.cache_clear()
            answer(CountRequestsMiddleware(lambda request: HttpResponse()))
        finally:
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    counted = find(scrape(client), RESPONSES, method="GET", status="200")
    assert sum(counted) == 2


def answer(middleware: CountRequestsMiddleware) -> HttpResponse:
    return middleware(RequestFactory().get("/offline/"))


def test_a_redis_that_is_away_is_asked_once_and_fails_nobody(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    asked: list[str] = []
    connect = requests.connect
    monkeypatch.setattr(requests, "connect", lambda url: asked.append(url) or connect(url))
    middleware = CountRequestsMiddleware(lambda request: HttpResponse("here"))
    assert [answer(middleware).content for _ in range(3)] == [b"here"] * 3
    assert len(asked) == 1
    assert list(requests.RequestCollector().collect()) == []


def test_drift_is_told_by_property(client: Client) -> None:
    assert find(scrape(client), "dresscode_drift_alarm") == []
    common = {"wearers": 30, "reference_wearers": 90, "rows": 40, "p": 0.001, "bars": [], "new": []}
    findings = [
        {**common, "name": "format", "reference": "previous", "distance": 0.3, "adjusted_p": 0.004},
        {**common, "name": "megapixels", "reference": "golden", "distance": 0.3, "adjusted_p": 0.2},
    ]
    at = timezone.now() - timedelta(hours=1)
    stored = [{**one, "auc": None, "photos": []} for one in findings]
    DriftReport.objects.create(created_at=at, findings=stored)
    samples = scrape(client)
    assert find(samples, "dresscode_drift_alarm", property="format") == [1]
    assert find(samples, "dresscode_drift_alarm", property="megapixels", reference="golden") == [0]
    assert find(samples, "dresscode_drift_distance", property="format") == [0.3]
    (made,) = find(samples, "dresscode_drift_report_timestamp_seconds")
    assert made == pytest.approx(at.timestamp(), abs=1)


def test_no_request_is_kept_by_its_path(client: Client) -> None:
    client.get("/photos/canary-3f?q=canary-3f")
    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    assert "canary" not in text
    assert RESPONSES in text
