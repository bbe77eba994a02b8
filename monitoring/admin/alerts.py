"""The pages of alerts: what is open and was, and one alert with all that became of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from monitoring.admin.life import build_life, choose_bad
from monitoring.alerts import actions, handling
from monitoring.alerts.counting import window_of
from monitoring.alerts.forecast import (
    PERIOD,
    forecast_false_alarms,
    list_unfit,
    read_traffic,
)
from monitoring.alerts.measures import MEASURES
from monitoring.alerts.sentences import (
    UNCOUNTED,
    find_beginning,
    say_alert,
    say_alerts,
    say_began,
    say_cost,
    say_counts,
    say_figures,
    say_rate,
    say_rule,
)
from monitoring.forms import SilenceForm
from monitoring.links import VIEW_CALLS, link_list
from monitoring.models import Alert, AlertRule
from registry.admin.base import ReadOnlyAdmin, find_row, get_operator
from registry.admin.tables import READ_ROWS, send_columns
from registry.calls.finding import Who
from registry.calls.links import link_to_calls
from registry.models import InferenceCall
from registry.tasks import all_tasks

Measure = AlertRule.Measure
SHOWN_CLOSED = 20


COLUMNS: dict[str, Callable[[Alert], object]] = {
    "Alert": str,
    "Rule": lambda alert: alert.rule,
    "Series": lambda alert: alert.series,
    "State": lambda alert: alert.get_state_display(),
    "Evidence": say_figures,
    "Since": lambda alert: alert.created_at,
    "Began": say_began,
    "Opened": lambda alert: alert.opened_at,
    "Closed": lambda alert: alert.closed_at,
    "What it did": lambda alert: alert.action_note or alert.get_action_state_display(),
}
"""Of a file of alerts: what the page says of each."""


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    def get_urls(self) -> list[URLPattern]:
        views: dict[str, Callable[..., HttpResponse]] = {
            "acknowledge": self.acknowledge_view,
            "silence": self.silence_view,
            "end-silence": self.end_silence_view,
            "archive": self.archive_view,
            "restore": self.restore_view,
            "stop-action": self.stop_action_view,
        }
        named = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view),
                name=f"monitoring_alert_{name.replace('-', '_')}",
            )
            for name, view in views.items()
        ]
        export = path(
            "export/", self.admin_site.admin_view(self.export_view), name="monitoring_alert_export"
        )
        return [*named, export, *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Alerts that are open or were, as CSV, the newest first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        alerts = Alert.objects.select_related(
            "rule", "version__prompt", "began_after__to_version", "began_with__version"
        )
        found = alerts.filter(Q(opened_at__isnull=False) | Q(closed_at__isnull=True))
        rows = found.order_by("-created_at", "-pk").iterator(chunk_size=READ_ROWS)
        return send_columns(request, Alert, COLUMNS, rows)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        alerts = Alert.objects.select_related(
            "rule", "version", "began_after__to_version", "began_with__version"
        )
        current = [describe(alert, now) for alert in alerts.current()]
        rules = describe_rules(now)
        context = {
            **self.admin_site.each_context(request),
            "title": "Alerts",
            "opts": self.opts,
            "sentence": say_alerts([row["alert"] for row in current]),
            "current": current,
            "closed": [
                describe(alert, now)
                for alert in alerts.opened().filter(closed_at__isnull=False)[:SHOWN_CLOSED]
            ],
            "rules": rules,
            "enabled": sum(row["rule"].is_enabled for row in rules),
            "cost": say_rate(sum(row["rate"] or 0 for row in rules if row["rule"].is_enabled)),
            "may_write": request.user.has_perm("monitoring.add_alertrule"),
        }
        return TemplateResponse(request, "monitoring/alerts.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.render_alert(request, find_alert(object_id))

    def render_alert(
        self, request: HttpRequest, alert: Alert, form: SilenceForm | None = None
    ) -> HttpResponse:
        now = timezone.now()
        calls = InferenceCall.objects.filter(pk__in=alert.figures.get("calls", []))
        steps = list(alert.transitions.select_related("actor"))
        context = {
            **self.admin_site.each_context(request),
            **describe(alert, now),
            "title": str(alert),
            "opts": self.opts,
            "figures": say_figures(alert),
            "cost": say_cost(alert.rule, forecast_false_alarms(alert.rule, now)),
            "steps": [(step, say_counts(alert.rule, step.figures)) for step in steps],
            "life": build_life(alert, steps, now),
            "may_see_calls": request.user.has_perm(VIEW_CALLS),
            "messages_sent": alert.notifications.all(),
            "calls": calls.order_by("-started_at"),
            "behind": link_behind(alert, now),
            "roll_back_url": link_roll_back(request, alert),
            "may_handle": may_handle(request),
            "may_stop": alert.action_state == Alert.ActionState.WAITING and may_stop(request),
            "form": form or SilenceForm(),
        }
        status = 422 if form and form.errors else 200
        return TemplateResponse(request, "monitoring/alert.html", context, status=status)

    @method_decorator(require_POST)
    def acknowledge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        said = "You look after it now."
        was_done = "Somebody looks after it already."
        return self.handle(request, pk, handling.acknowledge, said, was_done)

    def silence_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not may_handle(request):
            raise PermissionDenied
        if request.method != "POST":  # The address of a page that said what was missing.
            return redirect("admin:monitoring_alert_change", find_alert(pk).pk)
        alert, form = find_alert(pk), SilenceForm(request.POST)
        if not form.is_valid():
            return self.render_alert(request, alert, form)
        try:
            handling.silence(alert=alert, actor=get_operator(request), **form.cleaned_data)
        except handling.ClosedError as error:
            messages.error(request, f"{error}.")
        else:
            messages.success(request, "Nobody is told of it until then. It goes on counting.")
        return redirect("admin:monitoring_alert_change", pk)

    @method_decorator(require_POST)
    def end_silence_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        said = "It is told of again."
        return self.handle(request, pk, handling.end_silence, said, "It is not silent.")

    @method_decorator(require_POST)
    def archive_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        said = "Nobody is told of it until it is worse."
        return self.handle(request, pk, handling.archive, said, "It is archived already.")

    @method_decorator(require_POST)
    def restore_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        said = "It counts again as it did before."
        return self.handle(request, pk, handling.restore, said, "It is not archived.")

    def handle(
        self, request: HttpRequest, pk: int, deed: Callable[..., bool], done: str, was_done: str
    ) -> HttpResponse:
        """One press of a button: `deed` says whether it changed anything."""
        if not may_handle(request):
            raise PermissionDenied
        try:
            has_changed = deed(alert=find_alert(pk), actor=get_operator(request))
        except handling.ClosedError as error:
            messages.error(request, f"{error}.")
        else:
            messages.success(request, done if has_changed else was_done)
        return redirect("admin:monitoring_alert_change", pk)

    @method_decorator(require_POST)
    def stop_action_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not may_stop(request):
            raise PermissionDenied
        if actions.stop(alert=find_alert(pk), actor=get_operator(request)):
            messages.success(request, "Stopped: the rule does nothing about this alert.")
        else:
            messages.error(request, "Too late: see what happened.")
        return redirect("admin:monitoring_alert_change", pk)


def find_alert(pk: object) -> Alert:
    alerts = Alert.objects.select_related(
        "rule",
        "version__prompt",
        "began_after__to_version",
        "began_with__version",
        "action_deployment__to_version",
        "acknowledged_by",
    )
    return find_row(alerts, pk)


def may_handle(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("monitoring.change_alert"))


def may_stop(request: HttpRequest) -> bool:
    """Whoever may roll back may keep a rule from it."""
    return may_handle(request) or bool(request.user.has_perm("registry.roll_back_prompt"))


def describe(alert: Alert, now: datetime) -> dict[str, Any]:
    """One alert for both pages."""
    return {
        "alert": alert,
        "sentence": say_alert(alert),
        "evidence": say_figures(alert),
        "began": say_began(alert),
        "beginning": find_beginning(alert),
        "counts": say_counts(alert.rule, alert.figures),
        "uncounted": UNCOUNTED,
        "is_silenced": alert.is_silenced(now),
    }


def describe_rules(now: datetime) -> list[dict[str, Any]]:
    """Each with its false alarms a year, and how often it fired in the last 28 days."""
    fired = Count("alerts", filter=Q(alerts__opened_at__gte=now - PERIOD))
    rows, traffic = [], read_traffic(all_tasks(), now)
    for rule in AlertRule.objects.annotate(fired=fired).order_by("name"):
        rate = forecast_false_alarms(rule, now, traffic)
        words = "none by chance" if rate is None else say_rate(rate)
        if rule.is_enabled and (unfit := list_unfit(rule, now, traffic)):
            words += f"; tells nothing of {' and '.join(unfit)}"
        rows.append({"rule": rule, "says": say_rule(rule), "rate": rate, "words": words})
    return rows


def link_behind(alert: Alert, now: datetime) -> tuple[str, str]:
    """Address and words of what stands behind it: the report, the photos that wait, or the calls of its series."""
    measure = alert.rule.measure
    if measure in {Measure.DRIFT, Measure.NEW_VALUE}:
        return reverse("monitoring:drift"), "The newest report on drift"
    if measure == Measure.QUEUE:
        return link_list("wardrobe_photo", status__in="received,processing"), "Photos that wait"
    if measure == Measure.PROBE:
        since, _ = window_of(alert.rule, alert.created_at)
        until = alert.closed_at or now
        return link_to_calls(who=Who.PROBE, since=since, until=until), "Its probes in this time"
    return link_calls(alert, now), "All calls of the series in this time"


def link_calls(alert: Alert, now: datetime) -> str:
    """The list of calls of its series, from the window before it began until it was over."""
    since, _ = window_of(alert.rule, alert.created_at)
    return link_to_calls(
        task=alert.task,
        version=alert.version_id,
        since=since,
        until=alert.closed_at or now,
        **choose_bad(alert.rule, alert.task),
    )


def link_roll_back(request: HttpRequest, alert: Alert) -> tuple[str, str] | None:
    """The page that asks and rolls back, and the button's words: for those who may, while the version is live."""
    if alert.version is None or not MEASURES[alert.rule.measure].by_version:
        return None
    prompt = alert.version.prompt
    live = prompt.production()
    if live is None or live.version_id != alert.version_id:
        return None
    if not request.user.has_perm("registry.roll_back_prompt"):
        return None
    target = actions.find_target(prompt)
    if target is None:
        return None
    page = reverse("admin:registry_prompt_change", args=[prompt.pk])
    return f"{page}?to={target.number}", f"Roll back to v{target.number}"
