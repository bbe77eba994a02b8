"""The fitting of heads, on problems whose answers are known."""

import json
from pathlib import Path

import numpy as np
import pytest

from lab.training.heads.assembling import keep_finer
from lab.training.heads.calibration import calibration_error, correct_all, fit_calibration
from lab.training.heads.colours import MIXTURE_FACTS, Palette, find_slopes, fit_colours
from lab.training.heads.learning import FIELDS
from lab.training.heads.regression import fit_softmax, rate
from lab.training.heads.rows import OURS, read_drawn, read_labelled
from lab.training.splits import split_folds
from tests.conftest import ROOT
from wardrobe.vision.families import FAMILY_OF
from wardrobe.vision.hues import MEASURES, measure_groups


def test_a_regression_finds_what_separates() -> None:
    rng = np.random.default_rng(1)
    answers = rng.normal(size=(300, 3)).astype(np.float32)
    truth = (answers[:, 0] > 0).astype(int)
    accepted = np.eye(2, dtype=np.float32)[truth]
    fitted = fit_softmax(answers, accepted, np.ones(300, np.float32), decay=0.1)
    assert (rate(answers, fitted).argmax(axis=1) == truth).mean() > 0.97
    assert abs(fitted[0, 0]) > 5 * abs(fitted[1:3]).max()


def test_any_accepted_word_will_do() -> None:
    """Rows of which two words are right leave it to the others which of them is likely."""
    answers = np.zeros((30, 1), dtype=np.float32)
    accepted = np.array([[1, 0, 0]] * 10 + [[1, 1, 0]] * 20, dtype=np.float32)
    fitted = fit_softmax(answers, accepted, np.ones(30, np.float32), decay=1.0)
    assert rate(answers[:1], fitted)[0, 0] > 0.95


def test_what_is_measured_is_not_learned_again() -> None:
    """Measured logits that tell all leave nothing to the answers."""
    answers = np.array([[1.0], [-1.0]] * 20, dtype=np.float32)
    accepted = np.eye(2, dtype=np.float32)[[0, 1] * 20]
    weights, measured = np.ones(40, np.float32), 20 * accepted
    alone = fit_softmax(answers, accepted, weights, decay=1.0)
    beside = fit_softmax(answers, accepted, weights, decay=1.0, measured=measured)
    assert abs(beside[0]).max() < 1e-3 < abs(alone[0]).min()
    assert rate(answers, beside, measured).argmax(axis=1).tolist() == [0, 1] * 20


def test_calibration_finds_how_often_something_is_right() -> None:
    rng = np.random.default_rng(2)
    likely = rng.uniform(0.02, 0.98, 4000)
    right = rng.random(4000) < likely**2
    before = calibration_error(likely, right)
    after = calibration_error(correct_all(fit_calibration(likely, right), likely), right)
    assert before > 0.1
    assert after < 0.03


def test_photos_that_are_alike_share_a_fold() -> None:
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(60, 40)).astype(np.float32)
    twins = vectors + rng.normal(scale=0.01, size=vectors.shape).astype(np.float32)
    folds = split_folds(np.concatenate([vectors, twins]), folds=5, seed=1)
    assert folds[:60].tolist() == folds[60:].tolist()
    assert set(folds) == set(range(5))


def write_label(file: Path, **known: object) -> None:
    label = {"file": "train/pants/a.jpg", "type": "jeans", "also": ["pants", "chinos"]}
    label |= {"colors": ["blue", "navy"], "pattern": "solid", "sleeve": "long", "material": "denim"}
    file.write_text(json.dumps(label | known) + "\n")


def test_a_finer_word_goes_before_its_family_s(tmp_path: Path) -> None:
    write_label(tmp_path / "train.jsonl")
    (row,) = read_labelled(tmp_path / "train.jsonl")
    assert row.types == {"jeans": 1.0, "chinos": 0.5}
    assert row.colours == {"blue": 1.0, "navy": 0.5}
    assert (row.lengths, row.sleeves) == ({"long": 1.0}, {})


def test_our_labels_are_words_that_heads_know() -> None:
    lines = [json.loads(line) for line in (ROOT / OURS).read_text().splitlines()]
    rows = read_labelled(ROOT / OURS)
    assert len(rows) == len(lines) == 1258
    words = {field.known: set(field.words) for field in FIELDS}
    for row in rows:
        assert row.types, row.file
        for known, field_words in words.items():
            assert set(getattr(row, known)) <= field_words, row.file


def test_the_first_label_of_a_photo_holds(tmp_path: Path) -> None:
    write_label(tmp_path / "given.jsonl", type="jeans", also=[])
    write_label(tmp_path / "ours.jsonl", type="chinos", also=[])
    (row,) = read_labelled(tmp_path / "given.jsonl", tmp_path / "ours.jsonl")
    assert row.types == {"jeans": 1.0}


@pytest.mark.parametrize(
    ("type", "sleeves", "lengths"), [("skirt", {}, {"knee": 1.0}), ("dress", {"short": 1.0}, {})]
)
def test_a_drawing_tells_how_far_it_reaches(
    tmp_path: Path, type: str, sleeves: dict[str, float], lengths: dict[str, float]
) -> None:
    """How long a dress is no head learns, for no photo is labelled with it."""
    drawn = {"type": type, "pattern": "solid", "material": "cotton", "colours": ["red"]}
    reach = {"sleeve": "short" if type == "dress" else "", "length": "knee"}
    (tmp_path / "7.json").write_text(json.dumps(drawn | reach))
    (row,) = read_drawn(tmp_path)
    assert (row.sleeves, row.lengths) == (sleeves, lengths)


def test_families_own_words_are_never_the_finest() -> None:
    kept = keep_finer(np.ones((1, len(FAMILY_OF)), dtype=np.float32))[0]
    assert [bool(one) for one in kept] == [word != own for word, own in FAMILY_OF.items()]


@pytest.fixture
def palette() -> Palette:
    """Dark blue garments are navy, light ones are light blue; half of each has a second group."""
    rng = np.random.default_rng(4)
    light = rng.choice([0.25, 0.8], size=80)
    centres = np.stack([light, np.full(80, -0.02), np.full(80, -0.1)], axis=1)[:, None]
    centres = np.repeat(centres, 2, axis=1) + rng.normal(scale=0.01, size=(80, 2, 3))
    truth = np.stack([light < 0.5, light > 0.5, np.zeros(80)], axis=1).astype(float)
    ground = np.tile([0.9, 0.8, 0.0, 0.0], (80, 1))
    return Palette(centres, np.tile([0.7, 0.3], (80, 1)), ground, truth, np.ones(80))


def test_colours_are_learned_from_names(palette: Palette) -> None:
    model = fit_colours(palette, ("navy", "light_blue"))
    groups = model.rate_groups(palette.centres.astype("f"), palette.ground[:, None].astype("f"))
    rates = model.rate_garments(groups, palette.shares.astype("f"))
    assert (rates.argmax(axis=1) == palette.accepted.argmax(axis=1)).all()


def test_the_slopes_of_colours_are_those_of_the_loss(palette: Palette) -> None:
    """By finite differences; many colours are ruled out, for their facts count as given."""
    measures = measure_groups(palette.centres, palette.ground[:, None])
    rng = np.random.default_rng(5)
    coefficients = rng.normal(scale=0.1, size=(MEASURES, 2))
    mixing = np.zeros(MIXTURE_FACTS)
    mixing[0] = -20.0
    _, slope, _ = find_slopes(coefficients, mixing, measures, palette)
    for place in ((1, 0), (4, 1)):
        step = np.zeros_like(coefficients)
        step[place] = 1e-2
        up, down = (
            find_slopes(coefficients + sign * step, mixing, measures, palette)[0]
            for sign in (1, -1)
        )
        assert slope[place] == pytest.approx((up - down) / 2e-2, rel=0.05, abs=1e-4)
