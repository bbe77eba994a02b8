"""Operators read answers in words: no value beside its label, no filter without a name, one way to write dates."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from styling.models import Suggestion
from tests.factories import make_operator


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
