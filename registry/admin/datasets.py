"""Golden datasets: their versions, and every example with its picture and what is right."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from registry.admin.base import ReadOnlyAdmin, find_row, get_operator, keep_query, send_webp
from registry.evaluation import datasets, runner
from registry.evaluation.datasets import AsksLessError
from registry.models import CollectedExample, Dataset, DatasetVersion, Example
from registry.services import examples
from registry.services.examples import NothingToPublishError, PublishedAlreadyError
from registry.tasks import get_task

PAGE_SIZE = 48
SHOWN_RUNS = SHOWN_CHANGES = 10

THUMBNAIL_PX = 480
"""Of the longer side: twelve rem, sharp on a screen with two pixels to one."""


@admin.register(Dataset)
class DatasetAdmin(ReadOnlyAdmin):
    list_display = ["name", "prompt", "current_version", "example_count"]
    list_filter = ["prompt"]
    list_select_related = ["prompt", "current"]

    @admin.display(description="Current version")
    def current_version(self, dataset: Dataset) -> str:
        current = dataset.current
        return f"{current.number} ({current.sha256[:7]})" if current else "none"

    @admin.display(description="Examples")
    def example_count(self, dataset: Dataset) -> int:
        return dataset.current.examples.count() if dataset.current else 0

    def get_urls(self) -> list[URLPattern]:
        views = [
            ("example/<int:pk>/picture/", self.picture_view, "registry_example_picture"),
            ("collected/<int:pk>/picture/", self.draft_picture_view, "registry_collected_picture"),
            ("collected/<int:pk>/remove/", self.remove_view, "registry_collected_remove"),
            ("<int:pk>/publish/", self.publish_view, "registry_dataset_publish"),
        ]
        named = [
            path(route, self.admin_site.admin_view(view), name=name) for route, view, name in views
        ]
        return [*named, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One dataset: `?version=` picks a version, `?slice=` some of its examples."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        dataset = find_row(Dataset.objects.select_related("prompt"), object_id)
        versions = list(dataset.versions.select_related("author"))
        shown = pick_shown(request, versions) or dataset.current
        slices = count_slices(shown) if shown else {}
        chosen = request.GET.get("slice", "")
        chosen = chosen if chosen in slices else ""
        examples = list_examples(request, shown, chosen) if shown else None
        context = {
            **self.admin_site.each_context(request),
            **describe_draft(request, dataset),
            "title": str(dataset),
            "opts": self.opts,
            "dataset": dataset,
            "versions": versions,
            "changes": dataset.changes.select_related("from_version", "to_version", "actor")[
                :SHOWN_CHANGES
            ],
            "shown": shown,
            "slices": slices,
            "chosen": chosen,
            "examples": examples,
            "rows": [(one, tell_expected(dataset, one.expected)) for one in examples or []],
            "withdrawn": {example.key for example in dataset.collected.withdrawn()},
            "runs": shown.evaluations.select_related("version")[:SHOWN_RUNS] if shown else [],
            "query": keep_query(request),
        }
        return TemplateResponse(request, "registry/dataset_detail.html", context)

    def picture_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """For staff alone: an operator's golden photos may be of people. `?small` is for lists."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        example = get_object_or_404(Example.objects.select_related("dataset_version"), pk=pk)
        withdrawn = CollectedExample.objects.withdrawn().filter(
            dataset=example.dataset_version.dataset_id, key=example.key
        )
        if withdrawn.exists():
            raise Http404
        return send_picture(request, example)

    def draft_picture_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return send_picture(request, get_object_or_404(CollectedExample.objects.usable(), pk=pk))

    @method_decorator(require_POST)
    def remove_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take an example out of the draft."""
        if not request.user.has_perm("registry.delete_collectedexample"):
            raise PermissionDenied
        example = get_object_or_404(CollectedExample, pk=pk)
        try:
            examples.remove_example(example=example, actor=get_operator(request))
        except PublishedAlreadyError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"{example.key} is out of the draft.")
        return redirect("admin:registry_dataset_change", example.dataset_id)

    @method_decorator(require_POST)
    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the gate asks from now on, once an operator has confirmed it."""
        if not may_publish(request):
            raise PermissionDenied
        dataset = get_object_or_404(Dataset, pk=pk)
        if "confirm" not in request.POST:
            messages.error(request, "Nothing was published: say that you mean it.")
            return redirect("admin:registry_dataset_change", pk)
        try:
            version = examples.publish_examples(dataset=dataset, author=get_operator(request))
        except NothingToPublishError as error:
            messages.error(request, str(error))
        except AsksLessError:
            messages.error(request, "It would have fewer examples: that takes a superuser.")
        else:
            messages.success(request, f"Version {version.number} is what the gate asks now.")
        return redirect("admin:registry_dataset_change", pk)


def may_publish(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("registry.publish_collectedexample"))


def describe_draft(request: HttpRequest, dataset: Dataset) -> dict[str, Any]:
    """The next version as it would be published now."""
    drafts = dataset.collected.drafts().usable().select_related("author", "call")
    asked = dataset.current.examples.values("key") if dataset.current else []
    return {
        "drafts": [(draft, tell_expected(dataset, draft.expected)) for draft in drafts],
        "left_out": dataset.collected.withdrawn().filter(key__in=asked),
        "may_publish": may_publish(request),
        "may_remove": request.user.has_perm("registry.delete_collectedexample"),
        "may_see_calls": request.user.has_perm("registry.view_inferencecall"),
    }


def send_picture(request: HttpRequest, example: Example | CollectedExample) -> HttpResponse:
    """Raises Http404 for an example without a picture."""
    if not example.file:
        raise Http404
    try:
        picture = runner.read_file(example)
    except FileNotFoundError as error:
        raise Http404 from error
    if "small" in request.GET:
        picture = datasets.shrink_picture(picture, THUMBNAIL_PX)
    return send_webp(picture, cache_control="private, max-age=3600")


def pick_shown(request: HttpRequest, versions: list[DatasetVersion]) -> DatasetVersion | None:
    """The version whose number the query string has."""
    number = request.GET.get("version", "")
    return next((version for version in versions if str(version.number) == number), None)


def count_slices(version: DatasetVersion) -> dict[str, int]:
    counts: dict[str, int] = {}
    for slices in version.examples.values_list("slices", flat=True):
        for name in slices:
            counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items()))


def list_examples(
    request: HttpRequest, version: DatasetVersion, slice_name: str
) -> "Page[Example]":
    """One page of examples, of one slice or of all."""
    examples = version.examples.all()
    if slice_name:
        examples = examples.filter(slices__contains=[slice_name])
    return Paginator(examples, PAGE_SIZE).get_page(request.GET.get("page"))


def tell_expected(dataset: Dataset, expected: dict[str, Any]) -> Sequence[str]:
    """A golden label as lines: as its task tells it, else one a thing where it lists things, else one for all fields."""
    try:
        if told := get_task(dataset.prompt.name).tell_expected(expected):
            return told
    except LookupError:  # A prompt whose task went with another release.
        pass
    things = next((v for v in expected.values() if is_list_of_things(v)), None)
    return [tell_thing(thing) for thing in things] if things else [tell_thing(expected)]


def is_list_of_things(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def tell_thing(thing: dict[str, Any]) -> str:
    told = {tell_word(name): tell_value(value) for name, value in thing.items()}
    return "; ".join(f"{name}: {value}" for name, value in told.items() if value)


def tell_value(value: Any) -> str:
    """Empty where there is nothing to tell."""
    if isinstance(value, list):
        return ", ".join(map(tell_value, value))
    if isinstance(value, dict):
        told = tell_thing(value)
        return f"({told})" if told else ""
    return tell_word(value) if isinstance(value, str) else str(value if value is not None else "")


def tell_word(word: str) -> str:
    return word.replace("_", " ")
