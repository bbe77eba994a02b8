"""How the heads' likelihoods become words: the finest that is likely enough, else the family's."""

from dataclasses import replace

import numpy as np
import pytest
from django.conf import settings
from PIL import Image

from wardrobe.vision import expectation, naming
from wardrobe.vision.classifier import TypeGuess, load_classifier
from wardrobe.vision.cloth import load_layers
from wardrobe.vision.garments import DetectedGarment, detect_garments
from wardrobe.vision.heads import Calibration, Head, Heads, load_heads, read_heads, write_heads
from wardrobe.vision.naming import Name, choose_name
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.trunk.sessions import find_trunk

SHIRT = settings.BASE_DIR / "fixtures" / "demo" / "photos" / "white-shirt.jpg"
AS_IT_IS = Calibration(1.0, 0.0)
LOADERS = (find_trunk, load_heads, load_layers, load_classifier, expectation.load_expectation)
NO_OPINION = TypeGuess("shoes", 0.0, {})
WORDS = ("shoes", "sneakers", "sandals", "hat")


def make_heads(calibration: Calibration = AS_IT_IS) -> Heads:
    """Two answers: the first speaks for sneakers, the second for sandals."""
    lean = np.array([[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, -9]], dtype=np.float32)
    return Heads(
        means=np.zeros(3, dtype=np.float32),
        deviations=np.ones(3, dtype=np.float32),
        heads={"type": Head(WORDS, lean, calibration)},
        family_weight=0.5,
        type_weight=0.5,
        families=AS_IT_IS,
    )


def choose(types: dict[str, float], *, calibration: Calibration = AS_IT_IS) -> Name:
    heads = make_heads(calibration)
    return choose_name(types, heads, np.zeros(3, dtype=np.float32), certainty=0.6)


def test_a_likely_finer_name_is_told() -> None:
    name = choose({"sneakers": 0.8, "sandals": 0.15, "hat": 0.05})
    assert (name.type, name.confidence) == ("sneakers", pytest.approx(0.8))
    assert name.family_confidence == pytest.approx(0.95)


def test_two_likely_finer_names_are_their_family_and_a_choice() -> None:
    name = choose({"sneakers": 0.5, "sandals": 0.44, "hat": 0.06})
    assert (name.type, name.confidence) == ("shoes", pytest.approx(0.94))
    assert [type_ for type_, _ in name.alternatives] == ["sneakers", "sandals", "hat"]


def test_what_is_told_is_as_sure_as_it_was_right() -> None:
    name = choose({"sneakers": 0.9, "shoes": 0.1}, calibration=Calibration(1.0, -1.5))
    assert (name.type, name.confidence) == ("sneakers", pytest.approx(0.6676, abs=1e-3))
    humble = choose({"sneakers": 0.9, "shoes": 0.1}, calibration=Calibration(1.0, -2.5))
    assert humble.type == "shoes"


def test_the_type_networks_opinion_of_the_family_counts() -> None:
    heads, nothing = make_heads(), np.zeros(3, dtype=np.float32)
    alone = heads.rate_types(nothing, NO_OPINION)
    told = heads.rate_types(nothing, TypeGuess("hat", 0.9, {"hat": 0.999, "shoes": 0.001}))
    assert told["hat"] > 10 * alone["hat"]
    assert sum(told.values()) == pytest.approx(1)


def test_the_type_networks_opinion_of_the_type_counts_inside_the_family() -> None:
    heads, nothing = make_heads(), np.zeros(3, dtype=np.float32)
    opinion = {"sandals": 0.09, "sneakers": 0.01, "hat": 0.9}
    told = heads.rate_types(nothing, TypeGuess("shoes", 0.5, {"shoes": 0.5, "hat": 0.5}, opinion))
    assert told["sandals"] / told["sneakers"] == pytest.approx(3, abs=0.01)


def test_answers_beyond_four_deviations_tell_no_more() -> None:
    heads = make_heads()
    far, farther = (heads.standardise(np.array([x, 0, 0], np.float32)) for x in (5, 50))
    assert far.tolist() == farther.tolist()


def test_heads_survive_their_file() -> None:
    heads = make_heads()
    again = read_heads(write_heads(heads))
    seen = np.array([0.5, -1, 2], dtype=np.float32)
    one, other = (known.rate_types(seen, NO_OPINION) for known in (again, heads))
    assert one == pytest.approx(other, abs=1e-3)
    assert again.heads["type"].words == WORDS


def test_a_head_leans_on_what_is_measured() -> None:
    lean = np.array([[2, 0], [0, 0], [0, 0], [0, 0]], dtype=np.float32)
    heads = replace(make_heads(), heads={"colour": Head(("navy", "black"), lean, AS_IT_IS)})
    leaning = heads.lean("colour", np.array([1, 0, 0], dtype=np.float32))
    assert leaning is not None
    measured = np.array([0.6, 0.4], dtype=np.float32)
    black, navy = leaning.join(["black", "navy"], measured)
    assert (black < 0.6 * 0.4, black + navy) == (True, pytest.approx(1))
    assert make_heads().lean("colour", measured) is None


def detect(parameters: VisionParameters) -> DetectedGarment:
    with Image.open(SHIRT) as opened:
        (garment,) = detect_garments(opened.convert("RGB"), parameters=parameters)
    return garment


def test_without_the_trunk_the_type_networks_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    by_networks = detect(replace(VisionParameters(), heads="", heads_sha256=""))
    for module in (naming, expectation):
        monkeypatch.setattr(module, "find_trunk", lambda: None)
    assert detect(VisionParameters()) == by_networks


def test_with_the_trunk_sleeves_are_seen() -> None:
    by_networks = detect(replace(VisionParameters(), heads="", heads_sha256=""))
    seen = detect(VisionParameters())
    assert seen.confidence["type"] != by_networks.confidence["type"]
    assert seen.sleeve in {"none", "short", "long"}
    assert all(0 <= likely <= 1 for _, likely in seen.alternatives)


def test_what_a_worker_loads_is_all_that_its_children_need() -> None:
    naming.load_engine(VisionParameters())
    loaded = [load.cache_info().misses for load in LOADERS]
    detect(VisionParameters())
    assert [load.cache_info().misses for load in LOADERS] == loaded
