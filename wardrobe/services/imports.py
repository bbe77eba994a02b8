"""Garments that a table tells of: what of it is new, and hanging up all of that in one act."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from accounts.models import User
from wardrobe.models import Act, Garment
from wardrobe.services.garments import add_garment, archive_garment
from wardrobe.services.many import note_made
from wardrobe.tables.reading import Table
from wardrobe.tables.rows import Row, read_row


def read_rows(owner: User, table: Table, columns: Sequence[str]) -> list[Row]:
    """Each row by the attribute that each column stands for; an empty string for a column that stands for none.

    A row is known if a piece of its name and kind hangs in the wardrobe, or further up in the table is one that will.
    """
    rows = [
        read_row(number, {name: cell for name, cell in zip(columns, cells, strict=True) if name})
        for number, cells in zip(table.numbers, table.rows, strict=True)
    ]
    own = Garment.objects.for_owner(owner).values_list("name", "type")
    known = {(name.casefold(), type_) for name, type_ in own}
    for row in rows:
        name = str(row.said.get("name", "")).casefold()
        key = (name, str(row.said.get("type", "")))
        row.is_known = bool(name) and key in known
        if not row.faults:
            known.add(key)
    return rows


@transaction.atomic
def hang_up(*, owner: User, rows: Sequence[Row]) -> Act:
    """Add the garments of all rows that are new, or none if anything goes wrong. It can be undone as one act. A price
    without a currency gets the wearer's."""
    made = []
    usual = import_string(settings.CURRENCY_FINDER)(owner)
    for row in rows:
        if row.is_new:
            paid_in = {"currency": usual} if "price" in row.said else {}
            garment = add_garment(owner=owner, changes=paid_in | row.said)
            if row.away:
                archive_garment(garment, because=row.away)
            made.append(garment)
    return Act.objects.create(owner=owner, kind=Act.Kind.IMPORT, changes=note_made(made))
