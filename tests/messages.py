"""What the product says, in the languages that it speaks: taken from the code into the catalogues below `locale/`.

    python -m tests.messages    collects the texts, adds new ones to each catalogue without a translation, drops those
                                that nothing says any more, and compiles; says how many are without a translation

A catalogue has no places of texts and is sorted by them, so that two branches seldom touch the same line.
"""

import io
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "locale"
DOMAINS = ("django", "djangojs")
"""What the server says, and what scripts do."""
LANGUAGES = ("de", "es", "fr")
COMPLETE = LANGUAGES
"""Languages that miss nothing; `tests/dresscode/test_catalogues.py` holds them to it."""
APPS = ("accounts", "dresscode", "feedback", "styling", "wardrobe")
WHEN = datetime(2026, 1, 1, tzinfo=UTC)
"""Of every catalogue: a date that changes with each run would be a conflict with each merge."""

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "pgettext_noop": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
DATED = re.compile(r'\|dated:"([^"]+)"|\bdated\([\w.]+, "([^"]+)"')
Said = tuple[str | tuple[str, ...], str | None]
"""A text, or its singular and plural; and its context."""


def find_texts(domain: str) -> Iterator[Said]:
    """All that the code says in a domain, as often as it does."""
    if domain == "djangojs":
        for path in sorted((ROOT / "static/js").rglob("*.js")):
            yield from read_texts(path.read_text(), "javascript")
        return
    for path in sorted(path for app in APPS for path in (ROOT / app).rglob("*.py")):
        if "migrations" not in path.parts:
            yield from read_texts(path.read_text(), "python")
            yield from read_forms(path.read_text())
    for path in sorted((ROOT / "templates").rglob("*.*")):
        yield from read_template(path)
    yield from find_words()


def read_texts(text: str, method: str) -> Iterator[Said]:
    for _, said, _, context in extract(method, io.BytesIO(text.encode()), KEYWORDS):
        yield (said if isinstance(said, str) else tuple(said)), context


def read_template(path: Path) -> Iterator[Said]:
    """By way of Django's own reading: what is text of the page becomes nothing, what is to be translated a call."""
    text = path.read_text()
    calls = templatize(text, origin=str(path)).splitlines()
    yield from read_texts("\n".join(re.sub(r"^#.*", "", call.strip()) for call in calls), "python")
    yield from read_forms(text)


def read_forms(text: str) -> Iterator[Said]:
    """Of dates, each of which a language may write otherwise."""
    return (((one or other), "form of dates") for one, other in DATED.findall(text))


def find_words() -> Iterator[Said]:
    """What is stored in English and shown in the wearer's language."""
    from wardrobe.services.basics import list_basics
    from wardrobe.services.garment_builder import OF_BASICS
    from wardrobe.vocabulary.terms import CONTEXT, read_terms

    for basic in list_basics():
        yield basic.name, OF_BASICS
    for term in read_terms(ROOT / "fixtures/vocabulary"):
        yield term.label, CONTEXT.format(kind=term.kind)


def collect(domain: str) -> Catalog:
    catalog = make_catalog(None, domain)
    for said, context in find_texts(domain):
        if said:
            catalog.add(said, context=context)
    return catalog


def make_catalog(locale: str | None, domain: str) -> Catalog:
    return Catalog(
        locale=locale,
        domain=domain,
        project="Dresscode",
        version="1",
        copyright_holder="Dresscode",
        charset="utf-8",
        creation_date=WHEN,
        revision_date=WHEN,
        last_translator="Dresscode",
        language_team=locale or "",
        msgid_bugs_address="none",
        fuzzy=False,
        header_comment="# What Dresscode says. By `python -m tests.messages`; see docs/languages.md.",
    )


def find_file(language: str, domain: str) -> Path:
    return LOCALE / to_locale(language) / "LC_MESSAGES" / f"{domain}.po"


def read(file: Path, language: str, domain: str) -> Catalog:
    """An empty catalogue where there is no file."""
    if not file.exists():
        return make_catalog(language, domain)
    return read_po(io.BytesIO(file.read_bytes()), locale=language, domain=domain)


def bring_up_to_date(old: Catalog, said: Catalog) -> Catalog:
    """What is said, with the old translations; what is new has none, nothing is guessed."""
    new = make_catalog(str(old.locale), str(old.domain))
    for message in said:
        if not message.id:
            continue
        known = old.get(message.id, message.context)
        # A text may be said of one thing, then of several.
        is_known = known is not None and bool(known.pluralizable) == bool(message.pluralizable)
        translation = known.string if known is not None and is_known else None
        new.add(message.id, translation, context=message.context, flags=message.flags)
    return new


def write(catalog: Catalog) -> bytes:
    held = io.BytesIO()
    write_po(held, catalog, width=0, no_location=True, sort_output=True, ignore_obsolete=True)
    lines = held.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(b'"Generated-By'))


def compile_catalog(catalog: Catalog) -> bytes:
    held = io.BytesIO()
    write_mo(held, catalog)
    return held.getvalue()


def misses(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return not all(strings)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")
    django.setup()
    for domain in DOMAINS:
        said = collect(domain)
        for language in LANGUAGES:
            file = find_file(language, domain)
            file.parent.mkdir(parents=True, exist_ok=True)
            catalog = bring_up_to_date(read(file, language, domain), said)
            file.write_bytes(write(catalog))
            stored = read(file, language, domain)
            file.with_suffix(".mo").write_bytes(compile_catalog(stored))
            missing = sum(misses(message) for message in stored if message.id)
            print(f"{language} {domain}: {len(stored)} texts, {missing} without a translation")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
