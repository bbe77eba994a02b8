"""Which version answers, what changed, and who moved it."""

import time
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from registry import services
from registry.admin.base import ReadOnlyAdmin
from registry.admin.evaluations import find_latest
from registry.diffs import compare_bundles
from registry.forms import RollbackForm
from registry.models import Alias, Deployment, Prompt, PromptVersion
from registry.prompts import canonical_json

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

SHOWN_MOVES = 100


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
            "latest": find_latest(prompt),
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
