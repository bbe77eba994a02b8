"""The page of an answer, while it is written and for good."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from styling.models import Suggestion
from styling.streaming import leases
from tests.factories import make_call, make_version
from wardrobe.models import Garment

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(alice: User, client: Client) -> Client:
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return client


def finish(
    suggestion: Suggestion,
    garments: list[Garment],
    *,
    status: Suggestion.Status = Suggestion.Status.READY,
    **fields: Any,
) -> Suggestion:
    """Close it as the stream would."""
    claim = leases.claim_suggestion(suggestion.pk)
    assert claim
    values = {
        "events": [{"seq": 1, "type": "done", "status": "ready"}],
        "pieces": [(garment.pk, garment.slot) for garment in garments],
        "prose": "The navy shirt with the grey trousers.\n\nBrown boots for the rain.",
        **fields,
    }
    closing = leases.Closing(status=status, **values)
    assert leases.close_suggestion(claim.suggestion, closing)
    suggestion.refresh_from_db()
    return suggestion


def read(page: Client, suggestion: Suggestion) -> str:
    return page.get(reverse("styling:outfit-detail", args=[suggestion.pk])).content.decode()


def test_an_open_answer_names_its_socket(page: Client, suggestion: Suggestion) -> None:
    content = read(page, suggestion)
    assert f'data-socket="/ws/outfits/{suggestion.pk}/"' in content
    assert 'aria-busy="true"' in content


def test_a_finished_answer_needs_no_script(
    page: Client, suggestion: Suggestion, clothes: list[Garment]
) -> None:
    content = read(page, finish(suggestion, clothes))
    assert "answer.js" not in content
    # Laid, listed, and the templates of both.
    assert content.count("data-piece>") == 2 * len(clothes) + 2
    for garment in clothes:
        link = f'<a href="{reverse("wardrobe:garment-detail", args=[garment.pk])}">'
        assert content.count(link) == 1  # In the words.
        sheet = reverse("styling:outfit-piece", args=[suggestion.pk, garment.pk])
        assert content.count(f'href="{sheet}"') == 2


def test_a_failed_answer_says_so_and_offers_another_try(
    page: Client, suggestion: Suggestion
) -> None:
    finish(suggestion, [], status=Suggestion.Status.FAILED, failure="The thread was lost.")
    content = read(page, suggestion)
    assert "The thread was lost." in content
    assert "Ask again" in content


def test_words_of_the_wearer_are_escaped(page: Client, alice: User, suggestion: Suggestion) -> None:
    suggestion.event.note = "<b>bold</b>"
    suggestion.event.save()
    assert "<b>bold" not in read(page, suggestion)


def test_why_this_tells_version_engine_seed_and_trace(
    page: Client, suggestion: Suggestion, clothes: list[Garment]
) -> None:
    call = make_call(make_version("suggest_outfit"))
    leases.record_call(suggestion, call.pk)
    finish(suggestion, clothes, first_word_ms=380.0)
    content = page.get(reverse("styling:outfit-why", args=[suggestion.pk])).content.decode()
    assert "suggest_outfit v1" in content
    assert "Our built-in stylist" in content
    assert "0.38 s" in content
    assert f"{suggestion.seed} · {call.trace_id.hex[:10]}" in content
    assert "As you said it would be; there was no forecast" in content


def test_the_built_in_stylist_is_named(
    page: Client, suggestion: Suggestion, clothes: list[Garment]
) -> None:
    notice = {"seq": 1, "type": "notice", "code": "builtin", "message": ""}
    finish(suggestion, clothes, events=[notice, {"seq": 2, "type": "done"}])
    assert 'data-note="builtin">' in read(page, suggestion)


def test_what_could_not_be_found_is_said(
    page: Client, suggestion: Suggestion, clothes: list[Garment]
) -> None:
    finish(suggestion, clothes[:2], missing=["shoes"])
    assert "<span data-missing>Shoes</span>" in read(page, suggestion)


def test_a_month_shows_its_outfits(
    page: Client, suggestion: Suggestion, clothes: list[Garment]
) -> None:
    finish(suggestion, clothes)
    day = suggestion.event.date
    content = page.get("/outfits/", {"month": f"{day:%Y-%m}"}).content.decode()
    assert "One outfit" in content
    whole_day = reverse("styling:day", args=[day.isoformat()])
    assert whole_day in content
    assert reverse("styling:outfit-detail", args=[suggestion.pk]) in page.get(whole_day).text


@pytest.mark.parametrize("month", ["2020-13", "x", "99999-01", "", "2020-01-01"])
def test_an_impossible_month_is_this_one(page: Client, month: str) -> None:
    response = page.get("/outfits/", {"month": month})
    assert response.context["month"] == date.today().replace(day=1)  # noqa: DTZ011


def test_an_empty_month_says_so(page: Client) -> None:
    assert "Nothing here yet." in page.get("/outfits/").content.decode()


def test_charlie_sees_none_of_alices_outfits(
    client: Client, charlie: User, suggestion: Suggestion, clothes: list[Garment]
) -> None:
    finish(suggestion, clothes)
    client.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    month = f"{suggestion.event.date:%Y-%m}"
    assert str(suggestion.pk) not in client.get("/outfits/", {"month": month}).content.decode()
