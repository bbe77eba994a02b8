"""What a version of a prompt must reach: every change of it, and the page that makes one."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from registry.admin.base import ReadOnlyAdmin, get_operator
from registry.admin.datasets import count_slices
from registry.evaluation.thresholds import Thresholds, find_set, find_thresholds, read_row
from registry.forms import ThresholdsForm, write_thresholds
from registry.models import DatasetVersion, GateThresholds, Prompt
from registry.services.overrides import set_thresholds

SHOWN_CHANGES = 20


@admin.register(GateThresholds)
class GateThresholdsAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "prompt", "told", "actor", "reason"]
    list_filter = ["prompt"]
    list_select_related = ["prompt", "actor"]

    @admin.display(description="Thresholds")
    def told(self, row: GateThresholds) -> str:
        return tell_thresholds(read_row(row))

    def get_urls(self) -> list[URLPattern]:
        change = path(
            "set/<int:prompt_pk>/",
            self.admin_site.admin_view(self.set_view),
            name="registry_gatethresholds_set",
        )
        return [change, *super().get_urls()]

    def set_view(self, request: HttpRequest, prompt_pk: int) -> HttpResponse:
        """Superusers alone: whoever lowers a threshold lets versions pass that did not."""
        if not may_set(request):
            raise PermissionDenied
        prompt = get_object_or_404(Prompt, pk=prompt_pk)
        current = list_current(prompt)
        shown = find_shown(prompt, current)
        slices = {name for version in current for name in count_slices(version)}
        form = ThresholdsForm(request.POST or None, slices=slices, initial=write_thresholds(shown))
        if request.method == "POST" and form.is_valid():
            set_thresholds(
                prompt=prompt,
                thresholds=form.read_thresholds(),
                actor=get_operator(request),
                reason=form.cleaned_data["reason"],
            )
            messages.success(
                request, "The new thresholds hold from now on. What is live stays live."
            )
            return redirect("admin:registry_prompt_change", prompt.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Thresholds: {prompt}",
            "opts": self.opts,
            "prompt": prompt,
            "form": form,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "registry/thresholds_set.html", context, status=status)


def may_set(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)


def list_current(prompt: Prompt) -> list[DatasetVersion]:
    datasets = prompt.datasets.exclude(current=None).select_related("current__dataset")
    return [dataset.current for dataset in datasets if dataset.current]


def find_shown(prompt: Prompt, current: list[DatasetVersion]) -> Thresholds:
    """Those that hold now: of the prompt, else of its first dataset, else the defaults."""
    if row := find_set(prompt.pk):
        return read_row(row)
    return find_thresholds(current[0]) if current else Thresholds()


def describe_thresholds(request: HttpRequest, prompt: Prompt) -> dict[str, Any]:
    """For the page of a prompt: what holds now, and who changed it."""
    rows = prompt.thresholds.select_related("actor")[:SHOWN_CHANGES]
    return {
        "now": tell_thresholds(find_shown(prompt, list_current(prompt))),
        "changes": [(row, tell_thresholds(read_row(row))) for row in rows],
        "may_set": may_set(request),
    }


def tell_thresholds(thresholds: Thresholds) -> str:
    """In a sentence, such as: 95 % of all fields, 85 % in each slice (93 % in rain), 100 % well-formed."""
    own = ", ".join(
        f"{100 * floor:g} % in {name}" for name, floor in thresholds.slice_floors.items()
    )
    return (
        f"{100 * thresholds.accuracy:g} % of all fields, {100 * thresholds.slice_floor:g} % in each slice"
        + (f" ({own})" if own else "")
        + f", {100 * thresholds.validity:g} % well-formed"
    )
