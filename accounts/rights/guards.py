"""Who may touch accounts in the admin: rights are given by superusers alone, and so is work on accounts that have any."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.models import User

RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")
"""What makes an account more than a wearer's."""


def has_rights(account: object) -> bool:
    """Whether it is an operator's, open or closed: groups and single permissions count for nothing without `is_staff`."""
    return isinstance(account, User) and (account.is_staff or account.is_superuser)


class GuardedAccounts:
    """Before Django's `UserAdmin`: others than superusers work on wearers' accounts alone, and give nobody rights.

    Operators change their own password and name on the pages that wearers have.
    """

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed: bool = super().has_change_permission(request, obj)  # type: ignore[misc]
        return allowed and self.may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers alone, one account at a time: `own_data` answers in the place of Django's page."""
        return bool(request.user.is_superuser)

    def may_touch(self, request: HttpRequest, account: Any) -> bool:
        return bool(request.user.is_superuser) or not has_rights(account)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed: list[str] = list(super().get_readonly_fields(request, obj))  # type: ignore[misc]
        return fixed if request.user.is_superuser else [*fixed, *RIGHTS]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponseBase:
        """What was done with an operator's account is for superusers to read."""
        account = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if not self.may_touch(request, account):
            raise PermissionDenied
        response: HttpResponseBase = super().history_view(  # type: ignore[misc]
            request, object_id, extra_context
        )
        return response


class SuperusersOnly:
    """Before a `ModelAdmin`: others than superusers may look, where they have the permission, and change nothing."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)
