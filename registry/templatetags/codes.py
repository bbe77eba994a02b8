"""Codes of violations and errors, and chances, in words."""

from collections.abc import Iterable

from django import template

from registry.evaluation.statistics import say_p
from registry.tasks import name_code

register = template.Library()
register.filter("code_name", name_code)
register.filter("say_p", say_p)


@register.filter
def code_names(codes: Iterable[str], task: str = "") -> str:
    """Of several codes, with commas."""
    return ", ".join(name_code(code, task) for code in codes)
