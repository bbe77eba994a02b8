"""Golden labels: how they are read, and how an answer compares with them."""

import json
from pathlib import Path
from typing import Any

import pytest

from registry.tasks import BadExample, ExampleSource, Score
from tests.factories import make_image
from wardrobe import vocabulary
from wardrobe.golden import labels as golden
from wardrobe.golden.labels import GarmentLabel, read_examples
from wardrobe.tasks import SeenColour, SeenGarment

LEFT, RIGHT = [0.05, 0.1, 0.4, 0.8], [0.55, 0.1, 0.4, 0.8]

pytestmark = pytest.mark.usefixtures("words")


def seen(type_: str = "shirt", **fields: Any) -> SeenGarment:
    colours = [SeenColour(name="navy", share=0.8), SeenColour(name="white", share=0.2)]
    return SeenGarment(**{"type": type_, "colours": colours, "pattern": "striped", **fields})


def score_garments(wanted: list[GarmentLabel], found: list[SeenGarment]) -> Score:
    return golden.score_garments(wanted, found, vocabulary.current())


def wrong(score: Score) -> list[tuple[str, str]]:
    return [(field.subject, field.name) for field in score.fields if not field.correct]


def test_only_what_a_label_gives_is_asked() -> None:
    score = score_garments([GarmentLabel(type="shirt", warmth="light")], [seen(warmth="heavy")])
    assert [field.name for field in score.fields] == ["type", "warmth"]
    assert wrong(score) == [("garment 1", "warmth")]


def test_any_acceptable_colour_and_pattern_is_right() -> None:
    label = GarmentLabel(type="shirt", colours=["blue", "navy"], patterns=["striped", "other"])
    assert wrong(score_garments([label], [seen()])) == []


def test_the_main_colour_is_the_one_with_the_largest_share() -> None:
    label = GarmentLabel(type="shirt", colours=["white"])
    assert wrong(score_garments([label], [seen()])) == [("garment 1", "colour")]


def test_a_folders_label_accepts_any_type_of_its_family() -> None:
    folder = GarmentLabel(type="jacket", type_exact=False)
    assert wrong(score_garments([folder], [seen("parka")])) == []
    assert wrong(score_garments([GarmentLabel(type="jacket")], [seen("parka")])) != []


def test_a_missing_garment_is_wrong_in_all_its_fields() -> None:
    labels = [GarmentLabel(type="shirt"), GarmentLabel(type="pants", slot="bottom")]
    score = score_garments(labels, [seen("shirt")])
    assert wrong(score) == [("garment 2", "type"), ("garment 2", "slot")]
    assert (score.wanted, score.answered, score.matched) == (2, 1, 1)


def test_a_garment_too_many_is_one_wrong_field() -> None:
    score = score_garments(
        [GarmentLabel(type="shirt", box=LEFT)], [seen(box=LEFT), seen(box=RIGHT)]
    )
    assert wrong(score) == [("extra garment 1", "extra")]
    assert (score.wanted, score.answered, score.matched) == (1, 2, 1)


def test_boxes_decide_which_garment_a_label_means() -> None:
    labels = [GarmentLabel(type="shirt", box=LEFT), GarmentLabel(type="shirt", box=RIGHT)]
    swapped = [seen(box=RIGHT, warmth="heavy"), seen(box=LEFT, warmth="light")]
    labels[0].warmth, labels[1].warmth = "light", "heavy"
    assert wrong(score_garments(labels, swapped)) == []


def test_no_answer_is_wrong_in_everything() -> None:
    score = score_garments([GarmentLabel(type="shirt", slot="top")], [])
    assert (score.correct, score.total) == (0, 2)


def write_photo(path: Path, colour: str = "#1f2a44") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(make_image(colour=colour))


def test_a_folder_per_type_is_a_dataset(tmp_path: Path) -> None:
    write_photo(tmp_path / "outwear" / "one.jpg")
    (example,) = read_examples(tmp_path)
    assert isinstance(example, ExampleSource)
    assert example.expected["garments"][0]["type"] == "jacket"
    assert not example.expected["garments"][0]["type_exact"]
    assert example.file[8:12] == b"WEBP"


def test_a_list_of_labels_finds_its_photos(tmp_path: Path) -> None:
    write_photo(tmp_path / "validation" / "hat" / "one.jpg")
    entry = {"file": "hat/one.jpg", "type": "hat", "colors": ["navy"], "patterns": ["solid"]}
    (tmp_path / "labelled.json").write_text(json.dumps([entry]))
    (example,) = read_examples(tmp_path)
    assert isinstance(example, ExampleSource)
    assert example.expected["garments"][0]["colours"] == ["navy"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "Invalid JSON"),
        ('{"file": "gone.jpg", "garments": []}', "There is no photo gone.jpg."),
        ('{"file": "../../etc/passwd", "garments": []}', "There is no photo"),
        ('{"file": "one.jpg", "garments": [{"type": "toga"}]}', "no type 'toga'"),
        ('{"file": "one.jpg", "garments": [{"type": "hat", "colour": "red"}]}', "colour"),
        ('{"file": "note.jpg", "garments": []}', "This is a text"),
    ],
)
def test_a_bad_label_says_what_is_wrong(line: str, reason: str, tmp_path: Path) -> None:
    write_photo(tmp_path / "one.jpg")
    (tmp_path / "note.jpg").write_text("just words, and enough of them to be looked at")
    (tmp_path / "labels.jsonl").write_text(line)
    (example,) = read_examples(tmp_path)
    assert isinstance(example, BadExample)
    assert reason in example.reason


def test_an_empty_folder_is_no_dataset(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match=r"labels\.jsonl"):
        list(read_examples(tmp_path))


@pytest.mark.parametrize(
    ("named", "is_right"),
    [
        (["spring", "summer"], True),
        (["spring", "summer", "autumn", "winter"], True),
        (["winter"], False),
        ([], False),
    ],
)
def test_seasons_may_differ_a_little(named: list[str], is_right: bool) -> None:
    label = GarmentLabel(type="shirt", seasons=["spring", "summer", "autumn"])
    assert (wrong(score_garments([label], [seen(seasons=named)])) == []) is is_right


def test_sleeves_count_where_they_are_labelled() -> None:
    label = GarmentLabel(type="shirt", sleeve="short")
    assert wrong(score_garments([label], [seen(sleeve="short")])) == []
    assert wrong(score_garments([label], [seen(length="short")])) == [("garment 1", "sleeve")]


def test_any_acceptable_material_is_right() -> None:
    label = GarmentLabel(type="sweater", materials=["wool", "knit"])
    assert wrong(score_garments([label], [seen("sweater", material="knit")])) == []
