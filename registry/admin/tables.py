"""Rows of the admin's lists as CSV, streamed, and no cell of which a spreadsheet runs."""

import csv
import html
import io
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any, ClassVar

from asgiref.sync import sync_to_async
from django.contrib.admin.utils import label_for_field, lookup_field
from django.db.models import Model, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from accounts.text.cells import guard
from telemetry.lines import log_move

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Without it Excel takes UTF-8 for the letters of the West."""
READ_ROWS, SENT_ROWS = 200, 100
"""So many rows are read from the database, and sent, at once."""

Cells = Sequence[object]
Columns = Mapping[str, Callable[[Any], object]]


class CsvExportMixin:
    """For a ModelAdmin: an action that takes the chosen rows along, with the columns that the list shows whoever asks."""

    PERSONAL: ClassVar[dict[str, str]] = {}
    """Columns with words of wearers, and the permission without which they stay out of the file."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)  # type: ignore[misc]
        if self.has_view_permission(request):  # type: ignore[attr-defined]
            name = "export_csv"
            actions[name] = (CsvExportMixin.export_csv, name, "Export selected as CSV")
        return actions

    def export_csv(self, request: HttpRequest, queryset: QuerySet[Any]) -> StreamingHttpResponse:
        shown = self.get_list_display(request)  # type: ignore[attr-defined]
        may_read = {one for one, right in self.PERSONAL.items() if request.user.has_perm(right)}
        names = [one for one in shown if one not in self.PERSONAL or one in may_read]
        owner: Any = self
        headings = [capfirst(str(label_for_field(name, queryset.model, owner))) for name in names]
        rows = (
            [read_value(name, row, owner) for name in names]
            for row in queryset.iterator(chunk_size=READ_ROWS)
        )
        return send_table(request, queryset.model, headings, rows)


def read_value(name: str, row: Model, owner: Any) -> object:
    """What a column of the list says of a row: words in place of keys, the text of what is a link there."""
    field, _, value = lookup_field(name, row, owner)
    if isinstance(value, tuple):  # The colour of a label, and its word.
        return value[-1]
    if field is not None and getattr(field, "flatchoices", None):
        return getattr(row, f"get_{field.name}_display")()
    return value


def send_table(
    request: HttpRequest, model: type[Model], headings: Sequence[str], rows: Iterable[Cells]
) -> StreamingHttpResponse:
    """A file named for the rows and the day."""
    name = str(model._meta.verbose_name_plural).replace(" ", "-")
    log_move("export_csv", actor=request.user, table=model._meta.label_lower)
    return StreamingHttpResponse(
        stream_lines(write_lines(headings, rows)),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.csv"',
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        },
    )


def send_columns(
    request: HttpRequest, model: type[Model], columns: Columns, rows: Iterable[Any]
) -> StreamingHttpResponse:
    """What each column reads of each row."""
    cells = ([read(row) for read in columns.values()] for row in rows)
    return send_table(request, model, list(columns), cells)


def write_lines(headings: Sequence[str], rows: Iterable[Cells]) -> Iterator[str]:
    yield MARK
    for row in chain([headings], rows):
        line = io.StringIO()
        csv.writer(line).writerow([write_cell(value) for value in row])
        yield line.getvalue()


def write_cell(value: object) -> str:
    """As text that a spreadsheet shows and does not run; times in the time zone of the pages."""
    if value is None or value == "–":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)  # A number below zero is none of a formula.
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(sep=" ", timespec="seconds")
    if isinstance(value, SafeString):
        return guard(html.unescape(strip_tags(value)))
    return guard(str(value))


async def stream_lines(lines: Iterator[str]) -> AsyncGenerator[str, None]:
    """Some lines at a time, read in the thread of the request: the database is asked there."""
    take = sync_to_async(lambda: "".join(islice(lines, SENT_ROWS)))
    while block := await take():
        yield block
