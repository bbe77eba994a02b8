"""What a column of a table may say of a garment, and by which headings it is known."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop


@dataclass(frozen=True)
class Column:
    """`name` is the garment's attribute; `kind` the vocabulary's, where its cells hold words of it."""

    name: str
    label: str
    kind: str = ""
    is_list: bool = False
    also: tuple[str, ...] = ()
    """Other headings, in lower case."""

    @property
    def said(self) -> str:
        """The label in the language that is spoken; `label` is English, as exports are."""
        return _(self.label)


COLUMNS = (
    Column("name", gettext_noop("Name"), also=("title", "item", "description", "piece")),
    Column(
        "type", gettext_noop("Kind"), "type", also=("type", "category", "subcategory", "garment")
    ),
    Column("colours", gettext_noop("Colour"), "colour", True, ("color", "colors", "colours")),
    Column("pattern", gettext_noop("Pattern"), "pattern"),
    Column(
        "material", gettext_noop("Cloth"), "material", also=("material", "fabric", "composition")
    ),
    Column("warmth", gettext_noop("Warmth"), "warmth"),
    Column("formality", gettext_noop("Dressed up"), "formality", also=("formality", "dress code")),
    Column("seasons", gettext_noop("Seasons"), "season", True, ("season",)),
    Column(
        "occasions", gettext_noop("Good for"), "event", True, ("occasion", "occasions", "events")
    ),
    Column("fit", gettext_noop("Fit"), "fit"),
    Column(
        "water_resistant",
        gettext_noop("Keeps rain off"),
        also=("waterproof", "water resistant", "rain"),
    ),
    Column("brand", gettext_noop("Brand"), also=("label", "maker", "designer")),
    Column("price", gettext_noop("Price"), also=("cost", "purchase price", "paid")),
    Column("currency", gettext_noop("Currency"), also=("currency code",)),
    Column("quantity", gettext_noop("How many"), also=("quantity", "count", "number")),
    Column("is_favourite", gettext_noop("Favourite"), also=("favorite", "starred")),
    Column("away", gettext_noop("Put away"), also=("archived", "status")),
    Column("notes", gettext_noop("Notes"), also=("note", "comment", "comments")),
)
BY_NAME = {column.name: column for column in COLUMNS}


def guess_columns(headings: list[str]) -> list[str]:
    """The attribute of each heading, an empty string for one that says nothing to us; no attribute twice."""
    guessed: list[str] = []
    for heading in headings:
        found = next((one.name for one in COLUMNS if is_called(one, heading)), "")
        guessed.append(found if found not in guessed else "")
    return guessed


def is_called(column: Column, heading: str) -> bool:
    said = re.sub(r"[\s_-]+", " ", heading).strip().casefold()
    return said in {
        column.label.casefold(),
        column.said.casefold(),
        column.name.replace("_", " "),
        *column.also,
    }
