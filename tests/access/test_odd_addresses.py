"""Addresses that nobody was ever given: a NUL or a word in the place of a key, a number that no column holds."""

import re
from uuid import UUID

import pytest
from django.test import Client

from tests.access.rules import list_routes
from tests.factories import load_prompts, make_operator, make_user

pytestmark = pytest.mark.django_db

ODD = [
    {"str": word, "path": word, "slug": "x", "int": "9" * 30, "uuid": str(UUID(int=0))}
    for word in ("%00", "x")
]
PLACE = re.compile(r"<(?:(\w+):)?\w+>")


def list_odd() -> list[str]:
    """Every route that takes a word or a number, with odd ones; those of regular expressions take none of these."""
    routes = [route for route in list_routes() if PLACE.search(route) and "(?P" not in route]
    return [fill(route, odd) for odd in ODD for route in routes]


def fill(route: str, odd: dict[str, str]) -> str:
    return PLACE.sub(lambda place: odd[place[1] or "str"], route)


def test_no_address_breaks_on_words_and_numbers_that_nobody_gave() -> None:
    load_prompts()
    visitor, wearer, operator = Client(), Client(), Client()
    wearer.force_login(make_user("alice@example.org"))
    operator.force_login(make_operator())
    broken = []
    for address in (addresses := list_odd()):
        for client in (visitor, wearer, operator):
            client.raise_request_exception = False
            for ask in (client.get, client.post):
                if ask(f"/{address}").status_code >= 500:
                    broken.append(address)
    assert "\n".join(sorted({*broken})) == ""
    assert len(addresses) > 200
