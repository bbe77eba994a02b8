"""A doubted type is asked as one of two: at a tap it is confirmed or corrected, and it can be undone."""

import pytest
from django.urls import reverse

from feedback.models import Correction
from tests.factories import make_described_garment, make_garment
from wardrobe.models import Garment

HTMX = {"HX-Request": "true"}
SNEAKERS = [{"value": "sneakers", "confidence": 0.4}, {"value": "loafers", "confidence": 0.1}]


@pytest.fixture
def garment(alice) -> Garment:
    return make_described_garment(
        alice,
        type="sandals",
        slot="shoes",
        name="Navy sandals",
        confidence={"type": 0.5, "colours": 0.9},
        alternatives={"type": SNEAKERS},
    )


def answer(client, garment: Garment, *, htmx: bool = True, **data: str):
    address = reverse("wardrobe:garment-choose-type", args=[garment.pk])
    response = client.post(address, data, headers=HTMX if htmx else {})
    if response.status_code != 404:
        garment.refresh_from_db()
    return response


def edit_type(client, garment: Garment, **data: str) -> str:
    address = reverse("wardrobe:garment-edit-field", args=[garment.pk, "type"])
    page = client.post(address, data, headers=HTMX).content.decode()
    garment.refresh_from_db()
    return page


def test_the_rack_asks_which_of_the_likeliest_two_it_is(as_alice, garment):
    page = as_alice.get(reverse("wardrobe:garment-list")).content.decode()
    assert 'aria-label="Navy sandals: Sandals or sneakers?"' in page
    assert '<button class="button" name="choose" value="sneakers">Sneakers</button>' in page
    assert "Loafers" not in page


def test_the_other_type_is_a_correction_and_renames_the_piece(as_alice, garment):
    page = answer(as_alice, garment, choose="sneakers").content.decode()
    correction = Correction.objects.get()
    assert (correction.model_value, correction.user_value) == ("sandals", "sneakers")
    assert (garment.type, garment.name, garment.status) == ("sneakers", "Navy sneakers", "ready")
    assert "Sneakers it is." in page
    assert "All looked at" in page


def test_what_stands_above_the_wall_follows_the_answer(as_alice, alice, garment):
    for slot, type_ in (("top", "shirt"), ("bottom", "jeans")):
        make_garment(alice, slot=slot, type=type_)
    wall = as_alice.get(reverse("wardrobe:garment-list")).text
    assert "Something wants a look." in wall and "Look at “Navy sandals” first" in wall
    page = answer(as_alice, garment, choose="sandals").text
    assert 'id="wanting" hidden hx-swap-oob="true"' in page
    assert 'id="first-day" hx-swap-oob="true"' in page
    assert "Enough for a first outfit." in page and "Look at" not in page
    page = answer(as_alice, garment, undo="1").text
    assert "Something wants a look." in page and "Look at “Navy sandals” first" in page


def test_the_models_own_type_is_confirmed_without_a_correction(as_alice, garment):
    answer(as_alice, garment, choose="sandals")
    assert (garment.type, garment.status) == ("sandals", "ready")
    assert garment.guesses == []
    assert not Correction.objects.exists()


@pytest.mark.parametrize("chosen", ["sandals", "sneakers"])
def test_undo_asks_again(as_alice, garment, chosen):
    answer(as_alice, garment, choose=chosen)
    page = answer(as_alice, garment, undo="type").content.decode()
    assert (garment.type, garment.name, garment.status) == (
        "sandals",
        "Navy sandals",
        "needs_review",
    )
    assert "Sandals or sneakers?" in page
    assert not Correction.objects.exists()


def test_a_type_that_was_not_asked_settles_nothing(as_alice, garment):
    answer(as_alice, garment, choose="coat")
    assert (garment.type, garment.status) == ("sandals", "needs_review")


def test_a_type_that_was_retired_is_not_asked(as_alice, garment):
    Garment.objects.update(alternatives={"type": [{"value": "galoshes", "confidence": 0.4}]})
    page = as_alice.get(reverse("wardrobe:garment-list")).content.decode()
    assert "Not sure of the kind" in page
    answer(as_alice, garment, choose="galoshes")
    assert garment.type == "sandals"


def test_a_name_that_the_wearer_gave_stays(as_alice, garment):
    Garment.objects.update(name="Beach pair")
    answer(as_alice, garment, choose="sneakers")
    assert garment.name == "Beach pair"


def test_charlie_cannot_answer_for_alice(as_charlie, garment):
    assert answer(as_charlie, garment, choose="sneakers").status_code == 404


def test_without_javascript_the_answer_can_be_undone_from_the_notice(as_alice, garment):
    response = answer(as_alice, garment, htmx=False, choose="sneakers")
    page = as_alice.get(response["Location"]).content.decode()
    address = reverse("wardrobe:garment-choose-type", args=[garment.pk])
    assert f'action="{address}?undo"' in page
    as_alice.post(f"{address}?undo")
    garment.refresh_from_db()
    assert garment.type == "sandals"


def test_the_page_of_the_piece_asks_and_answers_the_same(as_alice, garment):
    page = as_alice.get(reverse("wardrobe:garment-detail", args=[garment.pk])).content.decode()
    assert "<strong>Sandals or sneakers?</strong>" in page
    page = edit_type(as_alice, garment, choose="sneakers")
    assert "The stylist thought <s>sandals</s>. You said <b>sneakers</b>." in page
    assert 'id="field-name" hx-swap-oob="true"' in page
    assert "Sandals or sneakers?" in edit_type(as_alice, garment, undo="type")


@pytest.mark.parametrize(
    ("changes", "is_asked"),
    [
        ({}, True),
        ({"alternatives": {}}, False),
        ({"confidence": {"type": 0.7, "colours": 0.9}, "doubts": ["type"]}, True),
        ({"confidence": {"type": 0.7, "colours": 0.9}, "doubts": []}, False),
        ({"confidence": {"type": 0.9, "colours": 0.3}}, False),
        ({"edited_fields": ["type"]}, False),
    ],
)
def test_only_a_doubt_that_is_not_settled_is_asked(alice, changes, is_asked):
    fields = {"confidence": {"type": 0.5}, "alternatives": {"type": SNEAKERS}, **changes}
    garment = make_described_garment(alice, type="sandals", slot="shoes", **fields)
    assert garment.type_choices == (["sandals", "sneakers"] if is_asked else [])


def test_a_piece_that_is_doubted_in_something_else_says_in_what(as_alice, alice):
    make_described_garment(alice, confidence={"type": 0.9, "pattern": 0.3, "material": 0.4})
    page = as_alice.get(reverse("wardrobe:garment-list")).content.decode()
    assert "Not sure of the pattern and cloth" in page
