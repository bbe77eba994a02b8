"""Bytes that somebody sends, as the rows of a table; nothing of them is believed."""

import codecs
import csv
import io
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.text.cells import DANGEROUS

MOST_BYTES = 200_000
"""Less than a request may have besides its files (`DATA_UPLOAD_MAX_MEMORY_SIZE`): the preview sends it along."""
MOST_ROWS = 500
MOST_COLUMNS = 60
MOST_LETTERS = 2_000
"""In one cell: as many as a garment's notes."""
DELIMITERS = ",;\t|"
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip


class TableError(Exception):
    """The file is no table that we take; says why, to its sender."""


@dataclass(frozen=True)
class Table:
    """Rows are as long as the headings; `numbers` are those of their lines, as a spreadsheet counts them."""

    headings: list[str]
    rows: list[list[str]]
    numbers: list[int]


def decode(data: bytes) -> str:
    """Text in UTF-8 or UTF-16 with a mark; else in UTF-8, or what Excel writes in the West. Raises TableError."""
    if len(data) > MOST_BYTES:
        raise TableError(
            _("The file has more than %(most)s KB. Split it in two.") % {"most": MOST_BYTES // 1000}
        )
    named = next((encoding for mark, encoding in BOMS if data.startswith(mark)), None)
    for encoding in [named] if named else ["utf-8", "cp1252"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise TableError(_("This is no table of text. Save it as CSV, in UTF-8."))


def read_table(text: str) -> Table:
    """The first row has the headings; empty rows are left out. Raises TableError."""
    rows = read_rows(text)
    if not rows:
        raise TableError(_("The file is empty."))
    (__, headings), *rest = rows
    if len(headings) > MOST_COLUMNS:
        raise TableError(_("The table has more than %(most)s columns.") % {"most": MOST_COLUMNS})
    if not rest:
        raise TableError(_("The table has headings and no rows."))
    if len(rest) > MOST_ROWS:
        raise TableError(
            _("The table has more than %(most)s rows. Split it in two.") % {"most": MOST_ROWS}
        )
    for number, row in rest:
        if len(row) > len(headings):
            raise TableError(
                _("Row %(number)s has more cells than there are headings.") % {"number": number}
            )
        if any(len(cell) > MOST_LETTERS for cell in row):
            raise TableError(
                _("Row %(number)s has a cell of more than %(most)s letters.")
                % {"number": number, "most": MOST_LETTERS}
            )
    width = len(headings)
    return Table(
        [unguard(heading) for heading in headings],
        [[*map(unguard, row), *[""] * (width - len(row))] for __, row in rest],
        [number for number, __ in rest],
    )


def read_rows(text: str) -> list[tuple[int, list[str]]]:
    """Each row that is not empty, with the number that a spreadsheet gives it; one more than may be at most."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=find_delimiter(text), strict=True)
    found: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, row in enumerate(reader, 1):
            if any(cell.strip() for cell in row):
                found.append((number, row))
            if len(found) > MOST_ROWS + 1:
                break
    except csv.Error as error:
        raise TableError(_("Row %(number)s cannot be read.") % {"number": number + 1}) from error
    return found


def find_delimiter(text: str) -> str:
    """What there is most of in the first line."""
    first = text.partition("\n")[0]
    return max(DELIMITERS, key=first.count)


def unguard(cell: str) -> str:
    """Without the quote that `guard` puts before what looks like a formula."""
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:2] in DANGEROUS else cell
