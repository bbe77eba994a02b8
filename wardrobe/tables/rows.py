"""A row of a table as what it says of a garment, or what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.text.cleaning import clean_text
from wardrobe import vocabulary
from wardrobe.models import Garment
from wardrobe.prices.currencies import is_currency
from wardrobe.tables.columns import BY_NAME, Column
from wardrobe.vocabulary import MOST_COLOURS

YES = {"yes", "y", "true", "1", "x", "on", "ja", "sí", "si", "oui"}
NO = {"no", "n", "false", "0", "", "off", "nein", "non"}
MOST = {"name": 120, "brand": 80, "notes": 2000}
SIGNS = {"€": "EUR", "£": "GBP", "₹": "INR", "zł": "PLN", "Kč": "CZK"}
"""Beside a price; a "$" is of many countries, and means the wearer's."""
HIGHEST_PRICE = Decimal(10_000_000)
BETWEEN_WORDS = re.compile(r"\s*(?:[,;/|&+]|\b(?:and|und|y|e|et)\b)\s*")


@dataclass
class Row:
    """`said` is what `services.garments.add_garment` takes, and `away` beside it; `faults` say what nobody could use."""

    number: int
    cells: Mapping[str, str]
    said: dict[str, Any] = field(default_factory=dict)
    away: str = ""
    faults: list[str] = field(default_factory=list)
    is_known: bool = False
    """A piece of that name and kind hangs here already."""

    @property
    def is_new(self) -> bool:
        return not self.faults and not self.is_known


def read_row(number: int, cells: Mapping[str, str]) -> Row:
    """`cells` by the attribute that their column stands for. Without a kind there is no garment."""
    row = Row(number, cells)
    if not cells.get("type", "").strip():
        row.faults.append(_("No kind of piece is said."))
    for name, cell in cells.items():
        if cell.strip():
            try:
                keep(row, BY_NAME[name], cell.strip())
            except ValueError as fault:
                row.faults.append(str(fault))
    if "price" not in row.said:
        row.said.pop("currency", None)
    return row


def keep(row: Row, column: Column, cell: str) -> None:
    """Raises ValueError with a sentence."""
    if column.name == "away":
        row.away = read_away(cell)
    else:
        row.said[column.name] = read_cell(column, cell)
    if column.name == "price" and (code := find_currency(cell)):
        row.said.setdefault("currency", code)


def read_cell(column: Column, cell: str) -> Any:
    if column.name == "colours":
        return read_colours(cell)
    if column.is_list:
        return [find_word(column, word) for word in BETWEEN_WORDS.split(cell) if word]
    if column.kind:
        return find_word(column, cell)
    if column.name in MOST:
        return read_text(column, cell)
    if column.name == "price":
        return read_price(cell)
    if column.name == "currency":
        return read_currency(cell)
    if column.name == "quantity":
        return read_quantity(cell)
    return read_yes(column, cell)


def find_word(column: Column, said: str) -> str:
    """The vocabulary's word for what a cell says, by its value or its label."""
    wanted = spell(said)
    for term in vocabulary.terms(column.kind).values():
        if wanted in {
            spell(term.value),
            spell(term.label),
            f"{spell(term.label)}s",
            spell(term.said),
        }:
            return term.value
    raise ValueError(
        _("%(column)s: “%(cell)s” is no word that we know.")
        % {"column": column.said, "cell": said[:40]}
    )


def spell(word: str) -> str:
    return re.sub(r"[\s_-]+", " ", word).strip().casefold()


def read_colours(cell: str) -> list[dict[str, Any]]:
    """As `Garment.colours` wants them: in the order of the cell, each an equal part."""
    names = [find_word(BY_NAME["colours"], word) for word in BETWEEN_WORDS.split(cell) if word]
    names = list(dict.fromkeys(names))
    if len(names) > MOST_COLOURS:
        raise ValueError(_("Colour: five at most, the ones one sees first."))
    share = round(1 / len(names), 3) if names else 0
    return [{"name": name, "hex": vocabulary.hex_of(name), "share": share} for name in names]


def read_text(column: Column, cell: str) -> str:
    clean = clean_text(cell, one_line=column.name != "notes")
    if len(clean) > MOST[column.name]:
        raise ValueError(
            _("%(column)s: at most %(most)s letters.")
            % {"column": column.said, "most": MOST[column.name]}
        )
    return clean


def read_price(cell: str) -> Decimal:
    """With a point or a comma before the cents, and whatever currency is written beside it. Nobody pays thousandths: what
    three digits follow parts thousands."""
    digits = re.sub(r"[^\d.,-]", "", cell)
    if re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+", digits):
        digits = digits.replace(".", "")
    if re.search(r",\d{1,2}$", digits):
        digits = digits.replace(".", "").replace(",", ".")
    digits = digits.replace(",", "")
    try:
        price = Decimal(digits).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise ValueError(_("Price: “%(cell)s” is no number.") % {"cell": cell[:40]}) from None
    if not 0 <= price < HIGHEST_PRICE:
        raise ValueError(_("Price: not below nothing, and below ten million."))
    return price


def find_currency(cell: str) -> str:
    """The code of what a price is told in; empty where the cell does not say, or says what many countries do."""
    for code in re.findall(r"(?<![^\W\d_])[A-Z]{3}(?![^\W\d_])", cell):
        if is_currency(code):
            return str(code)
    return next((code for sign, code in SIGNS.items() if sign in cell), "")


def read_currency(cell: str) -> str:
    if found := find_currency(cell.upper()) or find_currency(cell):
        return found
    raise ValueError(_("Currency: “%(cell)s” is none that we know.") % {"cell": cell[:40]})


def read_quantity(cell: str) -> int:
    if not re.fullmatch(r"[1-9]\d?", cell):
        raise ValueError(_("How many: a number from 1 to 99."))
    return int(cell)


def read_yes(column: Column, cell: str) -> bool:
    if cell.casefold() in YES | NO:
        return cell.casefold() in YES
    raise ValueError(_("%(column)s: yes or no.") % {"column": column.said})


def read_away(cell: str) -> str:
    """Why it is put away; STORED for a plain "yes", an empty string for what is not."""
    if cell.casefold() in {*NO, "ready", "active"}:
        return ""
    if cell.casefold() in {*YES, "archived", "put away"}:
        return str(Garment.Away.STORED.value)
    for value, label in Garment.Away.choices:
        with override(settings.LANGUAGE_CODE):
            exported = str(label)
        if spell(cell) in {spell(str(value)), spell(exported), spell(str(label))}:
            return str(value)
    raise ValueError(_("Put away: “%(cell)s” is no reason that we know.") % {"cell": cell[:40]})
