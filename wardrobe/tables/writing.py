"""A wardrobe as CSV: in words that `rows` reads again, and no cell of which a spreadsheet runs."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import override

from accounts.text.cells import guard
from wardrobe import vocabulary
from wardrobe.models import Garment
from wardrobe.tables.columns import COLUMNS, Column


def write_table(garments: Iterable[Garment]) -> str:
    """In English, so that it comes in again whatever its wearer speaks by then."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([column.label for column in COLUMNS])
    with override(settings.LANGUAGE_CODE):
        for garment in garments:
            writer.writerow([guard(say(garment, column)) for column in COLUMNS])
    return file.getvalue()


def say(garment: Garment, column: Column) -> str:
    value: Any = getattr(garment, column.name)
    if column.name == "away":
        return str(garment.get_away_display() or "Stored") if garment.is_archived else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column.name == "colours":
        value = [colour["name"] for colour in value]
    if column.kind:
        words = [value] if isinstance(value, str) else value
        terms = vocabulary.terms(column.kind)
        return ", ".join(terms[word].label if word in terms else word for word in words)
    return "" if value is None else str(value)
