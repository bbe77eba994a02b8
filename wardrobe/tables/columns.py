"""What a column of a table may say of a garment, and by which headings it is known."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """`name` is the garment's attribute; `kind` the vocabulary's, where its cells hold words of it."""

    name: str
    label: str
    kind: str = ""
    is_list: bool = False
    also: tuple[str, ...] = ()
    """Other headings, in lower case."""


COLUMNS = (
    Column("name", "Name", also=("title", "item", "description", "piece")),
    Column("type", "Kind", "type", also=("type", "category", "subcategory", "garment")),
    Column("colours", "Colour", "colour", True, ("color", "colors", "colours")),
    Column("pattern", "Pattern", "pattern"),
    Column("material", "Cloth", "material", also=("material", "fabric", "composition")),
    Column("warmth", "Warmth", "warmth"),
    Column("formality", "Dressed up", "formality", also=("formality", "dress code")),
    Column("seasons", "Seasons", "season", True, ("season",)),
    Column("occasions", "Good for", "event", True, ("occasion", "occasions", "events")),
    Column("fit", "Fit", "fit"),
    Column("water_resistant", "Keeps rain off", also=("waterproof", "water resistant", "rain")),
    Column("brand", "Brand", also=("label", "maker", "designer")),
    Column("price", "Price", also=("cost", "purchase price", "paid")),
    Column("quantity", "How many", also=("quantity", "count", "number")),
    Column("is_favourite", "Favourite", also=("favorite", "starred")),
    Column("away", "Put away", also=("archived", "status")),
    Column("notes", "Notes", also=("note", "comment", "comments")),
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
    return said in {column.label.casefold(), column.name.replace("_", " "), *column.also}
