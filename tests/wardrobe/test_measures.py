"""The table that says how good an engine's answers are."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from tests.wardrobe.drawings import draw_shirt
from wardrobe.golden.measures import (
    Answered,
    Figure,
    FinerLabel,
    Truth,
    judge_confidence,
    measure,
    of_finer,
    write_table,
)
from wardrobe.tasks import SeenColour, SeenGarment


def say(type: str, sure: float = 0.9, **told: Any) -> SeenGarment:
    colours = [SeenColour(name=told.pop("colour", "red"))]
    return SeenGarment(type=type, colours=colours, confidence={"type": sure}, **told)


def count(answers: list[Answered]) -> dict[str, tuple[int, int]]:
    """Right and all, by the figure's name."""
    return {figure.name: (sum(figure.right), len(figure.right)) for figure in measure(answers)}


def test_a_family_told_for_a_finer_name_is_right_and_no_finer_name() -> None:
    told = count([Answered(Truth(["sneakers", "derbies"], {}), say("shoes"))])
    assert told["type, any acceptable word"] == (1, 1)
    assert told["family"] == (1, 1)
    assert told["finer name told"] == (0, 1)
    assert told["finer name right, where told"] == (0, 0)


def test_a_wrong_finer_name_is_wrong_and_its_family_right() -> None:
    told = count([Answered(Truth(["sneakers"], {}), say("sandals"), is_asked=True)])
    assert told["type, any acceptable word"] == (0, 1)
    assert told["family"] == (1, 1)
    assert told["finer name right, where told"] == (0, 1)
    assert told["wrong kinds that need a look"] == (1, 1)


def test_the_runner_up_makes_the_top_two_right() -> None:
    seen = say("sandals", alternatives=[{"type": "sneakers", "confidence": 0.3}])
    told = count([Answered(Truth(["sneakers"], {}), seen)])
    assert told["one of the top two right"] == (1, 1)


def test_a_garment_that_was_not_found_is_wrong_in_every_field() -> None:
    told = count([Answered(Truth(["sneakers"], {"colour": ["red"]}), None)])
    assert {told[name] for name in ("family", "colour", "one of the top two right")} == {(0, 1)}


def test_a_gap_is_between_what_is_said_and_how_often_it_is_right() -> None:
    answers = [Answered(Truth(["hat"], {}), say("hat", 0.85)) for _ in range(3)]
    answers.append(Answered(Truth(["dress"], {}), say("hat", 0.85)))
    figure = measure(answers)[0]
    gap = judge_confidence(figure)
    assert gap is not None
    assert gap.error == pytest.approx(0.1)
    assert "3 of 4" in write_table([figure]) and "0.100;" in write_table([figure])


def test_no_gap_is_told_where_no_confidence_was_stated() -> None:
    assert judge_confidence(Figure("slot", right=[True, False])) is None


def draw_figure(count: int, too_sure: float, seed: int) -> Figure:
    rng = np.random.default_rng(seed)
    likely = rng.uniform(0.6, 0.98, count)
    return Figure("x", (rng.random(count) < likely - too_sure).tolist(), likely.tolist())


def test_a_true_engine_is_within_chance_and_one_too_sure_is_not() -> None:
    true, boastful = (
        [judge_confidence(draw_figure(84, too_sure, seed)) for seed in range(20)]
        for too_sure in (0.0, 0.25)
    )
    assert sum(gap.swept > gap.unlucky for gap in true if gap) <= 4
    assert sum(gap.swept > gap.unlucky for gap in boastful if gap) >= 18


def test_swept_bins_add_less_by_chance_than_even_ones() -> None:
    gaps = [judge_confidence(draw_figure(84, 0.0, seed)) for seed in range(40)]
    assert np.mean([gap.swept for gap in gaps if gap]) < np.mean([gap.error for gap in gaps if gap])


def test_how_far_bottoms_reach_is_a_length() -> None:
    label = {"file": "a.jpg", "type": "skirt", "colors": ["red"], "pattern": "solid"}
    finer = FinerLabel.model_validate(label | {"sleeve": "knee"})
    assert of_finer(finer, lambda type_: "bottom").words["length"] == ["knee"]
    assert of_finer(finer, lambda type_: "top").words["sleeve"] == ["knee"]


def test_labelled_photos_are_asked_and_measured(tmp_path: Path) -> None:
    draw_shirt((190, 30, 40)).save(tmp_path / "red.jpg")
    label = {"file": "red.jpg", "type": "t-shirt", "colors": ["red"], "pattern": "solid"}
    labels = tmp_path / "labels.jsonl"
    labels.write_text(json.dumps(label) + "\n" + json.dumps(label | {"file": "gone.jpg"}) + "\n")
    out = io.StringIO()
    call_command("digitize", str(tmp_path), "--labels", str(labels), "--jobs", "1", stdout=out)
    (colour,) = [line for line in out.getvalue().splitlines() if line.startswith("colour ")]
    assert "1 of 2" in colour


def test_a_line_that_is_no_label_is_named(tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    labels.write_text("{}\n")
    with pytest.raises(CommandError, match="line 1"):
        call_command("digitize", str(tmp_path), "--labels", str(labels))
