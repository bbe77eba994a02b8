import pytest

from styling.stylist.harmony import (
    judge_contrast,
    judge_pairs,
    judge_patterns,
    main_colour,
    parse_hex,
)
from tests.styling.wardrobes import make_piece


def judge(one: str, other: str) -> float:
    """How well two colours of the vocabulary go on two plain garments."""
    pieces = [make_piece("shirt", "A", colour=one), make_piece("pants", "B", colour=other)]
    return float(judge_pairs(pieces)[0, 1])


@pytest.mark.parametrize(
    ("colour", "lightness", "chroma", "hue"),
    [
        ("#ffffff", 1.0, 0.0, None),
        ("#000000", 0.0, 0.0, None),
        ("#ff0000", 0.628, 0.258, 29.2),
        ("#00ff00", 0.866, 0.295, 142.5),
        ("#0000ff", 0.452, 0.313, 264.1),
    ],
)
def test_oklch_of_known_colours(
    colour: str, lightness: float, chroma: float, hue: float | None
) -> None:
    oklch = parse_hex(colour)
    assert oklch is not None
    assert oklch.lightness == pytest.approx(lightness, abs=0.002)
    assert oklch.chroma == pytest.approx(chroma, abs=0.002)
    assert hue is None or oklch.hue == pytest.approx(hue, abs=0.3)


@pytest.mark.parametrize("colour", ["", "red", "#12", "#gggggg", "#1234567"])
def test_what_is_no_colour_is_none(colour: str) -> None:
    assert parse_hex(colour) is None


@pytest.mark.parametrize("neutral", ["black", "white", "grey", "navy", "denim", "beige", "brown"])
def test_neutrals_go_with_everything(neutral: str) -> None:
    assert main_colour(make_piece("pants", colour=neutral))[1]
    for colour in ("red", "green", "yellow", "purple"):
        assert judge(neutral, colour) == 0.9


def test_relatives_beat_opposites_beat_strangers() -> None:
    relatives, opposites, strangers = (
        judge("red", "rust"), judge("blue", "orange"), judge("red", "purple"),
    )  # fmt: skip
    assert relatives > opposites > strangers


def test_muted_strangers_clash_less_than_saturated_ones() -> None:
    assert judge("light_blue", "mint") > judge("red", "purple")


def test_an_unknown_colour_is_neither_good_nor_bad() -> None:
    pieces = [make_piece("shirt", colour="multicolor"), make_piece("pants", colour="red")]
    assert judge_pairs(pieces)[0, 1] == 0.6


def test_contrast_in_lightness_is_good() -> None:
    pieces = [make_piece("shirt", colour=name) for name in ("white", "black", "charcoal")]
    contrast = judge_contrast(pieces)
    assert contrast[0, 1] == 1 > contrast[1, 2]


def test_two_loud_patterns_are_one_too_many_unless_they_share_a_colour() -> None:
    pieces = [
        make_piece("shirt", colour="red", pattern="plaid"),
        make_piece("skirt", colour="red", pattern="floral"),
        make_piece("skirt", colour="green", pattern="floral"),
        make_piece("pants", colour="navy", pattern="striped"),
    ]
    judged = judge_patterns(pieces)
    assert judged[0, 3] == 1 > judged[0, 1] > judged[0, 2]
