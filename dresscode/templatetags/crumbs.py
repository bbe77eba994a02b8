"""What of a breadcrumb leads somewhere."""

from typing import Any

from django import template
from django.contrib import admin
from django.urls import Resolver404, resolve

register = template.Library()


@register.simple_tag(takes_context=True)
def may_open(context: dict[str, Any], address: object) -> bool:
    """Whether whoever looks may open a page of the admin: the list of an app, or what an admin of a model has.

    Only what is no such page of the admin is open to everybody who came this far.
    """
    request = context["request"]
    try:
        match = resolve(str(address or ""))
    except Resolver404:
        return False
    if match.url_name == "app_list":
        return bool(admin.site.get_app_list(request, match.kwargs["app_label"]))
    owner = getattr(match.func, "model_admin", None)
    return owner is None or bool(owner.has_view_or_change_permission(request))
