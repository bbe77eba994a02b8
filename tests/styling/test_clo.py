import pytest

from styling.stylist.clo import INDOOR_CLO, OUTDOOR_AIR_CLO, ensemble_clo, needed_clo
from styling.stylist.comfort import strip_layers, sum_clo
from tests.styling.wardrobes import cut_piece, make_piece


@pytest.mark.parametrize(("celsius", "clo"), [(25, 0.1), (20, 0.4), (10, 1.1), (0, 1.9)])
def test_strolling_needs_what_the_heat_balance_says(celsius: float, clo: float) -> None:
    assert needed_clo(celsius, 116) == pytest.approx(clo, abs=0.08)


def test_walking_needs_less_than_standing() -> None:
    assert needed_clo(5, 165) < needed_clo(5, 116) < needed_clo(5, 93)


def test_strong_wind_and_still_air() -> None:
    calm, windy = (needed_clo(5, 116, air_clo=air) for air in (0.7, 0.25))
    assert calm < needed_clo(5, 116, air_clo=OUTDOOR_AIR_CLO) < windy


def test_nobody_needs_less_than_nothing() -> None:
    assert needed_clo(45, 116) == 0


def test_a_desk_asks_for_a_light_business_outfit() -> None:
    assert pytest.approx(0.75, abs=0.05) == INDOOR_CLO


def test_an_ensemble_is_less_than_the_sum_of_its_garments() -> None:
    assert ensemble_clo(1.0) == pytest.approx(0.996)
    summer = [make_piece("t-shirt", warmth="light"), make_piece("shorts"), make_piece("sandals")]
    assert sum_clo(summer) == pytest.approx(0.161 + 0.835 * (0.08 + 0.07 + 0.02 + 0.04))


def test_layers_come_off_and_an_only_sweater_stays() -> None:
    shirt, sweater, blazer = make_piece("shirt"), make_piece("sweater"), make_piece("blazer")
    trousers, coat, scarf = make_piece("pants"), make_piece("coat"), make_piece("scarf")
    assert strip_layers([shirt, sweater, blazer, trousers, coat, scarf]) == [shirt, trousers]
    assert strip_layers([sweater, trousers, coat]) == [sweater, trousers]


@pytest.mark.parametrize(
    ("type_", "facts", "clo"),
    [
        ("shirt", {}, 0.25),
        ("shirt", {"sleeve": "long"}, 0.25),
        ("shirt", {"sleeve": "short"}, 0.19),
        ("shirt", {"sleeve": "none"}, 0.13),
        ("t-shirt", {"warmth": "light", "sleeve": "long"}, 0.11),
        ("sweater", {"sleeve": "none"}, 0.15),
        ("jacket", {"sleeve": "none"}, 0.13),
        ("pants", {"length": "long"}, 0.24),
        ("pants", {"length": "short"}, 0.06),
        ("pants", {"length": "knee"}, 0.11),
        ("shorts", {"length": "knee"}, 0.11),
        ("skirt", {"warmth": "light", "length": "short"}, 0.10),
        ("skirt", {"warmth": "light", "length": "long"}, 0.18),
        ("dress", {"sleeve": "none"}, 0.23),
        ("dress", {"sleeve": "long", "length": "knee"}, 0.33),
        ("shoes", {"sleeve": "none", "length": "short"}, 0.03),
    ],
)
def test_sleeves_and_lengths_are_worth_what_the_tables_say(
    type_: str, facts: dict[str, str], clo: float
) -> None:
    assert cut_piece(type_, **facts).clo == pytest.approx(clo, abs=0.006)


@pytest.mark.parametrize(
    ("type_", "kind", "words"),
    [
        ("shirt", "sleeve", ("none", "short", "long")),
        ("dress", "sleeve", ("none", "short", "long")),
        ("pants", "length", ("short", "knee", "long")),
        ("skirt", "length", ("short", "knee", "long")),
    ],
)
@pytest.mark.parametrize("warmth", ["light", "medium", "heavy"])
def test_what_covers_more_is_warmer(
    type_: str, kind: str, words: tuple[str, ...], warmth: str
) -> None:
    worth = [cut_piece(type_, warmth=warmth, **{kind: word}).clo for word in words]
    assert worth == sorted(set(worth))


def test_the_wearers_own_clo_stands() -> None:
    assert cut_piece("shirt", sleeve="short", clo=0.5).clo == 0.5
