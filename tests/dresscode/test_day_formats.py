"""Days that templates write by a format of their own are written as each language writes them."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.utils.formats import date_format
from django.utils.translation import override

from accounts.languages.words import dated
from dresscode.formats.de.formats import DAYS as GERMAN
from dresscode.formats.es.formats import DAYS as SPANISH
from dresscode.formats.fr.formats import DAYS as FRENCH

TEMPLATES = Path(__file__).parents[2] / "templates"
OPERATORS = ("admin", "monitoring", "registry")
FORMAT = re.compile(r"""\|date:"([^"]+)"|{% say_day [^%]*?"([^"]+)"[^%]*?%}""")


def find_formats() -> set[str]:
    """Those with a day of a month, of wearers' pages: "j F". English has them as they are."""
    pages = [path for path in TEMPLATES.rglob("*.html") if path.parent.name not in OPERATORS]
    found = {one for path in pages for pair in FORMAT.findall(path.read_text()) for one in pair}
    return {one for one in found if re.search(r"\bj\b", one) and not re.search("H:i$", one)}


@pytest.mark.parametrize(
    ("known", "needs"), [(GERMAN, r"j"), (SPANISH, r"j [FM]"), (FRENCH, r"j M")]
)
def test_every_format_of_a_page_is_known(known: dict[str, str], needs: str) -> None:
    formats = {one for one in find_formats() if re.search(needs, one)}
    assert len(formats) > 2
    assert formats <= known.keys()


@pytest.mark.parametrize(
    ("language", "written"), [("es", "2 jun 2026"), ("fr", "2 juin 2026"), ("de", "2. Jun 2026")]
)
def test_short_months_begin_as_their_language_writes_them(language: str, written: str) -> None:
    day = date(2026, 6, 2)
    with override(language):
        short = {date_format(day, "j M Y"), dated(day, "j M Y"), date_format(day, "DATE_FORMAT")}
        assert short == {written}
        assert date_format(day, "D j M").endswith(written.removesuffix(" 2026"))
