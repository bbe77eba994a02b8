"""The calls that were made, and the page of one."""

from collections.abc import Callable
from functools import partial
from itertools import chain, islice
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from registry.admin import replays
from registry.admin.base import ReadOnlyAdmin
from registry.admin.tables import send_columns
from registry.calls.finding import (
    COUNTED,
    TIME_LIMIT_MS,
    TooLongError,
    count_calls,
    find_calls,
    read_all,
    read_digits,
    read_page,
    time_limit,
)
from registry.calls.forms import PAGE_FIELDS, CallFilterForm
from registry.calls.offers import find_offer
from registry.calls.traces import fill, find_trace
from registry.models import InferenceCall
from registry.tasks import name_code
from registry.templatetags.codes import code_names

EXPORTED = 50_000
"""So many calls a file has at most."""

COLUMNS: dict[str, Callable[[InferenceCall], object]] = {
    "Call": str,
    "Of": lambda call: call.subject,
    "Trace": lambda call: call.trace_id,
    "Began": lambda call: call.started_at,
    "Ended": lambda call: call.finished_at,
    "Version": lambda call: call.version,
    "Engine": lambda call: call.engine,
    "Outcome": lambda call: call.get_outcome_display() or "Running",
    "Error": lambda call: name_code(call.error_code, call.task) if call.error_code else "",
    "First word, ms": lambda call: call.ttft_ms,
    "Whole answer, ms": lambda call: call.latency_ms,
    "Shown": lambda call: code_names(call.faults_shown, call.task),
    "Withheld": lambda call: code_names(call.faults_withheld, call.task),
}


@admin.register(InferenceCall)
class InferenceCallAdmin(ReadOnlyAdmin):
    def get_urls(self) -> list[URLPattern]:
        replay = path(
            "<uuid:pk>/replay/",
            self.admin_site.admin_view(partial(replays.replay_view, site=self.admin_site)),
            name="registry_inferencecall_replay",
        )
        export = path(
            "export/",
            self.admin_site.admin_view(self.export_view),
            name="registry_inferencecall_export",
        )
        return [replay, export, *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """What the list finds as CSV, the newest first, up to `EXPORTED`; filters that make no sense lead to the list."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = CallFilterForm(request.GET)
        if not form.is_valid():
            return show_list(request)
        filters = {k: v for k, v in form.cleaned_data.items() if k not in PAGE_FIELDS}
        calls = read_all(find_calls(**filters))
        try:
            first = list(islice(calls, 1))
        except TooLongError:
            return show_list(request)
        found = chain(first, islice(calls, EXPORTED - 1))
        return send_columns(request, InferenceCall, COLUMNS, found)

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
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        call = self.get_object(request, object_id)
        if call is None:
            gone: HttpResponse = self._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return gone
        if not self.has_view_permission(request, call):
            raise PermissionDenied
        may_collect = request.user.has_perm("registry.add_collectedexample")
        context = {
            **self.admin_site.each_context(request),
            "title": str(call),
            "opts": self.opts,
            **replays.describe_request(request, call),
            "offer": find_offer(call) if may_collect else None,
            "trace_url": fill(settings.TRACE_URL, call.trace_id.hex),
        }
        return TemplateResponse(request, "registry/call_detail.html", context)


def list_calls(form: CallFilterForm) -> dict[str, Any]:
    """A page of what was asked for, how many there are, and what else a trace's digits find; nothing where that makes no
    sense."""
    if not form.is_valid():
        return {}
    filters = dict(form.cleaned_data)
    pages = {name: filters.pop(name) for name in PAGE_FIELDS}
    calls = find_calls(**filters)
    count = count_calls(calls)
    counted = f"{count:,}" if count <= COUNTED else f"{COUNTED:,}+"
    page = read_page(calls, **pages)
    digits = read_digits(form.data.get("q", ""))
    trace = find_trace(digits, page.calls) if digits else None
    return {"page": page, "count": count, "counted": counted, "trace": trace}


def show_list(request: HttpRequest) -> HttpResponse:
    """The page that says what is wrong with these filters."""
    return redirect(reverse("admin:registry_inferencecall_changelist", query=request.GET))


def keep_filters(request: HttpRequest) -> str:
    """The query string of this list, for links to its other pages."""
    query = request.GET.copy()
    for name in PAGE_FIELDS:
        query.pop(name, None)
    return query.urlencode()
