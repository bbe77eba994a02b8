"""Rules of alerts with what each costs, and the webhooks."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import display

from monitoring.alerts import delivery
from monitoring.alerts.forecast import forecast_false_alarms
from monitoring.alerts.replay import find_span, replay
from monitoring.alerts.sentences import say_cost, say_found, say_rule
from monitoring.forms import EndpointForm, RuleForm
from monitoring.models import AlertRule, WebhookEndpoint
from registry.admin.base import find_row
from telemetry.lines import log_move

SHOWN_FIRINGS = 10


@admin.register(AlertRule)
class AlertRuleAdmin(ModelAdmin):
    """A rule is switched off rather than deleted: its alerts name it."""

    list_display = ["name", "fires_when", "severity", "acts", "is_on"]

    @admin.display(description="Fires when")
    def fires_when(self, rule: AlertRule) -> str:
        return say_rule(rule)

    @admin.display(description="Action")
    def acts(self, rule: AlertRule) -> str:
        return str(rule.get_action_display())

    @display(description="Enabled", boolean=True)
    def is_on(self, rule: AlertRule) -> bool:
        return rule.is_enabled

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self.rule_view(request, AlertRule())

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        rule = find_row(AlertRule, object_id)
        if not self.has_view_permission(request, rule):
            raise PermissionDenied
        if request.method == "POST" and not self.has_change_permission(request, rule):
            raise PermissionDenied
        return self.rule_view(request, rule)

    def rule_view(self, request: HttpRequest, rule: AlertRule) -> HttpResponse:
        """The form with the rule's false alarms; "try" adds when it would have fired, and saves nothing."""
        is_new = rule.pk is None
        may_act = bool(request.user.has_perm("registry.roll_back_prompt"))
        form = RuleForm(request.POST or None, instance=rule, may_act=may_act)
        is_valid = request.method == "POST" and form.is_valid()
        if is_valid and "try" not in request.POST:
            return self.save_rule(request, form, is_new)
        firings = replay(form.instance) if is_valid else None
        context = {
            **self.admin_site.each_context(request),
            "title": "Write a rule" if is_new else rule.name,
            "opts": self.opts,
            "form": form,
            "cost": say_cost(form.instance, forecast_false_alarms(form.instance))
            if is_valid or not (is_new or form.errors)
            else "",
            "is_tried": is_valid,
            "tried_days": find_span(form.instance).days if is_valid else 0,
            "firings": firings
            and [(one, say_found(form.instance, one.found)) for one in firings[-SHOWN_FIRINGS:]],
            "fired": len(firings) if firings is not None else None,
            "may_save": self.has_add_permission(request)
            if is_new
            else self.has_change_permission(request, rule),
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "monitoring/alert_rule.html", context, status=status)

    def save_rule(self, request: HttpRequest, form: RuleForm, is_new: bool) -> HttpResponse:
        rule = form.save()
        log = self.log_addition if is_new else self.log_change
        log(request, rule, form.changed_data)
        log_move("save_rule", actor=request.user, rule=rule.pk, changed=form.changed_data)
        cost = say_cost(rule, forecast_false_alarms(rule, timezone.now()))
        messages.success(request, f"“{rule}” holds from now on. {cost}")
        return redirect("admin:monitoring_alert_changelist")


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ModelAdmin):
    form = EndpointForm
    list_display = ["url", "is_enabled", "created_at"]
    fields = ["url", "is_enabled"]

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        """A secret stays with the address that it was made for."""
        return ["url"] if obj else []

    def save_model(
        self, request: HttpRequest, obj: WebhookEndpoint, form: Any, change: bool
    ) -> None:
        if not change:
            obj.secret = delivery.make_secret()
            messages.warning(
                request, f"Its secret, shown now and never again: {obj.secret} (docs/alerts.md)"
            )
        super().save_model(request, obj, form, change)
        log_move("save_webhook", actor=request.user, webhook=obj.pk, enabled=obj.is_enabled)

    def delete_model(self, request: HttpRequest, obj: WebhookEndpoint) -> None:
        log_move("delete_webhook", actor=request.user, webhook=obj.pk)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        """Chosen in the list: a line of the log for each, as for one."""
        for endpoint in queryset:
            self.delete_model(request, endpoint)
