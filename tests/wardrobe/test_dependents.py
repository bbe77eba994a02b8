"""What was guessed from a garment's type, pattern and colour follows them, unless its wearer or the model was sure."""

import pytest
from django.urls import reverse

from feedback.models import Correction
from tests.factories import make_described_garment, make_garment
from tests.wardrobe.test_garment_edits import edit
from wardrobe.models import Garment
from wardrobe.services.dependents import DEPENDENT, NEEDED
from wardrobe.vision.derivations import derive_attributes

BLUE = [{"name": "blue", "hex": "#2b4c8c", "share": 1.0}]


@pytest.fixture
def leggings(alice) -> Garment:
    """As the built-in engine describes black ones."""
    usual = derive_attributes(type="leggings", pattern="solid", colour="black")
    said = {name: getattr(usual, name) for name in DEPENDENT}
    return make_described_garment(
        alice,
        name="Black leggings",
        slot="bottom",
        type="leggings",
        colours=[{"name": "black", "hex": "#111111", "share": 1.0}],
        confidence={"type": 0.9, "colours": 0.9, "pattern": 0.9, **usual.confidence},
        status="ready",
        doubts=[],
        **said,
    )


def what_follows(garment: Garment) -> dict[str, object]:
    return {name: getattr(garment, name) for name in [*DEPENDENT, "confidence", "set_aside"]}


def test_leggings_that_are_trousers_are_no_longer_polyester_nor_very_casual(as_alice, leggings):
    edit(as_alice, leggings, "type", type="pants")
    assert (leggings.material, leggings.formality, leggings.warmth) == (
        "cotton",
        "smart_casual",
        "medium",
    )
    assert leggings.name == "Black trousers"
    assert [one.field for one in Correction.objects.all()] == ["type"]


def test_another_colour_may_say_denim(as_alice, leggings):
    edit(as_alice, leggings, "type", type="pants")
    edit(as_alice, leggings, "colours", colours=["blue"])
    assert (leggings.material, leggings.formality) == ("denim", "casual")


def test_what_the_wearer_said_stays(as_alice, leggings):
    edit(as_alice, leggings, "material", material="wool")
    edit(as_alice, leggings, "formality", confirm="formality")
    edit(as_alice, leggings, "type", type="pants")
    assert (leggings.material, leggings.formality) == ("wool", "very_casual")


def test_what_the_model_was_sure_of_by_itself_stays(as_alice, alice):
    sure = {"type": 0.7, "material": 0.95, "warmth": 0.5}
    garment = make_described_garment(alice, type="jacket", material="leather", confidence=sure)
    edit(as_alice, garment, "type", type="coat")
    assert (garment.material, garment.warmth) == ("leather", "heavy")


def test_words_that_the_vocabulary_gave_up_are_not_said(as_alice, leggings, monkeypatch):
    monkeypatch.setattr("wardrobe.services.dependents.is_known", lambda name, value: False)
    edit(as_alice, leggings, "type", type="pants")
    assert leggings.material == "polyester"


@pytest.mark.parametrize(
    "way",
    [
        ["pants"],
        ["pants", "skirt"],
        ["t-shirt", "pants"],
        ["rain-boots", "shorts", "belt"],
    ],
)
def test_undo_brings_back_all_that_the_model_had_said(as_alice, leggings, way):
    Garment.objects.filter(pk=leggings.pk).update(warmth="heavy", material="wool")
    leggings.refresh_from_db()
    before = what_follows(leggings)
    for type_ in way:
        edit(as_alice, leggings, "type", type=type_)
    edit(as_alice, leggings, "type", undo="type")
    assert what_follows(leggings) == before


def test_a_correction_of_what_was_derived_is_one_of_what_the_model_had_said(as_alice, leggings):
    edit(as_alice, leggings, "type", type="pants")
    edit(as_alice, leggings, "material", material="wool")
    correction = Correction.objects.get(field="material")
    assert (correction.model_value, correction.confidence) == ("polyester", 0.4)


def add_by_hand(client, **said: object) -> Garment:
    data = {"warmth": "", "formality": "", "water_resistant": "", "colours": ["black"], **said}
    assert client.post(reverse("wardrobe:garment-add"), data).status_code == 302
    return Garment.objects.latest("created_at")


def what_the_stylist_needs(garment: Garment) -> list[object]:
    return [getattr(garment, name) for name in NEEDED]


@pytest.mark.parametrize("way", [["coat"], ["rain-boots", "shorts"], ["belt", "parka"]])
def test_what_was_filled_in_for_a_piece_added_by_hand_follows_its_kind(as_alice, way):
    garment = add_by_hand(as_alice, type="leggings")
    for type_ in way:
        edit(as_alice, garment, "type", type=type_)
    afresh = add_by_hand(as_alice, type=way[-1])
    assert what_the_stylist_needs(garment) == what_the_stylist_needs(afresh)
    assert (garment.name, garment.slot) == (afresh.name, afresh.slot)


def test_what_was_said_of_a_piece_added_by_hand_stays(as_alice):
    garment = add_by_hand(as_alice, type="leggings", warmth="light", water_resistant="no")
    edit(as_alice, garment, "formality", formality="formal")
    edit(as_alice, garment, "type", type="parka")
    assert (garment.warmth, garment.formality, garment.water_resistant) == (
        "light",
        "formal",
        False,
    )
    assert garment.layering == "outer"


def test_a_brand_changes_nothing_that_the_stylist_goes_by(as_alice, alice):
    garment = make_garment(alice, edited_fields=[], warmth="heavy")
    edit(as_alice, garment, "brand", brand="Found")
    assert garment.warmth == "heavy"


def test_a_guess_of_what_boots_do_not_have_is_nobodys_word_on_trousers(as_alice, alice):
    sure = {"type": 0.6, "length": 0.44}
    skirt = make_described_garment(
        alice, slot="bottom", type="skirt", length="knee", confidence=sure
    )
    edit(as_alice, skirt, "type", type="boots")
    assert (skirt.length, skirt.guesses, skirt.status) == ("", [], "ready")
    edit(as_alice, skirt, "type", type="pants")
    assert skirt.length == "long"
    assert "length" not in skirt.edited_fields


def test_a_length_that_the_wearer_confirmed_is_theirs_through_boots(as_alice, alice):
    sure = {"type": 0.6, "length": 0.44}
    skirt = make_described_garment(
        alice, slot="bottom", type="skirt", length="knee", confidence=sure
    )
    edit(as_alice, skirt, "length", confirm="length")
    for type_ in ("boots", "pants"):
        edit(as_alice, skirt, "type", type=type_)
    assert skirt.length == "knee"


def test_the_page_shows_what_followed(as_alice, leggings):
    page = edit(as_alice, leggings, "type", type="t-shirt").content.decode()
    assert '<div class="field" id="field-warmth"' not in page  # light before and after
    assert 'id="field-material" data-sure="likely" hx-swap-oob="true"' in page
    assert 'hx-swap-oob="beforebegin:#field-material"' in page
    assert '<div id="field-length" hx-swap-oob="delete">' in page


def test_a_piece_that_is_ready_asks_for_nothing(as_alice, leggings):
    page = as_alice.get(reverse("wardrobe:garment-detail", args=[leggings.pk])).content.decode()
    assert "Nothing waits for you" in page
    assert "A guess" not in page
    assert "All correct" not in page
