"""The wardrobe as a table: taken along as CSV, and one brought in, looked at before anything is hung up."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.rate_limits import limit_posts
from wardrobe.forms.tables import ColumnsForm, TableForm
from wardrobe.models import Garment
from wardrobe.services import imports
from wardrobe.tables import reading
from wardrobe.tables.writing import write_table
from wardrobe.views.many import tell_act

HOUR = 3600
SHOWN = 20
"""Rows of a preview; those with faults come first, so that none is missed while there are few."""


@require_safe
@login_required
def export_table(request: AuthenticatedHttpRequest) -> HttpResponse:
    """All garments, the put-away ones too. With a mark, by which Excel knows UTF-8."""
    garments = Garment.objects.for_owner(request.user).order_by("slot", "name", "pk")
    response = HttpResponse("\ufeff" + write_table(garments), "text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="wardrobe.csv"'
    return response


@require_http_methods(["GET", "POST"])
@login_required
@limit_posts("table", limit=120, seconds=HOUR)
def import_table(request: AuthenticatedHttpRequest) -> HttpResponse:
    """A file is read and shown with what its columns may stand for; the same once more as often as one likes; with
    `sure` its new rows are hung up.
    """
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    context = {"form": form, "most_rows": reading.MOST_ROWS}
    if not form.is_bound or not form.is_valid() or form.table is None:
        return render(request, "wardrobe/table.html", context, status=422 if form.is_bound else 200)
    is_said = "column_0" in request.POST
    columns = ColumnsForm(request.POST if is_said else None, table=form.table)
    is_clear = columns.is_valid() if is_said else "type" in columns.columns
    rows = imports.read_rows(request.user, form.table, columns.columns) if is_clear else []
    new = sum(row.is_new for row in rows)
    if new and "sure" in request.POST:
        return tell_act(request, imports.hang_up(owner=request.user, rows=rows))
    context |= {
        "columns": columns,
        "text": form.cleaned_data["text"],
        "rows": sorted(rows, key=lambda row: not row.faults)[:SHOWN],
        "total": len(form.table.rows),
        "new": new,
        "known": sum(row.is_known and not row.faults for row in rows),
        "faulty": sum(bool(row.faults) for row in rows),
        "is_clear": is_clear,
    }
    return render(request, "wardrobe/table_preview.html", context, status=200 if is_clear else 422)
