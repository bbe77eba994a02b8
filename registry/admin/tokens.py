"""Tokens of the HTTP API: whose they are, when they were used last, and the way to revoke them."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display

from registry.admin.base import ReadOnlyAdmin
from registry.models import ApiToken
from registry.services import tokens
from telemetry.lines import log_move


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Everybody sees and revokes their own; `registry.change_apitoken` opens everybody's."""

    list_display = ["name", "owner", "state", "created_at", "expires_at", "last_used_at"]
    list_select_related = ["owner"]
    fields = ["name", "owner", "created_at", "expires_at", "revoked_at", "last_used_at"]
    actions = ["revoke"]

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        if isinstance(obj, ApiToken):
            return obj.owner == request.user or self.sees_all(request)
        return bool(request.user.is_active and request.user.is_staff)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def sees_all(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("registry.change_apitoken"))

    def get_queryset(self, request: HttpRequest) -> "QuerySet[ApiToken]":
        rows: QuerySet[ApiToken] = super().get_queryset(request)
        return rows if self.sees_all(request) else rows.filter(owner=request.user.pk)

    @display(
        description="State",
        label={"valid": "success", "revoked": "danger", "expired": "warning", "closed": "warning"},
    )
    def state(self, token: ApiToken) -> tuple[str, str]:
        if token.revoked_at:
            return "revoked", "Revoked"
        if token.expires_at <= timezone.now():
            return "expired", "Expired"
        if not token.owner.is_active:
            return "closed", "Its owner’s account is closed"
        return "valid", "Valid"

    @admin.action(description="Revoke", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: "QuerySet[ApiToken]") -> None:
        revoked = [token for token in queryset if tokens.revoke_token(token)]
        for token in revoked:
            self.log_change(request, token, "Revoked")
            log_move("revoke_key", actor=request.user, key=token.pk)
        messages.success(request, f"{len(revoked)} revoked: they open nothing any more.")
