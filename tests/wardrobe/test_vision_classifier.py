"""How the two heads of the network become one answer."""

import numpy as np
import pytest

from wardrobe.vision.classifier import Classifier, TypeGuess
from wardrobe.vision.families import (
    FAMILIES,
    FAMILY_NAMES,
    FAMILY_OF,
    PHOTOGRAPHED,
    TYPE_NAMES,
)


def guess(family: dict[str, float], type_: dict[str, float], certainty: float) -> TypeGuess:
    """What a classifier makes of these probabilities; what is left is spread over the others."""
    classifier = Classifier(
        session=None,
        families=list(FAMILY_NAMES),
        types=list(TYPE_NAMES),
        temperatures={"families": 1.0, "types": 1.0},
    )
    return classifier.interpret(spread(family, FAMILY_NAMES), spread(type_, TYPE_NAMES), certainty)


def spread(known: dict[str, float], names: tuple[str, ...]) -> np.ndarray:
    rest = (1 - sum(known.values())) / (len(names) - len(known))
    return np.array([known.get(name, rest) for name in names], dtype=np.float32)


def test_a_type_that_is_plain_to_see_is_named() -> None:
    seen = guess({"jacket": 0.9}, {"parka": 0.95}, certainty=0.7)
    assert (seen.type, seen.family) == ("parka", "jacket")
    assert seen.confidence < seen.family_confidence == pytest.approx(0.9)


def test_an_unsure_type_is_its_family() -> None:
    seen = guess({"jacket": 0.9}, {"parka": 0.5, "coat": 0.45}, certainty=0.7)
    assert seen.type == "jacket"
    assert seen.confidence == pytest.approx(0.9)


def test_a_type_outside_the_family_does_not_count() -> None:
    seen = guess({"pants": 0.9}, {"parka": 0.9, "jeans": 0.09}, certainty=0.7)
    assert seen.type == "jeans"


def test_families_come_most_likely_first() -> None:
    seen = guess({"skirt": 0.5, "dress": 0.4}, {}, certainty=0.7)
    assert list(seen.families)[:2] == ["skirt", "dress"]


def test_every_type_has_one_family_and_every_family_its_own_name() -> None:
    assert len(set(TYPE_NAMES)) == len(TYPE_NAMES) == len(FAMILY_OF) - len(PHOTOGRAPHED)
    assert set(FAMILY_OF.values()) == set(FAMILY_NAMES)
    assert all(name in types for name, types in FAMILIES.items())
