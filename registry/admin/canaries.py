"""Canaries: begin one, watch how it stands, stop or promote it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from unfold.decorators import display

from registry.admin.base import ReadOnlyAdmin, find_row, get_operator
from registry.admin.prompts import may_promote
from registry.canary import guards
from registry.canary.service import CanaryRefusedError, promote_canary, start_canary, stop_canary
from registry.evaluation import gate
from registry.evaluation.gate import NotPassedError
from registry.forms import CanaryForm, EndCanaryForm
from registry.models import Canary, PromptVersion
from registry.services import releases
from registry.services.archivings import is_archived

REFUSALS = (CanaryRefusedError, *releases.REFUSALS)


@admin.register(Canary)
class CanaryAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "version", "percent", "stands", "actor", "reason", "ending"]
    list_filter = ["prompt", "state"]
    list_select_related = ["version__prompt", "actor"]

    @display(
        description="State",
        label={
            "running": "info",
            "promoted": "success",
            "reverted": "danger",
            "stopped": "warning",
        },
    )
    def stands(self, canary: Canary) -> tuple[str, str]:
        return canary.state, canary.get_state_display()

    def get_urls(self) -> list[URLPattern]:
        views: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("start/<int:version_pk>/", self.start_view, "start"),
            ("<int:pk>/stop/", self.stop_view, "stop"),
            ("<int:pk>/promote/", self.promote_view, "promote"),
        ]
        named = [
            path(route, self.admin_site.admin_view(view), name=f"registry_canary_{name}")
            for route, view, name in views
        ]
        return [*named, *super().get_urls()]

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return bool(request.user.has_perm("registry.view_prompt"))

    def start_view(self, request: HttpRequest, version_pk: int) -> HttpResponse:
        """What a canary is, what the gate says of the version, and the form that begins it."""
        if not may_promote(request):
            raise PermissionDenied
        versions = PromptVersion.objects.select_related("prompt")
        version = get_object_or_404(versions, pk=version_pk)
        form = CanaryForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and start(request, version, form):
            return redirect("admin:registry_prompt_change", version.prompt_id)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Try {version} on some wearers",
            "opts": self.opts,
            "prompt": version.prompt,
            "version": version,
            "live": version.prompt.production(),
            "is_archived": is_archived(version),
            "running": version.prompt.canaries.running().select_related("version").first(),
            "may_go": gate.has_passed(version) or version.overrides.open().exists(),
            "min_calls": guards.MIN_CALLS,
            "form": form,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "registry/canary_start.html", context, status=status)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.render_canary(request, find_canary(object_id))

    def render_canary(
        self, request: HttpRequest, canary: Canary, form: EndCanaryForm | None = None, act: str = ""
    ) -> HttpResponse:
        """How it stands; a form with errors shows them in the open dialog of its act."""
        context = {
            **self.admin_site.each_context(request),
            "title": str(canary),
            "opts": self.opts,
            "canary": canary,
            "live": canary.prompt.production(),
            "tallies": guards.list_tallies(canary),
            "limit": guards.LIMIT,
            "min_calls": guards.MIN_CALLS,
            "too_few": not canary.can_tell,
            "may_promote": may_promote(request),
            "may_stop": may_stop(request),
            "act": act or request.GET.get("act", ""),
            "form": form,
        }
        status = 422 if form and form.errors else 200
        return TemplateResponse(request, "registry/canary_detail.html", context, status=status)

    def stop_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not may_stop(request):
            raise PermissionDenied
        canary, form = find_canary(pk), read_end(request)
        if form.is_valid():
            end(request, canary, form, stop_canary, "Everybody has the live version again.")
        if form.errors:
            return self.render_canary(request, canary, form, "stop")
        return redirect("admin:registry_canary_change", pk)

    def promote_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not may_promote(request):
            raise PermissionDenied
        canary, form = find_canary(pk), read_end(request)
        if form.is_valid():
            done = f"Version {canary.version.number} is live for everyone."
            options = {name: form.cleaned_data[name] for name in ("expected_epoch", "confirm")}
            end(request, canary, form, promote_canary, done, **options)
        if form.errors:
            return self.render_canary(request, canary, form, "promote")
        return redirect("admin:registry_canary_change", pk)


def find_canary(pk: object) -> Canary:
    canaries = Canary.objects.select_related(
        "prompt", "version__prompt", "live_version", "actor", "ended_by"
    )
    return find_row(canaries, pk)


def read_end(request: HttpRequest) -> EndCanaryForm:
    """What was sent; nothing where somebody looks at the address of a page that said what was missing."""
    return EndCanaryForm(request.POST if request.method == "POST" else None)


def may_stop(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("registry.roll_back_prompt"))


def start(request: HttpRequest, version: PromptVersion, form: CanaryForm) -> bool:
    """Begin it and say so; else say on the form why not."""
    try:
        start_canary(
            version=version,
            share=form.cleaned_data["percent"] / 100,
            actor=get_operator(request),
            reason=form.cleaned_data["reason"],
            expected_epoch=form.cleaned_data["expected_epoch"],
        )
    except NotPassedError as error:
        form.add_error(None, f"It has not passed: {' '.join(error.failures)}")
    except REFUSALS as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, f"Version {version.number} is on trial.")
        return True
    return False


def end(
    request: HttpRequest,
    canary: Canary,
    form: EndCanaryForm,
    act: Callable[..., object],
    done: str,
    **options: object,
) -> None:
    """Stop or promote it and say so; else say on the form why not."""
    reason = form.cleaned_data["reason"]
    try:
        act(canary=canary, actor=get_operator(request), reason=reason, **options)
    except NotPassedError as error:
        form.add_error(None, f"It does not pass any more: {' '.join(error.failures)}")
    except REFUSALS as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, done)
