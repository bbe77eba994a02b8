"""What nobody's form sends: a NUL in the place of each word that a page reads of its address or of what is sent to it."""

import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from accounts.models import User
from tests.access.rules import Rule
from tests.access.test_access import alice, find_address, routes_of, values

__all__ = ["alice", "values"]
pytestmark = pytest.mark.django_db

READ = re.compile(r"""(?:GET|POST|data|sent)(?:\.get(?:list)?\(|\[)"([\w-]+)\"""")
RULES = (Rule.EVERYBODY, Rule.SIGNED_IN, Rule.OWNER)


@cache
def list_words(file: str) -> tuple[str, ...]:
    """What the views of a file read by themselves, without a form."""
    return tuple(sorted({*READ.findall(Path(file).read_text()), "q", "page"}))


def list_odd(values: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    for route in routes_of(*RULES):
        address = find_address(route, values)
        view = inspect.unwrap(resolve(address).func)
        file = inspect.getsourcefile(inspect.getmodule(view)) or __file__
        yield from ((address, {word: "\0"}) for word in list_words(file))


def test_no_page_of_a_wearer_breaks_on_a_nul(
    client: Client, alice: User, values: dict[str, Any]
) -> None:
    client.force_login(alice)
    client.raise_request_exception = False
    asked = [*list_odd(values)]
    broken = [
        f"{address} {word}"
        for address, word in asked
        if client.get(address, word).status_code >= 500
    ]
    assert broken == []
    assert len(asked) > 300


def test_nobody_signs_in_with_a_nul(client: Client, db: None) -> None:
    answer = client.post("/accounts/login/", {"username": "a\0@example.org", "password": "x\0"})
    assert answer.status_code == 200
    assert "Null characters are not allowed." in answer.text
