import numpy as np
import pytest
from PIL import Image

from lab.training.patterns import FOLDS, Sample, cross_validate, draw_samples, fit_model
from tests.wardrobe.drawings import add_noise, weave_checks, weave_stripes
from tests.wardrobe.terms import read_terms
from wardrobe.vision.classifier import WeightsMismatchError
from wardrobe.vision.cloth import hash_layers, see_cloth
from wardrobe.vision.patterns import PATTERNS, PatternEvidence, load_model, name_pattern

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
    answers = len(model.means) - len(model.measures)
    look = PatternEvidence(
        dict.fromkeys(model.measures, 0.1), np.zeros(answers, np.float32), "shirt"
    )
    rates = model.rate(look)
    assert rates.shape == (len(PATTERNS),)
    assert rates.sum() == pytest.approx(1, abs=1e-4)


def test_patterns_are_words_of_the_vocabulary() -> None:
    assert set(PATTERNS) == {term["value"] for term in read_terms("patterns")}


def test_a_model_learns_what_its_samples_accept() -> None:
    samples = [sample_of(0.9 + n / 50, "striped") for n in range(6)]
    samples += [sample_of(0.1 + n / 50, "solid") for n in range(6)]
    model = fit_model(samples, seed=1)
    rates = [model.rate(look_of(wave)) for wave in (0.9, 0.1)]
    assert [PATTERNS[int(rate.argmax())] for rate in rates] == ["striped", "solid"]


def sample_of(wave: float, pattern: str) -> Sample:
    return Sample(look_of(wave), (pattern,))


def look_of(wave: float) -> PatternEvidence:
    return PatternEvidence({"wave": wave, "edges": 0.5}, np.full(3, wave, np.float32), "shirt")


def test_photos_are_judged_by_models_that_have_not_seen_them() -> None:
    """Drawings teach and are not judged: here, they teach what is wrong of the photos."""
    photos = [sample_of(0.5, "striped")] * FOLDS
    drawings = [Sample(look_of(0.5), ("floral",), is_real=False)] * 90
    checked = cross_validate([*photos, *drawings], seed=1)
    assert len(checked.samples) == FOLDS
    assert not checked.right.any()


def test_drawn_samples_are_mostly_patterned() -> None:
    samples = draw_samples(4, seed=3, layers_sha256="", report=lambda line: None)
    assert [sample.is_real for sample in samples] == [False] * 4
    assert sum(sample.accepted != ("solid",) for sample in samples) >= 2


def test_the_layers_see_cloth_and_not_what_lies_around_it() -> None:
    cloth = np.asarray(weave_checks((120, 160)))
    inside = np.zeros((160, 120), dtype=bool)
    inside[20:140, 20:100] = True
    elsewhere = np.where(inside[..., None], cloth, 255 - cloth)
    seen, again = (see_cloth(pixels, inside, sha256="") for pixels in (cloth, elsewhere))
    assert seen.shape == ((128 + 192) * 3,)
    assert np.array_equal(seen, again)


def test_other_layers_than_the_models_are_refused() -> None:
    with pytest.raises(WeightsMismatchError, match="cloth_layers"):
        see_cloth(np.zeros((40, 40, 3), np.uint8), np.ones((40, 40), bool), sha256="0" * 64)


def test_the_shipped_model_was_fitted_to_the_shipped_layers() -> None:
    assert load_model().layers_sha256 == hash_layers()
