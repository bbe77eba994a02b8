"""Days that templates write by a format of their own are written as each language writes them."""

import re
from pathlib import Path

import pytest

from dresscode.formats.de.formats import DAYS as GERMAN
from dresscode.formats.es.formats import DAYS as SPANISH

TEMPLATES = Path(__file__).parents[2] / "templates"
OPERATORS = ("admin", "monitoring", "registry")
FORMAT = re.compile(r"""\|date:"([^"]+)"|{% say_day [^%]*?"([^"]+)"[^%]*?%}""")


def find_formats() -> set[str]:
    """Those with a day of a month, of wearers' pages: "j F". English has them as they are, and French, too."""
    pages = [path for path in TEMPLATES.rglob("*.html") if path.parent.name not in OPERATORS]
    found = {one for path in pages for pair in FORMAT.findall(path.read_text()) for one in pair}
    return {one for one in found if re.search(r"\bj\b", one) and not re.search("H:i$", one)}


@pytest.mark.parametrize(("known", "needs"), [(GERMAN, r"j"), (SPANISH, r"j F")])
def test_every_format_of_a_page_is_known(known: dict[str, str], needs: str) -> None:
    formats = {one for one in find_formats() if re.search(needs, one)}
    assert len(formats) > 2
    assert formats <= known.keys()
