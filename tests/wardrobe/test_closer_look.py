"""The closer look at patterns: when it is made, what it counts, and what it learns from."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lab.synthetic import FabricColour
from lab.synthetic.printing import SHARES, print_on
from lab.training.heads import closeups
from lab.training.heads.closeups import DRAWN, PLAINER, PRINTED, Closeups, look_closer, teach_closer
from lab.training.heads.learning import Field, Lesson
from lab.training.heads.looks import Looks, find_garment
from lab.training.heads.rows import Row
from tests.wardrobe.drawings import draw_sewn, draw_shirt
from tests.wardrobe.shipped import load_shipped, watch_looks
from wardrobe.vision import naming
from wardrobe.vision.garments import crop_middle, detect_garments
from wardrobe.vision.heads import (
    Calibration,
    CloserLook,
    Head,
    read_heads,
    write_heads,
)
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.trunk.sessions import FEATURES, Trunk, find_trunk

WORDS = ("solid", "graphic")
FIELD = Field("pattern", "patterns", WORDS, 100.0)
REPORT = print
TELLING = 300


def make_closer(*, weight: float = 0.5, below: float = 0.9) -> CloserLook:
    """One answer: the more of it, the more a print shows."""
    lean = np.array([[0.0, 2.0], [0.0, 0.0]], dtype=np.float32)
    nothing, one = np.zeros(1, np.float32), np.ones(1, np.float32)
    return CloserLook(nothing, one, Head(WORDS, lean, Calibration(1.0, 0.0)), weight, below)


def test_who_is_sure_looks_once() -> None:
    closer = make_closer()
    assert not closer.is_wanted(np.array([0.92, 0.08], np.float32))
    assert closer.is_wanted(np.array([0.89, 0.11], np.float32))


def test_both_looks_count_by_their_weight() -> None:
    rates, seen = np.array([0.7, 0.3], np.float32), np.array([3.0], np.float32)
    assert make_closer(weight=0.0).tell(rates, seen) == ("solid", pytest.approx(0.7, abs=1e-3))
    word, likely = make_closer(weight=1.0).tell(rates, seen)
    assert (word, likely) == ("graphic", pytest.approx(1 / (1 + np.exp(-6)), abs=1e-3))
    word, between = make_closer().tell(rates, seen)
    assert word == "graphic"
    assert 0.3 < between < likely


def test_the_middle_is_a_square_inside_the_photo() -> None:
    image = Image.new("RGB", (400, 300))
    image.paste((255, 0, 0), (0, 0, 40, 300))
    for box, side in (
        ((0.25, 0.25, 0.5, 0.5), 110),
        ((0.0, 0.0, 0.1, 1.0), 165),
        ((0.0, 0.0, 1.0, 1.0), 220),
    ):
        assert crop_middle(image, box).size == pytest.approx((side, side), abs=1)
    assert crop_middle(image, (0.0, 0.0, 0.1, 1.0)).getpixel((5, 5)) == (255, 0, 0)
    assert crop_middle(image, (0.25, 0.25, 0.5, 0.5)).getpixel((0, 0)) == (0, 0, 0)


def test_the_shipped_heads_look_closer_and_keep_it_in_their_file() -> None:
    heads = load_shipped()
    assert heads.closer
    again = read_heads(write_heads(heads)).closer
    assert again
    assert (again.weight, again.below) == (heads.closer.weight, heads.closer.below)
    assert again.head.words == heads.heads["pattern"].words
    assert (again.head.coefficients == heads.closer.head.coefficients).all()
    assert set(heads.heads) == {"type", "pattern", "material", "sleeve", "length", "colour"}


def test_heads_from_before_it_look_once() -> None:
    """As heads do that a site had retrained earlier."""
    assert read_heads(write_heads(replace(load_shipped(), closer=None))).closer is None


@pytest.mark.parametrize(("below", "looks"), [(0.0, [True]), (1.1, [True, False])])
def test_the_trunk_looks_again_as_it_came(
    monkeypatch: pytest.MonkeyPatch, below: float, looks: list[bool]
) -> None:
    heads = load_shipped()
    assert heads.closer
    own = replace(heads, closer=replace(heads.closer, below=below))
    monkeypatch.setattr(naming, "load_heads", lambda *_: own)
    asked = watch_looks(monkeypatch)
    detect_garments(draw_shirt((190, 30, 40)), parameters=VisionParameters())
    assert asked == looks


def test_patterns_are_seen_from_near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patterns laid on drawn garments of which nothing was learned: more are told than by one look."""
    heads, told = load_shipped(), {}
    patterns = [pattern for pattern in SHARES if pattern != "graphic"]
    shown = [lay_pattern(patterns[seed % len(patterns)], seed) for seed in range(24)]
    for name, own in (("once", replace(heads, closer=None)), ("twice", heads)):
        monkeypatch.setattr(naming, "load_heads", lambda *_, own=own: own)
        seen = [detect_garments(image, parameters=VisionParameters())[0] for _, image in shown]
        told[name] = sum(
            garment.pattern == pattern for garment, (pattern, _) in zip(seen, shown, strict=True)
        )
    assert told["twice"] > told["once"]
    assert told["twice"] >= 20


def lay_pattern(pattern: str, seed: int) -> tuple[str, Image.Image]:
    dyed = FabricColour("navy", "#1f2a4d") if seed % 2 else FabricColour("white", "#e8e6e0")
    type_ = ("shirt", "t-shirt", "dress", "skirt")[seed % 4]
    image = draw_sewn(type_, dyed, size=(480, 640)).image.convert("RGB")
    mask = find_garment(image, VisionParameters()).mask
    return pattern, print_on(image, mask, pattern, np.random.default_rng(5_000 + seed))


@pytest.mark.parametrize("pattern", SHARES)
def test_prints_stay_on_the_cloth_and_in_its_folds(pattern: str) -> None:
    image = draw_sewn("shirt", FabricColour("green", "#3d7a4c"), size=(300, 400)).image
    mask = find_garment(image.convert("RGB"), VisionParameters()).mask
    printed = print_on(image.convert("RGB"), mask, pattern, np.random.default_rng(3))
    again = print_on(image.convert("RGB"), mask, pattern, np.random.default_rng(3))
    assert printed.tobytes() == again.tobytes()
    before, after = (np.asarray(one.convert("RGB"), int) for one in (image, printed))
    changed = np.abs(before - after).max(axis=2)
    inside = np.asarray(Image.fromarray(mask).resize(image.size)) > 0
    assert (changed[inside] > 8).mean() > 0.002
    assert (changed[~inside] > 8).mean() < 0.02


def test_the_shares_of_prints_are_of_one() -> None:
    assert sum(SHARES.values()) == pytest.approx(1)


@pytest.fixture
def lesson() -> Lesson:
    """Forty plain garments and forty printed ones, by eye, and ten drawings."""
    plain = [Row(f"p{n}.jpg", {}, patterns={"solid": 1.0}) for n in range(40)]
    printed = [Row(f"g{n}.jpg", {}, patterns={"graphic": 1.0}) for n in range(40)]
    drawn = [Row(f"{n}.png", {}, patterns={"graphic": 1.0}, is_real=False) for n in range(10)]
    rows = [*plain, *printed, *drawn]
    rng = np.random.default_rng(1)
    nothing = np.zeros((len(rows), 1), np.float32)
    seen = rng.normal(size=(len(rows), 2, FEATURES)).astype(np.float32)
    files = np.array([row.file for row in rows])
    return Lesson(rows, Looks(files, seen, *[nothing] * 7))


def show(lesson: Lesson) -> Closeups:
    """A copy of each plain garment, printed; the first TELLING answers tell prints."""
    rows = np.array([*range(90), *range(40)])
    prints = np.array([""] * 90 + ["graphic"] * 40)
    seen = np.random.default_rng(2).normal(size=(130, 2, FEATURES)).astype(np.float32)
    is_print = np.array([0] * 40 + [1] * 90)
    seen[:, :, :TELLING] += 3 * is_print[:, None, None]
    return Closeups(rows, seen, prints)


def test_a_copy_is_what_was_printed_on_it(lesson: Lesson) -> None:
    shown = show(lesson)
    accepted, weights = shown.accepted(lesson, FIELD), shown.weights(lesson)
    assert accepted[0].tolist() == [1, 0]
    assert accepted[90].tolist() == [0, 1]
    assert weights[[0, 40, 80, 90]] == pytest.approx([1 + PLAINER, 1, DRAWN, PRINTED])


def test_the_closer_look_learns_prints_and_how_sure_it_may_be(lesson: Lesson) -> None:
    """The first look cannot tell: half of what is unsure is wrong. The closer one can."""
    rates = np.tile(np.array([0.55, 0.45], np.float32), (len(lesson.rows), 1))
    rates[:5] = 0.95, 0.05
    closer, (unsure, sure) = teach_closer(lesson, FIELD, rates, show(lesson), seed=1)
    assert (unsure.count, sure.count) == (75, 5)
    assert unsure.right > 68
    print_seen = np.zeros(FEATURES, np.float32)
    print_seen[:TELLING] = 3
    word, likely = closer.tell(rates[0], print_seen)
    assert word == "graphic"
    assert likely > 0.8


def test_what_the_first_look_is_sure_of_stands(lesson: Lesson) -> None:
    rates = np.tile(np.array([0.95, 0.05], np.float32), (len(lesson.rows), 1))
    rates[:5] = 0.5, 0.5
    _, (unsure, sure) = teach_closer(lesson, FIELD, rates, show(lesson), seed=1)
    assert (unsure.count, sure.count) == (5, 75)
    assert sure.right == 35


def test_what_was_seen_before_is_not_looked_at_again(
    tmp_path: Path, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of photos labelled by eye and of drawings; the copies are named with their garment's row."""
    looked: list[str] = []

    def look(path: Path, trunk: Trunk, count: int) -> Iterator[tuple[str, np.ndarray]]:
        looked.append(path.name)
        for copy in range(count):
            yield ("striped" if copy else ""), np.full((2, FEATURES), copy, np.float32)

    monkeypatch.setattr(closeups, "look_at_middles", look)
    trunk = find_trunk()
    assert trunk
    paths = [Path(row.file) for row in lesson.rows]
    first, again = (
        look_closer(lesson, paths, tmp_path / "closeups.npz", trunk, report=REPORT)
        for _ in range(2)
    )
    assert sorted(looked) == sorted(row.file for row in lesson.rows[:90])
    assert first.rows[:4].tolist() == [0, 0, 0, 1]
    assert first.prints[:4].tolist() == ["", "striped", "striped", ""]
    assert (again.seen == first.seen).all()
    assert again.prints.tolist() == first.prints.tolist()
