"""Operations: which version answers, what changed, who moved it, and every call made."""

import json
import time
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from unfold.admin import ModelAdmin
from unfold.decorators import display

from registry import services
from registry.diffs import compare_bundles
from registry.forms import RollbackForm
from registry.models import Alias, Deployment, InferenceCall, Prompt, PromptVersion
from registry.prompts import canonical_json

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

SHOWN_MOVES = 100


class ReadOnlyAdmin(ModelAdmin):
    """Rows to read: what the system wrote stays as it was written."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Prompt)
class PromptAdmin(ReadOnlyAdmin):
    list_display = ["name", "live", "version_count", "description"]

    @admin.display(description="Live")
    def live(self, prompt: Prompt) -> str:
        alias = prompt.production()
        return f"v{alias.version.number} ({alias.version.short_sha})" if alias else "nothing"

    @admin.display(description="Versions")
    def version_count(self, prompt: Prompt) -> int:
        return prompt.versions.count()

    def get_urls(self) -> list[URLPattern]:
        roll_back = path(
            "<int:pk>/roll-back/",
            self.admin_site.admin_view(self.roll_back_view),
            name="registry_prompt_roll_back",
        )
        return [roll_back, *super().get_urls()]

    def may_roll_back(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("registry.roll_back_prompt"))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.render_prompt(request, get_object_or_404(Prompt, pk=object_id))

    def render_prompt(
        self, request: HttpRequest, prompt: Prompt, form: RollbackForm | None = None
    ) -> HttpResponse:
        """The prompt's page; a form with errors shows them in an open dialog."""
        versions = list(prompt.versions.select_related("author"))
        live = prompt.production()
        shown = pick_version(request, "version", versions) or (live.version if live else None)
        against = pick_version(request, "against", versions) or find_previous(shown, versions)
        targets = list(PromptVersion.objects.once_live(prompt))
        context = {
            **self.admin_site.each_context(request),
            "title": prompt.name,
            "opts": self.opts,
            "prompt": prompt,
            "live": live,
            "versions": versions,
            "once_live": {version.pk for version in targets},
            "shown": shown,
            "against": against,
            "difference": compare_bundles(against.bundle, shown.bundle)
            if shown and against
            else None,
            "deployments": prompt.deployments.select_related("from_version", "to_version", "actor")[
                :SHOWN_MOVES
            ],
            "targets": targets,
            "target": pick_version(request, "to", targets) or (targets[0] if targets else None),
            "may_roll_back": self.may_roll_back(request),
            "form": form,
        }
        status = 422 if form and form.errors else 200
        return TemplateResponse(request, "registry/prompt_detail.html", context, status=status)

    def roll_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.method != "POST" or not self.may_roll_back(request):
            raise PermissionDenied
        prompt = get_object_or_404(Prompt, pk=pk)
        form = RollbackForm(request.POST, prompt=prompt)
        if not form.is_valid():
            return self.render_prompt(request, prompt, form)
        began = time.monotonic()
        try:
            services.roll_back(prompt=prompt, actor=get_operator(request), **form.cleaned_data)
        except (services.MovedMeanwhileError, services.NotOnceLiveError) as error:
            messages.error(request, f"{error}. Nothing was changed.")
        else:
            number, took_ms = form.cleaned_data["to_version"].number, time.monotonic() - began
            messages.success(
                request,
                f"Version {number} is live. It took {took_ms * 1000:.0f} ms to commit and tell.",
            )
        return HttpResponseRedirect(reverse("admin:registry_prompt_change", args=[pk]))


def get_operator(request: HttpRequest) -> "User":
    """Whoever acts; the admin has let nobody anonymous come this far."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def pick_version(
    request: HttpRequest, name: str, versions: list[PromptVersion]
) -> PromptVersion | None:
    """The version whose number the query string has, if it is one of these."""
    number = request.GET.get(name, "")
    return next((version for version in versions if str(version.number) == number), None)


def find_previous(
    shown: PromptVersion | None, versions: list[PromptVersion]
) -> PromptVersion | None:
    """The version before the shown one; `versions` are newest first."""
    return next((v for v in versions if shown and v.number < shown.number), None)


@admin.register(PromptVersion)
class PromptVersionAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "notes", "short_sha", "source", "author", "created_at"]
    list_filter = ["prompt", "source"]
    list_select_related = ["prompt", "author"]
    fields = ["prompt", "number", "sha256", "notes", "source", "author", "created_at", "content"]

    @admin.display(description="Bundle")
    def content(self, version: PromptVersion) -> SafeString:
        texts = [version.bundle["system"], version.bundle["user"]]
        rest = {k: v for k, v in version.bundle.items() if k not in {"system", "user"}}
        return format_html("<pre>{}</pre>", "\n\n".join([*texts, canonical_json(rest)]))


@admin.register(Alias)
class AliasAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "version", "epoch", "updated_at"]
    list_select_related = ["prompt", "version__prompt"]


@admin.register(Deployment)
class DeploymentAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "prompt", "kind", "from_version", "to_version", "actor", "reason"]
    list_filter = ["prompt", "kind"]
    list_select_related = ["prompt", "from_version__prompt", "to_version__prompt", "actor"]


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
        broken = [(violation["code"], violation["message"]) for violation in call.violations]
        items = format_html_join("", "<li><code>{}</code> {}</li>", broken)
        return format_html("<ul>{}</ul>", items) if items else "All passed" if call.output else "–"

    @admin.display(description="Output")
    def answer(self, call: InferenceCall) -> SafeString | str:
        if call.output is None:
            return "–"
        text = json.dumps(call.output, indent=2, ensure_ascii=False)
        return format_html('<pre class="whitespace-pre-wrap">{}</pre>', text)

    @admin.display(description="Tokens")
    def tokens(self, call: InferenceCall) -> str:
        counts = [call.input_tokens, call.output_tokens]
        asked, said = ("–" if count is None else f"{count:,}" for count in counts)
        return f"{asked} in, {said} out"
