"""Requests by view, under the names that django-prometheus gave them.

They are counted in Redis, by one write a request: so every process answers the same, after a fork or a restart too.
"""

import logging
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from stores.redis import connect as make_client

logger = logging.getLogger(__name__)

BOUNDS_S = (
    0.01,
    0.025,
    0.05,
    0.075,
    0.1,
    0.25,
    0.5,
    0.75,
    1.0,
    2.5,
    5.0,
    7.5,
    10.0,
    25.0,
    50.0,
    75.0,
)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
NO_VIEW = "<unnamed view>"
LIVEZ = "/livez"
"""Touches no store, so that a lost one restarts nobody."""
TIMEOUT_S = 0.25
REST_S = 5.0
"""How long requests go uncounted after Redis was away, so that it holds nobody up."""
SEPARATOR = "|"
RESPONSES, EXCEPTIONS, BUCKETS, SECONDS = "responses", "exceptions", "buckets", "seconds"

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def key() -> str:
    return f"{settings.REDIS_PREFIX}:requests"


@cache
def connect(url: str) -> Redis:
    return make_client(
        url,
        socket_timeout=TIMEOUT_S,
        socket_connect_timeout=TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )


class CountRequestsMiddleware:
    """Counts what is answered, and how long it took. Files and `/livez` are left out."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.rests_until = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.monotonic()
        response = self.get_response(request)
        if not request.path.startswith((settings.STATIC_URL, LIVEZ)):
            self.count(request, response.status_code, time.monotonic() - began)
        return response

    def count(self, request: HttpRequest, status: int, seconds: float) -> None:
        view, method = name_view(request), name_method(request)
        place = str(bisect_left(BOUNDS_S, seconds))
        self.write(
            {
                join(RESPONSES, str(status), view, method): 1,
                join(BUCKETS, view, method, place): 1,
                join(SECONDS, view, method): seconds,
            }
        )

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        self.write({join(EXCEPTIONS, name_view(request)): 1})

    def write(self, added: dict[str, float]) -> None:
        """Add to the fields, all at once. A Redis that is away fails no request."""
        if time.monotonic() < self.rests_until:
            return
        try:
            with connect(settings.REDIS_URL).pipeline(transaction=False) as pipeline:
                for field, amount in added.items():
                    pipeline.hincrbyfloat(key(), field, amount)
                pipeline.execute()
        except (RedisError, OSError):
            self.rests_until = time.monotonic() + REST_S
            logger.warning("Requests go uncounted: Redis is away")


def name_view(request: HttpRequest) -> str:
    """The name of its URL: there are as many as the code has, whatever is asked for."""
    match = request.resolver_match
    return match.view_name if match and match.view_name else NO_VIEW


def name_method(request: HttpRequest) -> str:
    return request.method if request.method in METHODS else "OTHER"


def join(*parts: str) -> str:
    return SEPARATOR.join(parts)


class RequestCollector:
    """Nothing while Redis is away."""

    def collect(self) -> Iterator[Metric]:
        try:
            found = cast(dict[str, str], connect(settings.REDIS_URL).hgetall(key()))
        except (RedisError, OSError):
            return
        counts = {tuple(field.split(SEPARATOR)): float(value) for field, value in found.items()}
        yield collect_counter(
            counts,
            RESPONSES,
            "django_http_responses_total_by_status_view_method",
            "Answers by status, view and method.",
            ["status", "view", "method"],
        )
        yield collect_counter(
            counts,
            EXCEPTIONS,
            "django_http_exceptions_total_by_view",
            "Views that broke.",
            ["view"],
        )
        yield collect_latency(counts)


Counts = dict[tuple[str, ...], float]


def collect_counter(
    counts: Counts, kind: str, name: str, help_text: str, labels: list[str]
) -> Metric:
    family = CounterMetricFamily(name, help_text, labels=labels)
    for field, times in sorted(counts.items()):
        if field[0] == kind:
            family.add_metric(list(field[1:]), times)
    return family


def collect_latency(counts: Counts) -> Metric:
    family = HistogramMetricFamily(
        "django_http_requests_latency_seconds_by_view_method",
        "How long answers took by view and method.",
        labels=["view", "method"],
    )
    places: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    for field, times in counts.items():
        if field[0] == BUCKETS:
            places[field[1], field[2]][int(field[3])] = times
    for (view, method), buckets in sorted(places.items()):
        seconds = counts.get((SECONDS, view, method), 0.0)
        family.add_metric([view, method], cumulate(buckets), seconds)
    return family


def cumulate(buckets: dict[int, float]) -> list[tuple[str, float]]:
    """Each bound with how many answers took as long at most; the last one has all."""
    bounds = [*map(str, BOUNDS_S), "+Inf"]
    return [
        (bound, sum(times for index, times in buckets.items() if index <= place))
        for place, bound in enumerate(bounds)
    ]
