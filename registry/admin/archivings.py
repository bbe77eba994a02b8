"""Drafts are put away with a reason, and taken out again at one press."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from registry.admin.authoring import may_write
from registry.admin.base import get_operator
from registry.forms import ArchiveForm
from registry.models import PromptVersion
from registry.models.prompts import IS_ARCHIVED
from registry.services.archivings import (
    NotArchivableError,
    archive_version,
    explain_not_archivable,
    is_archived,
    restore_version,
)


class ArchivedFilter(admin.SimpleListFilter):
    """Without a choice what is not archived."""

    title = "archived"
    parameter_name = "archived"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("yes", "Archived alone"), ("all", "All")]

    def choices(self, changelist: Any) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        return iter([{**first, "display": "Not archived"}, *others])

    def queryset(
        self, request: HttpRequest, queryset: "QuerySet[PromptVersion]"
    ) -> "QuerySet[PromptVersion]":
        if self.value() == "all":
            return queryset
        is_archived = Q(IS_ARCHIVED)
        return queryset.filter(is_archived if self.value() == "yes" else ~is_archived)


def archive_view(request: HttpRequest, pk: int, *, site: AdminSite) -> HttpResponse:
    """What archiving does, and the button that does it."""
    if not may_write(request):
        raise PermissionDenied
    version = find_version(pk)
    form = ArchiveForm(request.POST or None)
    if form.is_valid() and archive(request, version, form):
        return show(version)
    context = {
        **site.each_context(request),
        "title": f"Archive {version}",
        "version": version,
        "is_archived": is_archived(version),
        "fault": explain_not_archivable(version),
        "form": form,
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "registry/archive.html", context, status=status)


def archive(request: HttpRequest, version: PromptVersion, form: ArchiveForm) -> bool:
    """Archive it and say so; else say on the form why not."""
    reason = form.cleaned_data["reason"]
    try:
        has_changed = archive_version(version=version, actor=get_operator(request), reason=reason)
    except NotArchivableError as error:
        form.add_error(None, f"{error}.")
        return False
    number = version.number
    said = f"v{number} is archived." if has_changed else f"v{number} was archived already."
    messages.success(request, said)
    return True


@require_POST
def restore_view(request: HttpRequest, pk: int) -> HttpResponse:
    if not may_write(request):
        raise PermissionDenied
    version = find_version(pk)
    if restore_version(version=version, actor=get_operator(request)):
        messages.success(request, f"v{version.number} is a draft again.")
    else:
        messages.success(request, f"v{version.number} is not archived.")
    return show(version)


def find_version(pk: int) -> PromptVersion:
    return get_object_or_404(PromptVersion.objects.select_related("prompt"), pk=pk)


def show(version: PromptVersion) -> HttpResponse:
    """The prompt's page with this version, where the other act is."""
    page = reverse("admin:registry_prompt_change", args=[version.prompt_id])
    return redirect(f"{page}?version={version.number}")
