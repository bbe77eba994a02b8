"""Pieces that a wearer asks for or leaves out, picked at the question: with and without scripts, and after it."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from styling.models import Suggestion
from styling.selectors import PICKS_PER_PAGE
from tests.factories import make_garment
from wardrobe.models import Garment

pytestmark = pytest.mark.django_db
ASK = "/today/"


@pytest.fixture
def page(client: Client, alice: User, clothes: list[Garment]) -> Client:
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return client


def question(owner: User, **more: Any) -> dict[str, Any]:
    return {
        "request_key": str(uuid4()), "kind": "casual", "day": owner.today.isoformat(),
        "starts_at": "21:00", "ends_at": "23:30", "place": "", "note": "", **more,
    }  # fmt: skip


def test_pieces_are_picked_a_kind_at_a_time_and_the_question_stays_as_it_is(
    page: Client, alice: User, clothes: list[Garment]
) -> None:
    shirt, trousers, _ = clothes
    asked = question(
        alice, note="By bicycle", keep=[shirt.pk], without=[trousers.pk], pick="bottom"
    )
    shown = page.post(ASK, asked)
    content = shown.content.decode()
    assert not Suggestion.objects.exists() and shown.status_code == 200
    assert "By bicycle" in content and 'value="21:00"' in content
    assert "With: Navy shirt" in content, "it is chosen, and of another kind"
    assert f'name="without" value="{trousers.pk}" data-either checked' in content
    part = page.post(ASK, asked, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "With: Navy shirt" in part


def test_what_is_picked_is_worn_or_left_out_and_stays_so_in_another_answer(
    page: Client, alice: User, clothes: list[Garment]
) -> None:
    tee = make_garment(alice, name="White tee", type="t-shirt")
    page.post(ASK, question(alice, keep=[tee.pk], without=[clothes[2].pk]))
    first = Suggestion.objects.get()
    page.post(reverse("styling:outfit-another", args=[first.pk]), {"request_key": str(uuid4())})
    for one in (first, Suggestion.objects.get(previous=first)):
        assert (one.kept, one.without) == ([tee.pk], [clothes[2].pk])
        assert clothes[2].pk not in one.candidates and tee.pk in one.candidates
    why = page.get(reverse("styling:outfit-why", args=[first.pk])).content.decode()
    assert "With: White tee." in why and "Without: Brown boots." in why
    again = page.get(ASK, {"like": first.pk}).content.decode()
    assert "With: White tee" in again and "Without: Brown boots" in again


def test_what_cannot_be_worn_together_is_said(
    page: Client, alice: User, clothes: list[Garment]
) -> None:
    jeans = make_garment(alice, name="Blue jeans", slot="bottom", type="jeans")
    for chosen, said in (
        (
            {"keep": [clothes[1].pk, jeans.pk]},
            "Blue jeans and Grey trousers cannot be worn together. Choose one.",
        ),
        ({"keep": [jeans.pk], "without": [jeans.pk]}, "With it or without it: Blue jeans?"),
    ):
        answer = page.post(ASK, question(alice, **chosen))
        assert answer.status_code == 422 and said in answer.content.decode()
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize("name", ["keep", "without"])
def test_nothing_that_is_away_or_somebody_elses_can_be_picked(
    page: Client, alice: User, name: str
) -> None:
    charlies = make_garment(name="Charlie’s coat")
    washing = make_garment(alice, name="Red shirt", in_wash=True)
    for key in (charlies.pk, washing.pk, "nonsense"):
        answer = page.post(ASK, question(alice, **{name: [key]}))
        assert "cannot be worn now" in answer.content.decode()
        shown = page.post(ASK, question(alice, **{name: [key]}, pick="top")).content.decode()
        assert "Charlie’s coat" not in shown and "Red shirt" not in shown


def test_many_pieces_are_paged(
    page: Client, alice: User, django_assert_max_num_queries: Any
) -> None:
    Garment.objects.bulk_create(
        Garment(owner=alice, name=f"Shirt {number:02}", slot="top", type="shirt", status="ready")
        for number in range(2 * PICKS_PER_PAGE)
    )
    first = page.post(ASK, question(alice, pick="top"), headers={"HX-Request": "true"})
    assert first.content.decode().count("data-either") == 2 * PICKS_PER_PAGE
    with django_assert_max_num_queries(15):
        second = page.post(ASK, question(alice, pick="top 2"), headers={"HX-Request": "true"})
    assert "Shirt 20" in second.content.decode() and "Shirt 00" not in second.content.decode()
    for nonsense in ("", "hats off", "top x", "top 99"):
        assert page.post(ASK, question(alice, pick=nonsense)).status_code == 200
