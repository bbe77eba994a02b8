from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts.models import User
from accounts.rights.guards import GuardedAccounts, SuperusersOnly
from accounts.signin.notices import tell_change

admin.site.unregister(Group)
# What somebody signs in with is not read or changed here: an operator's would open the way to their rights.
admin.site.unregister([Authenticator, EmailAddress])
# Operators sign in where everybody does, with their second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


def change_password(request: HttpRequest, extra_context: Any = None) -> Any:
    """Operators change theirs where everybody does: tries are counted there, and its owner is told by mail."""
    return redirect("password_change")


admin.site.password_change = change_password  # type: ignore[method-assign]


@admin.register(Group)
class GroupAdmin(SuperusersOnly, BaseGroupAdmin, ModelAdmin):
    pass


@admin.register(User)
class UserAdmin(GuardedAccounts, BaseUserAdmin, ModelAdmin):  # type: ignore[type-arg, misc]
    """Signs in by email: Django's own admin, less the username."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    ordering = ["email"]
    list_display = ["email", "first_name", "is_staff", "is_active", "garment_count", "last_login"]
    list_filter = ["is_staff", "is_active"]
    search_fields = ["email", "first_name", "last_name"]
    fieldsets = [
        (None, {"fields": ["email", "password", "first_name", "last_name"]}),
        (
            "May do",
            {"fields": ["is_active", "is_staff", "is_superuser", "groups"]},
        ),
        ("When", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": ["email", "first_name", "usable_password", "password1", "password2"],
            },
        )
    ]
    actions = ["take_away_second_factor"]
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal = []
    autocomplete_fields = ["groups"]

    def has_superuser_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    @admin.action(description="Take away their second factor", permissions=["superuser"])
    def take_away_second_factor(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """For who has lost it, and the recovery codes. Their password opens the account until they set one up."""
        for user in users:
            if Authenticator.objects.filter(user=user).delete()[0]:
                self.log_change(request, user, "Took their second factor away")
                tell_change(user, _("An operator took your second factor away. Set up a new one."))
                self.message_user(request, f"{user} signs in by password until they set one up.")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without deleting many at once, which would leave files and words behind."""
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        users: QuerySet[User] = super().get_queryset(request)
        return users.annotate(garment_total=Count("garments"))

    @display(description="Garments", ordering="garment_total")
    def garment_count(self, user: User) -> int:
        return user.garment_total  # type: ignore[attr-defined,no-any-return]
