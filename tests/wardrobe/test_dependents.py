"""What was guessed from a garment's type, pattern and colour follows them, unless its wearer or the model was sure."""

import pytest
from django.urls import reverse

from feedback.models import Correction
from tests.factories import make_described_garment
from tests.wardrobe.test_garment_edits import edit
from wardrobe.models import Garment
from wardrobe.services.dependents import DEPENDENT
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
