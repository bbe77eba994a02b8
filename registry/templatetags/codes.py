"""Codes of violations and errors in words."""

from django import template

from registry.tasks import name_code

register = template.Library()
register.filter("code_name", name_code)
