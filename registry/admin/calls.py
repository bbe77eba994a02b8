"""Every call made: how it ended, what it answered and how long it took."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from registry.admin import replays
from registry.admin.base import ReadOnlyAdmin
from registry.calls.finding import (
    COUNTED,
    TIME_LIMIT_MS,
    TooLongError,
    count_calls,
    find_calls,
    read_page,
    time_limit,
)
from registry.calls.forms import PAGE_FIELDS, CallFilterForm
from registry.calls.offers import find_offer
from registry.evaluation.playground import write_output
from registry.models import InferenceCall
from telemetry.traces import SHORT


@admin.register(InferenceCall)
class InferenceCallAdmin(ReadOnlyAdmin):
    fieldsets = [
        (None, {"fields": ["task", "prompt_version", "subject", "ending", "fault", "trace"]}),
        ("Answer", {"fields": ["violation_list", "answer"]}),
        (
            "Times",
            {"fields": ["began", "ttft", "latency", "finished_at", "heartbeat_at"]},
        ),
        (
            "Engine",
            {"fields": ["engine", "model", "finish_reason", "tokens", "seed", "input_sha256"]},
        ),
    ]
    change_form_outer_after_template = "registry/_call_request.html"

    def get_urls(self) -> list[URLPattern]:
        replay = path(
            "<uuid:pk>/replay/",
            self.admin_site.admin_view(partial(replays.replay_view, site=self.admin_site)),
            name="registry_inferencecall_replay",
        )
        return [replay, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = CallFilterForm(request.GET)
        context = {
            **self.admin_site.each_context(request),
            "title": "Calls",
            "opts": self.opts,
            "form": form,
            "query": keep_filters(request),
        }
        try:
            with time_limit(TIME_LIMIT_MS):
                context |= list_calls(form)
        except TooLongError:
            form.add_error(
                None, "That took too long to find. Give a shorter time, or fewer filters."
            )
        status = 422 if form.errors else 200
        return TemplateResponse(request, "registry/calls.html", context, status=status)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        call = self.get_object(request, object_id)
        asked = replays.describe_request(request, call) if call else {}
        may_collect = request.user.has_perm("registry.add_collectedexample")
        offer = find_offer(call) if call and may_collect else None
        context = {**(extra_context or {}), **asked, "offer": offer}
        page: HttpResponse = super().change_view(request, object_id, form_url, context)
        return page

    @admin.display(description="Began")
    def began(self, call: InferenceCall) -> str:
        return date_format(localtime(call.started_at), "j M Y H:i:s")

    @admin.display(description="First token")
    def ttft(self, call: InferenceCall) -> str:
        return "–" if call.ttft_ms is None else f"{call.ttft_ms:.0f} ms"

    @admin.display(description="Latency")
    def latency(self, call: InferenceCall) -> str:
        return "–" if call.latency_ms is None else f"{call.latency_ms:.0f} ms"

    @admin.display(description="Version")
    def prompt_version(self, call: InferenceCall) -> SafeString:
        page = reverse("admin:registry_prompt_change", args=[call.version.prompt_id])
        number = call.version.number
        return format_html('<a href="{}?version={}">v{}</a>', page, number, number)

    @admin.display(description="Outcome")
    def ending(self, call: InferenceCall) -> str:
        return str(call.get_outcome_display() if call.outcome else "Running")

    @admin.display(description="Error")
    def fault(self, call: InferenceCall) -> str:
        return f"{call.error_code}: {call.error}" if call.error_code else "–"

    @admin.display(description="Trace")
    def trace(self, call: InferenceCall) -> SafeString:
        """As log lines and spans have it, and the number that its wearer may have read."""
        trace_id = call.trace_id.hex
        digits = format_html("<code>{}</code>, number <code>{}</code>", trace_id, trace_id[:SHORT])
        if not settings.TRACE_URL:
            return digits
        address = settings.TRACE_URL.replace("{trace_id}", trace_id)
        return format_html('{}, <a href="{}">its spans</a>', digits, address)

    @admin.display(description="Checks")
    def violation_list(self, call: InferenceCall) -> SafeString | str:
        broken = [
            (found["code"], found["message"], "shown" if found.get("shown", True) else "stopped")
            for found in call.violations
        ]
        items = format_html_join("", "<li><code>{}</code> {} ({})</li>", broken)
        return format_html("<ul>{}</ul>", items) if items else "All passed" if call.output else "–"

    @admin.display(description="Output")
    def answer(self, call: InferenceCall) -> SafeString | str:
        if call.output is None:
            return "–"
        return format_html('<div class="op"><pre>{}</pre></div>', write_output(call.output))

    @admin.display(description="Tokens")
    def tokens(self, call: InferenceCall) -> str:
        counts = [call.input_tokens, call.output_tokens]
        asked, said = ("–" if count is None else f"{count:,}" for count in counts)
        return f"{asked} in, {said} out"


def list_calls(form: CallFilterForm) -> dict[str, Any]:
    """A page of what was asked for, and how many there are; neither where that makes no sense."""
    if not form.is_valid():
        return {}
    filters = dict(form.cleaned_data)
    pages = {name: filters.pop(name) for name in PAGE_FIELDS}
    calls = find_calls(**filters)
    count = count_calls(calls)
    counted = f"{count:,}" if count <= COUNTED else f"{COUNTED:,}+"
    return {"page": read_page(calls, **pages), "count": count, "counted": counted}


def keep_filters(request: HttpRequest) -> str:
    """The query string of this list, for links to its other pages."""
    query = request.GET.copy()
    for name in PAGE_FIELDS:
        query.pop(name, None)
    return query.urlencode()
