"""Each act of a wearer is told with an undo that puts everything back, has its own opposite, or asks first."""

import html
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from accounts.models import User
from tests.access.acts import (
    ACCOUNTS,
    ASKED,
    ASKED_BY_A_PAGE,
    HOUSE,
    OTHERWISE,
    OUTFIT,
    PIECE,
    SWITCHED,
    UNDONE,
    owner_of,
)
from tests.access.rules import Rule, find_rule, list_routes
from tests.access.test_access import HOUSEMATE, alice, find_address, values
from tests.factories import make_user

pytestmark = pytest.mark.django_db
__all__ = ["alice", "values"]

BACKEND = "django.contrib.auth.backends.ModelBackend"
APPS = {"accounts", "wardrobe", "styling", "feedback"}
NO_STATE = {"Act", "KnownDevice", "Signal", "SignInPolicy"}
"""What an act was, and what is learned of it: neither is shown as a state of the wearer's things."""
NO_WORD = {"created_at", "updated_at", "changed_at", "decided_at", "revision", "next_look_at"}
"""When a row was written, not what it says."""
MADE_ANEW = {"occasion"}
"""Rows without an address of their own may be others with the same words."""

OF_JOBS = {"image", "picture", "cut_out", "cut_out_size", "cut_out_sureness", "attempt", "former"}
"""Files have other names, and jobs make what is made of them anew."""


def photograph(but: frozenset[str]) -> dict[str, list[str]]:
    """All that the tables say, without numbers that rows have from a sequence."""
    shown = [one for one in apps.get_models() if one._meta.app_label in APPS]
    return {
        model.__name__: sorted(describe(row) for row in model._default_manager.all())
        for model in shown
        if model.__name__ not in NO_STATE | but
    }


def compare(before: dict[str, list[str]], now: dict[str, list[str]]) -> list[str]:
    """What is not as it was, one line a row; of two that say the same, too."""
    gone = [
        f"gone: {name} {row}"
        for name, rows in before.items()
        for row in (Counter(rows) - Counter(now[name])).elements()
    ]
    return gone + [
        f"new: {name} {row}"
        for name, rows in now.items()
        for row in (Counter(rows) - Counter(before[name])).elements()
    ]


def describe(row: models.Model) -> str:
    said = {
        one.attname: getattr(row, one.attname)
        for one in row._meta.concrete_fields
        if one.name not in NO_WORD | MADE_ANEW
        and not (isinstance(one, models.AutoField) and one.primary_key)
    }
    if said.get("box"):
        said["box"] = [round(share, 3) for share in said["box"]]
    return str({name: value for name, value in said.items() if name not in OF_JOBS})


def sign_in(who: str, values: Mapping[str, Any]) -> Client:
    known = {
        "alice": lambda: owner_of({**values}),
        "bob": lambda: User.objects.get(email=HOUSEMATE),
    }
    client = Client()
    client.force_login(known.get(who, make_user)(), backend=BACKEND)
    return client


def find_undo(page: str) -> str:
    """The last address on the page that a button of an undo posts to."""
    toasts = re.findall(r'data-undo.*?<form[^>]*action="([^"]+)"', page, re.DOTALL)
    beside = re.findall(r'hx-post="([^"]+\?undo=[^"]+)"', page)
    named = re.findall(r'name="undo" value="(\w+)"', page)
    found = toasts or beside
    return html.unescape(found[-1]) if found else f"UNDO {named[-1]}" if named else ""


def takes_post(route: str, values: Mapping[str, Any]) -> bool:
    """Asked with a method that no view of ours takes."""
    client = sign_in("alice", values)
    client.raise_request_exception = False
    answer = client.options(find_address(route, {**values}))
    return "POST" in answer.headers.get("Allow", "POST" if answer.status_code == 405 else "")


# Every act has its line


def test_every_act_of_a_wearer_says_how_it_is_taken_back(values: dict[str, Any]) -> None:
    wearers = {Rule.EVERYBODY, Rule.SIGNED_IN, Rule.OWNER}
    routes = [
        route
        for route in list_routes()
        if find_rule(route) in wearers
        and not route.startswith(("admin/", "api/", *ACCOUNTS))
        and takes_post(route, values)
    ]
    told = [*UNDONE, *SWITCHED, *ASKED.split(), *ASKED_BY_A_PAGE.split(), *OTHERWISE]
    assert sorted(set(routes) - set(told)) == []
    assert sorted(set(told) - set(list_routes())) == []
    assert len(told) == len(set(told))


def test_what_is_tested_elsewhere_is_there() -> None:
    named = [re.search(r"\((tests/.*?\.py)\)", why) for why in OTHERWISE.values()]
    assert all(Path(found[1]).is_file() for found in named if found)


# It is done, and taken back


@pytest.mark.parametrize("route", UNDONE)
def test_an_undo_puts_everything_back(route: str, values: dict[str, Any]) -> None:
    act = UNDONE[route]
    act.first(values)
    client, sent = sign_in(act.by, values), act.read(values)
    before, all_before = photograph(act.but), photograph(frozenset())
    address = find_address(route, values)
    done = client.post(address, sent, follow=True, headers=act.headers)
    assert done.status_code == 200, done.text[:400]
    undo = find_undo(done.text)
    assert undo, "told without an undo"
    assert photograph(frozenset()) != all_before, "nothing was done"
    take_back(client, address, undo)
    assert compare(before, photograph(act.but)) == []


def take_back(client: Client, address: str, undo: str) -> None:
    if undo.startswith("UNDO "):
        answer = client.post(address, {"undo": undo.split()[1]}, headers={"HX-Request": "true"})
    else:
        answer = client.post(undo, follow=True)
    assert answer.status_code == 200
    assert "notice--bad" not in answer.text


@pytest.mark.parametrize("route", SWITCHED)
def test_a_switch_goes_back(route: str, values: dict[str, Any]) -> None:
    act, back = SWITCHED[route]
    act.first(values)
    client, address = sign_in("alice", values), find_address(route, values)
    before, all_before = photograph(act.but), photograph(frozenset())
    client.post(address, act.read(values))
    assert photograph(frozenset()) != all_before, "nothing was done"
    client.post(address, back)
    assert compare(before, photograph(act.but)) == []


# It asks


@pytest.mark.parametrize("route", ASKED.split())
def test_it_asks_before_it_does_anything(route: str, values: dict[str, Any]) -> None:
    client, address = sign_in("alice", values), find_address(route, values)
    before = photograph(frozenset())
    asked = client.post(address)
    assert asked.status_code == 200 and 'name="sure"' in asked.text
    assert photograph(frozenset()) == before
    done = client.post(address, {"sure": "1"}, follow=True)
    assert done.status_code == 200 and 'name="sure"' not in done.text


@pytest.mark.parametrize("route", ASKED_BY_A_PAGE.split())
def test_its_page_asks(route: str, values: dict[str, Any]) -> None:
    client, address = sign_in("alice", values), find_address(route, values)
    before = photograph(frozenset())
    asked = client.get(address)
    assert asked.status_code == 200
    assert re.search(r'<form[^>]*method="post"', asked.text)
    assert photograph(frozenset()) == before


@pytest.mark.parametrize(
    "route",
    [
        f"{PIECE}photo/",
        f"{HOUSE}requests/<int:request_id>/drop/",
        f"{OUTFIT}withdraw/",
        "you/notifications/devices/<int:device_id>/remove/",
        "you/notifications/",
    ],
)
def test_an_undo_holds_at_its_own_address_alone(route: str, values: dict[str, Any]) -> None:
    client, address = sign_in("alice", values), find_address("you/", values)
    undo = find_undo(client.post(address, UNDONE["you/"].read(values), follow=True).text)
    before = photograph(frozenset())
    other = undo.replace(address, find_address(route, values))
    assert client.post(other).status_code == 404
    assert photograph(frozenset()) == before
    assert client.post(undo).status_code == 302


def test_somebody_elses_undo_is_not_found(values: dict[str, Any]) -> None:
    mine, address = sign_in("alice", values), find_address("you/", values)
    undo = find_undo(mine.post(address, UNDONE["you/"].read(values), follow=True).text)
    assert sign_in("charlie", values).post(undo).status_code == 404
    assert mine.get(undo).status_code == 200, "it is done by a POST alone"
