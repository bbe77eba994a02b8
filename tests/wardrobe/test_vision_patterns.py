import numpy as np
import pytest
from PIL import Image

from tests.wardrobe.drawings import add_noise, weave_checks, weave_stripes
from tests.wardrobe.terms import read_terms
from wardrobe.vision.pattern_training import Sample, fit_model
from wardrobe.vision.patterns import PATTERNS, load_model, name_pattern
from wardrobe.vision.weaving import WEAVES, weave

SIZE = (450, 600)


def pattern_of(cloth: Image.Image, type: str = "shirt") -> str:
    mask = np.ones((256, 192), dtype=bool)
    return name_pattern(add_noise(cloth), mask, type=type)[0]


def test_plain_cloth_is_solid() -> None:
    assert pattern_of(Image.new("RGB", SIZE, (30, 40, 90))) == "solid"


def test_stripes_are_striped_whichever_way_they_run() -> None:
    assert pattern_of(weave_stripes(SIZE)) == "striped"
    assert pattern_of(weave_stripes(SIZE[::-1]).rotate(90, expand=True)) == "striped"


def test_checks_are_not_stripes() -> None:
    assert pattern_of(weave_checks(SIZE)) in {"checkered", "plaid"}


def test_shading_of_folds_is_solid() -> None:
    wave = 110 + 25 * np.sin(np.linspace(0, 12, SIZE[0]))
    pixels = np.broadcast_to(wave[None, :, None], (SIZE[1], SIZE[0], 3)).astype(np.uint8)
    assert pattern_of(Image.fromarray(pixels), type="pants") == "solid"


def test_a_motif_on_the_chest_is_graphic() -> None:
    cloth = Image.new("RGB", SIZE, (240, 240, 240))
    scribble = np.random.default_rng(5).integers(0, 256, (12, 12, 3), dtype=np.uint8)
    cloth.paste(Image.fromarray(scribble).resize((130, 130), Image.Resampling.NEAREST), (160, 150))
    assert pattern_of(cloth, type="t-shirt") == "graphic"


def test_a_print_all_over_is_not_solid() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (60, 45, 3), dtype=np.uint8)
    cloth = Image.fromarray(pixels).resize(SIZE, Image.Resampling.NEAREST)
    assert pattern_of(cloth, type="dress") != "solid"


def test_a_type_of_no_known_family_is_rated_by_its_texture_alone() -> None:
    assert pattern_of(weave_stripes(SIZE), type="swimwear") == "striped"


def test_the_shipped_model_rates_every_pattern() -> None:
    model = load_model()
    rates = model.rate(dict.fromkeys(model.measures, 0.1), "shirt")
    assert rates.shape == (len(PATTERNS),)
    assert rates.sum() == pytest.approx(1, abs=1e-4)


def test_patterns_are_words_of_the_vocabulary() -> None:
    assert set(PATTERNS) == {term["value"] for term in read_terms("patterns")}


@pytest.mark.parametrize("pattern", sorted(WEAVES))
def test_woven_cloth_keeps_what_lies_around_the_garment(pattern: str) -> None:
    inside = np.zeros((90, 60), dtype=bool)
    inside[20:70, 10:50] = True
    plain = np.full((90, 60, 3), (0.6, 0.0, 0.0), dtype=np.float32)
    woven = weave(plain, inside, pattern, np.random.default_rng(2))
    assert np.array_equal(woven[~inside], plain[~inside])
    assert woven[inside].std(0).max() > 0.02


def test_a_model_learns_what_its_samples_accept() -> None:
    samples = [sample_of(0.9, "striped", 2 * n) for n in range(6)]
    samples += [sample_of(0.1, "solid", 2 * n + 1) for n in range(6)]
    model = fit_model(samples, seed=1)
    rates = [model.rate({"wave": wave, "edges": 0.5}, "shirt") for wave in (0.9, 0.1)]
    assert [PATTERNS[int(rate.argmax())] for rate in rates] == ["striped", "solid"]


def sample_of(wave: float, pattern: str, photo: int) -> Sample:
    return Sample({"wave": wave + photo / 100, "edges": 0.5}, "shirt", (pattern,), photo)
