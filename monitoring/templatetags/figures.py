"""Figures as the tables of the monitoring pages show them, in hundreds of rows: whole rows, which a template would make in
ten times the time."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from monitoring.faults import Bar, FaultRow
from monitoring.plots import Row
from monitoring.times.words import say_count, say_ms, say_stamp
from registry.evaluation.statistics import Proportion

register = template.Library()
register.filter("ms", say_ms)
register.filter("count", say_count)
register.filter("stamp", say_stamp)


@register.simple_tag(takes_context=True)
def linked_count(context: dict[str, Any], count: int, address: str) -> str:
    """A count that leads to its calls, for those who may see them."""
    if count and address and context.get("may_see_calls"):
        return link(count, address)
    return say_count(count)


@register.simple_tag
def linked_share(text: str, part: Proportion, address: str, may_see: bool) -> str:
    """A share that leads to its hits, for those who may see them."""
    if part.hits and address and may_see:
        return format_html('<a href="{}">{}</a>', address, text)
    return text


def link(count: int, address: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, say_count(count))


TIMES = (
    '<tr><th scope="row">{}</th>{}<td class="o-r" data-l="Answers"><span>{}</span></td>'
    '<td class="o-r" data-l="p50"><span>{}</span></td><td class="o-r" data-l="p95"><span>{}</span></td>'
    '<td class="o-r" data-l="p99"><span>{}</span></td><td class="o-r" data-l="First word"><span>{}</span></td></tr>'
)
VERSION = '<td data-l="Version"><span>v{}</span></td>'
FAULTS = (
    '<tr><th scope="row">{}</th><td class="o-r" data-l="Calls"><span>{}</span></td>'
    '<td class="o-r" data-l="Shown with a fault"><span>{}</span></td>'
    '<td class="o-r" data-l="Withheld"><span>{}</span></td></tr>'
)

BAR = (
    '<rect class="o-bar--shown" x="{}%" width="{}%" y="{}" height="{}"/>'
    '<rect class="o-bar--held" x="{}%" width="{}%" y="{}" height="{}"/>'
)


@register.simple_tag
def fault_bar(bar: Bar) -> SafeString:
    """A step of the chart of faults."""
    return format_html(
        BAR,
        *(bar.x, bar.width, bar.shown_y, bar.shown_height),
        *(bar.x, bar.width, bar.withheld_y, bar.withheld_height),
    )


@register.simple_tag
def time_row(row: Row) -> SafeString:
    """A step of the table behind the chart of latency."""
    return format_html(
        TIMES,
        say_stamp(row.at),
        format_html(VERSION, row.version.number) if row.version else "",
        link(row.calls, row.calls_url),
        say_ms(row.p50_ms),
        say_ms(row.p95_ms),
        say_ms(row.p99_ms),
        say_ms(row.first_word_p95_ms),
    )


@register.simple_tag(takes_context=True)
def fault_row(context: dict[str, Any], row: FaultRow) -> SafeString:
    """A step of the table behind the chart of faults."""
    return format_html(
        FAULTS,
        say_stamp(row.at),
        linked_count(context, row.calls, row.calls_link),
        linked_count(context, row.shown, row.shown_link),
        linked_count(context, row.withheld, row.withheld_link),
    )
