"""A language that nobody speaks, made of the English when a test asks: longer, from the right, and without a letter that
English has, so that whatever is left in English is seen."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from django.test import override_settings

from tests import messages

CODE = "ar"
"""A language that is written from the right, whose words of Django's own are in letters of its own."""
LONGER = 0.35
KEPT = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]*>|&\w+;")
"""Placeholders, tags and entities."""
LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "áƀçđéƒğĥíĵķłɱñóƥɋřšťúṽŵẋýžÁƁÇĐÉƑĞĤÍĴĶŁṀÑÓƤɊŘŠŤÚṼŴẊÝŽ",
)


def pretend(text: str) -> str:
    """The text with other letters, and a third longer."""
    parts = re.split(f"({KEPT.pattern})", text)
    said = "".join(part if KEPT.fullmatch(part) else part.translate(LETTERS) for part in parts)
    more = " ····" * round(len(KEPT.sub("", text)) * LONGER / 5)
    return f"{said}{more}"


def pretend_all(message: Message, plurals: int) -> str | tuple[str, ...]:
    if message.context == "form of dates":
        return str(message.id)
    if isinstance(message.id, str):
        return pretend(message.id)
    one, many = message.id[:2]
    return (pretend(one), *[pretend(many)] * (plurals - 1))


def write_pseudo(folder: Path) -> None:
    """Reading all that the product says takes a second."""
    for domain in messages.DOMAINS:
        said = messages.collect(domain)
        catalog = Catalog(locale=CODE, domain=domain, fuzzy=False)
        for message in said:
            if message.id:
                words = pretend_all(message, catalog.num_plurals)
                catalog.add(message.id, words, context=message.context)
        file = folder / CODE / "LC_MESSAGES" / f"{domain}.mo"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(messages.compile_catalog(catalog))


@contextmanager
def speaking_pseudo(folder: Path) -> Iterator[None]:
    """The product has this language, as it is written in the folder, and everybody is spoken to in it who asks for
    it.
    """
    languages = [("en", "English"), (CODE, "ⵝⵝⵝ")]
    with override_settings(LANGUAGES=languages, LOCALE_PATHS=[folder]):
        yield
