"""Codes of violations and errors in words."""

from collections.abc import Iterable

from django import template

from registry.tasks import name_code

register = template.Library()
register.filter("code_name", name_code)


@register.filter
def code_names(codes: Iterable[str], task: str = "") -> str:
    """Of several codes, with commas."""
    return ", ".join(name_code(code, task) for code in codes)
