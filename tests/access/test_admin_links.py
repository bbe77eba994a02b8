"""No page of the admin leads whoever looks to what they may not open: breadcrumb, sidebar and all."""

import html
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from accounts.models import User
from registry import roles
from registry.services import tokens
from tests.access.rules import Rule
from tests.access.test_access import BACKEND, alice, find_address, routes_of, values
from tests.factories import make_user
from tests.registry.api_client import make_member

pytestmark = pytest.mark.django_db
__all__ = ["alice", "values"]

SHUT = {403, 404}


def make_operator_of(role: str) -> User:
    member = make_member(role) if role else make_user("rui@example.org", is_staff=True)
    tokens.make_token(owner=member, name="CI", days=30)
    return member


def list_links(page: str) -> set[str]:
    """The admin's addresses that a page leads to, without what they ask."""
    found = re.findall(r'<a\b[^>]*\bhref="(/admin/[^"]*)"', page)
    return {urlsplit(html.unescape(link)).path for link in found}


@pytest.mark.parametrize("role", ["", *roles.ROLES])
def test_no_page_leads_a_role_to_what_it_may_not_open(
    client: Client, values: dict[str, Any], role: str
) -> None:
    client.force_login(make_operator_of(role), backend=BACKEND)
    client.raise_request_exception = False
    led: dict[str, str] = {}
    for route in routes_of(Rule.STAFF, Rule.PERMITTED):
        answer = client.get(find_address(route, values))
        if answer.status_code == 200 and not answer.streaming:
            led |= dict.fromkeys(list_links(answer.content.decode(errors="replace")), route)
    assert "/admin/registry/apitoken/" in led
    shut = {link: led[link] for link in led if client.get(link).status_code in SHUT}
    assert shut == {}


def test_the_breadcrumb_names_what_it_does_not_link(client: Client, db: None) -> None:
    client.force_login(make_operator_of(roles.REVIEWER), backend=BACKEND)
    page = client.get("/admin/registry/apitoken/").content.decode()
    assert 'href="/admin/registry/"' not in page
    assert re.search(r"<span[^>]*>\s*Registry\s*</span>", page)
    client.force_login(make_member(roles.AUTHOR, "author@example.org"), backend=BACKEND)
    assert 'href="/admin/registry/"' in client.get("/admin/registry/apitoken/").content.decode()
