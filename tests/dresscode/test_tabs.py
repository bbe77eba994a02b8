"""Wherever somebody is, the navigation says in which of the main pages that is."""

import re
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from dresscode.templatetags.tabs import find_tab
from tests.factories import make_garment, make_user

OF_NO_TAB = re.compile(
    rf"/($|{settings.ADMIN_PATH}|api/|sign-up/|language/|words/|media/|static/|sw|manifest|livez|readyz|offline"
    r"|metrics|places/|calendar/|s/|wear/|receipts/)"
)


def list_paths(resolver: URLResolver, before: str = "/") -> list[str]:
    """All routes, with something in the place of each argument."""
    found: list[str] = []
    for one in resolver.url_patterns:
        route = re.sub(r"<uuid:[^>]*>", str(uuid4()), str(one.pattern))
        path = before + re.sub(r"<[^>]*>", "1", route)
        found += list_paths(one, path) if isinstance(one, URLResolver) else [path]
        assert isinstance(one, URLResolver | URLPattern)
    return found


def test_every_page_of_a_wearer_lies_in_a_tab():
    paths = list_paths(get_resolver())
    assert len(paths) > 100
    assert [path for path in paths if not find_tab(path) and not OF_NO_TAB.match(path)] == []


@pytest.mark.parametrize(
    ("name", "tab"),
    [
        ("styling:looks", "wardrobe"),
        ("wardrobe:laundry", "wardrobe"),
        ("feedback:household-outfits", "wardrobe"),
        ("wardrobe:photo-upload", "add"),
        ("styling:trip-list", "calendar"),
        ("styling:calendars", "calendar"),
        ("feedback:learned", "you"),
        ("own_data:own-data", "you"),
        ("styling:ask", "today"),
    ],
)
def test_its_tab_is_the_one_that_a_page_is_reached_by(name: str, tab: str) -> None:
    assert find_tab(reverse(name)) == tab


def test_an_answer_is_of_today_and_moving_a_plan_of_the_calendar():
    outfit = reverse("styling:outfit-detail", args=[uuid4()])
    assert find_tab(outfit) == "today"
    assert find_tab(reverse("feedback:move-plan", args=[uuid4()])) == "calendar"


@pytest.mark.django_db
def test_a_link_says_whether_it_leads_to_the_page_itself(client: Client) -> None:
    owner = make_user()
    client.force_login(owner)
    rack = reverse("wardrobe:garment-list")
    here = rf'<a href="{rack}" aria-current="(\w+)"'
    assert set(re.findall(here, client.get(rack).content.decode())) == {"page"}
    below = reverse("wardrobe:garment-detail", args=[make_garment(owner=owner).pk])
    assert set(re.findall(here, client.get(below).content.decode())) == {"true"}
