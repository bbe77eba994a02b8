"""Operators read answers in words: no value beside its label, no filter without a name, one way to write dates."""

import html
import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from styling.models import OutfitPiece, Suggestion
from tests.factories import make_call, make_garment, make_operator, make_user


@pytest.fixture
def operator(client: Client, db: None) -> Client:
    client.force_login(make_operator())
    return client


def test_an_answers_page_has_words_and_one_way_of_dates(
    operator: Client, suggestion: Suggestion
) -> None:
    noon = datetime(2026, 11, 3, 12, 5, tzinfo=UTC)
    Suggestion.objects.filter(pk=suggestion.pk).update(
        status="ready", created_at=noon, finished_at=noon
    )
    address = reverse("admin:styling_suggestion_change", args=[suggestion.pk])
    page = operator.get(address).content.decode()
    assert "(&#x27;" not in page
    assert "No verdict" in page
    assert "03 Nov 2026 12:05" in page
    assert not re.search(r"\b[ap]\.m\.", page)


def test_every_filter_has_a_name(operator: Client, suggestion: Suggestion) -> None:
    address = reverse("admin:styling_suggestion_changelist")
    Suggestion.objects.filter(pk=suggestion.pk).update(no_forecast="")
    assert "no_forecast=" not in operator.get(address).content.decode()
    Suggestion.objects.filter(pk=suggestion.pk).update(no_forecast="too_far")
    offered = set(re.findall(r"no_forecast=(\w*)", operator.get(address).content.decode()))
    assert offered == {"too_far"}


LINKED = {"view_garment", "view_promptversion", "view_inferencecall"}
"""What columns and pages of answers lead to."""


@pytest.mark.parametrize("besides", [set(), LINKED])
def test_an_answer_leads_only_to_what_may_be_opened(
    client: Client, suggestion: Suggestion, besides: set[str]
) -> None:
    garment = make_garment(suggestion.owner, name="Navy shirt")
    OutfitPiece.objects.create(suggestion=suggestion, garment=garment, position=0, slot="top")
    Suggestion.objects.filter(pk=suggestion.pk).update(call=make_call())
    viewer = make_user("viewer@example.org", is_staff=True)
    names = {"view_suggestion", "view_outfitpiece", *besides}
    viewer.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(viewer)
    pages = [reverse("admin:styling_suggestion_change", args=[suggestion.pk]), LIST]
    text = "".join(client.get(page).content.decode() for page in pages)
    assert "Navy shirt" in text and "All tries" in text
    links = {html.unescape(link) for link in re.findall(r'href="(/admin/[^"#]*)', text)}
    assert [link for link in links if client.get(link).status_code in {403, 404}] == []
    led = {one for one in ("garment", "promptversion", "inferencecall") if f"/{one}/" in str(links)}
    assert len(led) == len(besides)


LIST = "/admin/styling/suggestion/"
