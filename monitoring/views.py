"""Pages of the admin that are no model's."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from monitoring.figures.reading import newest_at
from monitoring.latency import SPANS, Period, describe_tasks, say_all


@permission_required("registry.view_inferencecall", raise_exception=True)
def latency(request: HttpRequest) -> HttpResponse:
    """Is it getting slower, since when, where?"""
    now = timezone.now()
    span = request.GET.get("span", "")
    span = span if span in SPANS else "24h"
    told = describe_tasks(Period(now - SPANS[span], now))
    level, word, sentence = say_all(told, now)
    context = {
        **admin.site.each_context(request),
        "title": "Latency",
        "spans": SPANS,
        "span": span,
        "told": told,
        "level": level,
        "word": word,
        "sentence": sentence,
        "counted_until": newest_at(),
    }
    return TemplateResponse(request, "monitoring/latency.html", context)
