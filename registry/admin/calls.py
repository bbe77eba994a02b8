"""Every call made: how it ended, what it answered and how long it took."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from unfold.decorators import display

from registry.admin import replays
from registry.admin.base import ReadOnlyAdmin
from registry.evaluation.playground import write_output
from registry.models import Deployment, InferenceCall, PromptVersion


class VersionFilter(admin.SimpleListFilter):
    """Versions that have been live: no others have calls."""

    title = "version"
    parameter_name = "version"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[InferenceCall]
    ) -> list[tuple[str, str]]:
        live_once = Deployment.objects.values("to_version")
        versions = PromptVersion.objects.filter(pk__in=live_once).select_related("prompt")
        return [(str(version.pk), str(version)) for version in versions.defer("bundle")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[InferenceCall]
    ) -> QuerySet[InferenceCall]:
        value = self.value() or ""
        return queryset.filter(version=int(value)) if value.isdecimal() else queryset


@admin.register(InferenceCall)
class InferenceCallAdmin(ReadOnlyAdmin):
    list_display = [
        "began",
        "task",
        "version_number",
        "engine",
        "state",
        "ttft",
        "latency",
        "violation_codes",
    ]
    list_filter = [
        "task",
        "outcome",
        "engine",
        VersionFilter,
        "error_code",
        ("started_at", admin.DateFieldListFilter),
    ]
    list_select_related = ["version__prompt"]
    search_fields = ["=trace_id", "=subject"]
    fieldsets = [
        (None, {"fields": ["task", "prompt_version", "subject", "ending", "fault", "trace_id"]}),
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
    date_hierarchy = "started_at"
    show_full_result_count = False
    change_form_outer_after_template = "registry/_call_request.html"

    def get_urls(self) -> list[URLPattern]:
        replay = path(
            "<uuid:pk>/replay/",
            self.admin_site.admin_view(partial(replays.replay_view, site=self.admin_site)),
            name="registry_inferencecall_replay",
        )
        return [replay, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        call = self.get_object(request, object_id)
        asked = replays.describe_request(request, call) if call else {}
        context = {**(extra_context or {}), **asked}
        page: HttpResponse = super().change_view(request, object_id, form_url, context)
        return page

    @admin.display(description="Began", ordering="started_at")
    def began(self, call: InferenceCall) -> str:
        return date_format(localtime(call.started_at), "j M Y H:i:s")

    @admin.display(description="Version", ordering="version__number")
    def version_number(self, call: InferenceCall) -> str:
        return f"v{call.version.number}"

    @display(
        description="Outcome",
        ordering="outcome",
        label={"succeeded": "success", "failed": "danger", "running": "info"},
    )
    def state(self, call: InferenceCall) -> tuple[str, str]:
        return call.outcome or "running", self.ending(call)

    @admin.display(description="First token", ordering="ttft_ms")
    def ttft(self, call: InferenceCall) -> str:
        return "–" if call.ttft_ms is None else f"{call.ttft_ms:.0f} ms"

    @admin.display(description="Latency", ordering="latency_ms")
    def latency(self, call: InferenceCall) -> str:
        return "–" if call.latency_ms is None else f"{call.latency_ms:.0f} ms"

    @admin.display(description="Checks")
    def violation_codes(self, call: InferenceCall) -> str:
        return ", ".join(violation["code"] for violation in call.violations) or "–"

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
