from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SELECTED = SafeString(" selected")


class LongSelect(forms.Select):
    """A select of many options, such as currencies and time zones, written in one go: Django fills a template for each.
    What comes out is the same.
    """

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        (chosen,) = self.format_value(value) or [""]
        own = flatatt(self.build_attrs(self.attrs, attrs))
        parts = (
            format_html('<optgroup label="{}">{}</optgroup>', key, write_options(label, chosen))
            if isinstance(label, list | tuple)
            else write_options([(key, label)], chosen)
            for key, label in self.choices
        )
        options = format_html_join("", "{}", zip(parts))
        return format_html('<select name="{}"{}>{}</select>', name, own, options)


def write_options(options: Iterable[Any], chosen: str) -> SafeString:
    """`options` are pairs of a value, None for an empty one, and what it is called."""
    texts = (("" if value is None else str(value), label) for value, label in options)
    rows = ((value, SELECTED if value == chosen else "", label) for value, label in texts)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)
