"""`/metrics`, for those who hold the token or ask from a network that settings name."""

from hmac import compare_digest
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from monitoring.metrics.alerts import AlertCollector
from monitoring.metrics.calls import CallCollector
from monitoring.metrics.drift import DriftCollector
from monitoring.metrics.queues import QueueCollector
from monitoring.metrics.requests import RequestCollector

FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")
"""A request with one of these came through a proxy: the address of its connection says nothing of who asks."""


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The text format 0.0.4 of Prometheus. Others get the answer for a page that is not there."""
    if not may_scrape(request):
        raise Http404
    now = timezone.now()
    registry = CollectorRegistry(auto_describe=False)
    collectors = (
        CallCollector(now),
        QueueCollector(now),
        AlertCollector(),
        DriftCollector(),
        RequestCollector(),
    )
    for collector in collectors:
        registry.register(collector)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def may_scrape(request: HttpRequest) -> bool:
    return holds_token(request) or is_in_network(request)


def holds_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    known: str = settings.METRICS_TOKEN
    is_bearer = scheme.lower() == "bearer"
    return bool(known) and is_bearer and compare_digest(token.encode(), known.encode())


def is_in_network(request: HttpRequest) -> bool:
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in ip_network(network) for network in settings.METRICS_NETWORKS)
