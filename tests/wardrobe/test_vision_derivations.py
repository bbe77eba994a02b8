import pytest

from tests.wardrobe.terms import read_terms
from wardrobe.vision.derivations import SCALE, USUAL, derive_attributes
from wardrobe.vision.families import FAMILY_OF

TYPES = {term["value"]: term for term in read_terms("types")}


def words_of(name: str) -> list[str]:
    return [term["value"] for term in read_terms(name)]


def test_every_type_that_is_named_has_its_attributes() -> None:
    assert set(USUAL) == set(FAMILY_OF)


@pytest.mark.parametrize("type", sorted(USUAL))
def test_what_is_usual_agrees_with_the_vocabulary(type: str) -> None:
    usual, term = USUAL[type], TYPES[type]
    assert (usual.slot, usual.layering) == (term["slot"], term["layering"])
    assert usual.formality == term["formality"]
    assert usual.water_resistant == term.get("water_resistant", False)


@pytest.mark.parametrize("type", sorted(USUAL))
def test_derived_words_are_in_the_vocabulary(type: str) -> None:
    derived = derive_attributes(type=type, pattern="graphic", colour="blue")
    assert derived.material in words_of("materials")
    assert derived.warmth in words_of("warmth")
    assert set(derived.seasons) <= set(words_of("seasons"))
    assert all(0 < sure < 1 for sure in derived.confidence.values())


@pytest.mark.parametrize("type", sorted(USUAL))
def test_sleeve_and_length_are_words_of_the_type_s_slot(type: str) -> None:
    derived = derive_attributes(type=type, pattern="solid", colour="red")
    for name in ("sleeve", "length"):
        suited = [t["value"] for t in read_terms(f"{name}s") if derived.slot in t["slots"]]
        assert getattr(derived, name) in ["", *suited]
        assert (name in derived.confidence) == bool(getattr(derived, name))


def test_a_type_says_its_sleeves_and_its_length_or_nothing() -> None:
    told = {
        type: (derived.sleeve, derived.length)
        for type in ("t-shirt", "hoodie", "shorts", "jeans", "shirt", "dress")
        if (derived := derive_attributes(type=type, pattern="solid", colour="red"))
    }
    assert told == {
        "t-shirt": ("short", ""),
        "hoodie": ("long", ""),
        "shorts": ("", "short"),
        "jeans": ("", "long"),
        "shirt": ("", ""),
        "dress": ("", ""),
    }


def test_what_is_seen_goes_before_what_is_usual() -> None:
    told = {"material": ("suede", 0.8), "sleeve": ("none", 0.9), "length": ("knee", 0.7)}
    coat, skirt = (
        derive_attributes(type=type, pattern="solid", colour="red", told=told)
        for type in ("coat", "skirt")
    )
    assert (coat.material, coat.sleeve, coat.length) == ("suede", "none", "")
    assert (skirt.sleeve, skirt.length) == ("", "knee")
    assert coat.confidence["material"] == 0.8
    assert coat.seen == {"material", "sleeve"}
    assert skirt.seen == {"material", "length"}


@pytest.mark.parametrize(
    "seen, share",
    [(("knit", 0.4), 0.6), (("", 0.9), 0.9), (("", 0.4), 0.4), (("cotton", 0.4), 1)],
    ids=["another, faintly", "nothing plain", "hardly nothing", "the usual one, faintly"],
)
def test_the_usual_material_is_the_less_sure_the_likelier_another_is(
    seen: tuple[str, float], share: float
) -> None:
    told = {"material": seen}
    shirt = derive_attributes(type="t-shirt", pattern="solid", colour="red", told=told)
    assert shirt.material == "cotton"
    assert shirt.confidence["material"] == pytest.approx(USUAL["t-shirt"].material_sure * share)
    assert shirt.seen == frozenset()


def test_a_material_that_is_not_plain_is_the_usual_one() -> None:
    told = {"material": ("", 0.9)}
    assert (
        derive_attributes(type="coat", pattern="solid", colour="red", told=told).material == "wool"
    )


def test_formality_has_the_vocabulary_s_steps() -> None:
    assert list(SCALE) == words_of("formality")


def test_plain_blue_trousers_are_taken_for_casual_denim() -> None:
    jeans = derive_attributes(type="pants", pattern="solid", colour="blue")
    assert (jeans.material, jeans.formality) == ("denim", "casual")
    assert derive_attributes(type="pants", pattern="plaid", colour="blue").material == "cotton"


def test_plain_blue_trousers_that_do_not_look_like_denim_are_none() -> None:
    told = {"material": ("", 0.9)}
    chinos = derive_attributes(type="pants", pattern="solid", colour="blue", told=told)
    assert (chinos.material, chinos.formality) == ("cotton", "smart_casual")


def test_jeans_are_casual_without_another_step_down() -> None:
    assert derive_attributes(type="jeans", pattern="solid", colour="navy").formality == "casual"


@pytest.mark.parametrize(
    ("type", "pattern", "formality"),
    [
        ("shirt", "striped", "smart_casual"),
        ("shirt", "plaid", "casual"),
        ("dress", "plaid", "smart_casual"),
        ("dress", "animal_print", "casual"),
        ("hoodie", "graphic", "very_casual"),
    ],
)
def test_loud_patterns_are_one_step_more_casual(type: str, pattern: str, formality: str) -> None:
    derived = derive_attributes(type=type, pattern=pattern, colour="red")
    assert derived.formality == formality


def test_coats_for_winter_are_no_summer_clothes() -> None:
    for type in ("coat", "puffer", "parka", "beanie", "gloves", "scarf"):
        derived = derive_attributes(type=type, pattern="solid", colour="black")
        assert "summer" not in derived.seasons
