"""Checks must fire on bad answers, and keep quiet on good ones."""

from dataclasses import replace

import pytest

from styling.checks.violations import check_outfit
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.search import suggest_outfits
from tests.styling.wardrobes import ask, make_piece, make_wardrobe, make_weather

WARDROBE = {piece.name: piece for piece in make_wardrobe()}
RAIN = make_weather(8, 12, rain=range(14, 17))


def codes(
    context: OutfitContext, *names: str, missing: tuple[str, ...] = (), prose: str = ""
) -> set[str]:
    """The codes for an outfit of these garments by name."""
    pieces = [(WARDROBE[name].id, WARDROBE[name].slot) for name in names]
    return {found.code for found in check_outfit(context, pieces, missing, prose)}


def context(celsius: float = 18, kind: str = "casual", **changes: object) -> OutfitContext:
    return ask(WARDROBE.values(), make_weather(celsius), kind, **changes)


GOOD = ("Green polo", "Beige chinos", "White sneakers")


def test_a_good_outfit_has_none() -> None:
    assert codes(context(), *GOOD) == set()


def test_a_garment_that_was_not_offered() -> None:
    found = check_outfit(context(), [("nobody", "top")], (), "")
    assert "unowned_item" in {violation.code for violation in found}


def test_a_garment_in_the_wash() -> None:
    question = context(unavailable=frozenset({"washed"}))
    found = check_outfit(question, [("washed", "top")], (), "")
    assert "unavailable_item" in {violation.code for violation in found}


@pytest.mark.parametrize(
    ("names", "missing"),
    [
        (("Green polo", "Beige chinos"), ()),
        (("Green polo", "Beige chinos"), ("shoes",)),
        (("Green polo", "White sneakers"), ()),
        (("Beige chinos", "White sneakers"), ()),
        (("Sun dress",), ()),
        ((), ()),
    ],
)
def test_an_incomplete_outfit(names: tuple[str, ...], missing: tuple[str, ...]) -> None:
    assert codes(context(), *names, missing=missing) == {"incomplete_outfit"}


def test_what_the_wardrobe_lacks_must_be_said() -> None:
    barefoot = ask([p for p in WARDROBE.values() if p.slot != "shoes"], make_weather(18))
    assert codes(barefoot, *GOOD[:2]) == {"incomplete_outfit"}
    assert codes(barefoot, *GOOD[:2], missing=("shoes",)) == set()


@pytest.mark.parametrize(
    "names",
    [
        (*GOOD, "Black derbies"),
        (*GOOD, "White tee"),
        (*GOOD, "Dark jeans"),
        (*GOOD, "Green polo"),
        ("Sun dress", "Beige chinos", "White sneakers"),
    ],
)
def test_two_pieces_in_one_place(names: tuple[str, ...]) -> None:
    assert "duplicate_slot" in codes(context(), *names)


def test_layers_and_accessories_are_no_duplicates() -> None:
    layers = (
        "Blue oxford",
        "Grey sweater",
        "Navy blazer",
        "Wool coat",
        "Grey trousers",
        "Brown boots",
    )
    assert codes(context(0, "business"), *layers, "Plaid scarf", "Navy beanie") == set()


def test_a_slot_that_is_not_the_garments() -> None:
    pieces = [(WARDROBE[name].id, "hat") for name in GOOD]
    found = check_outfit(context(), pieces, (), "")
    assert {violation.code for violation in found} == {"duplicate_slot"}


@pytest.mark.parametrize(
    ("celsius", "names", "code"),
    [
        (28, (*GOOD, "Long parka"), "coat_when_hot"),
        (28, (*GOOD, "Long parka"), "too_warm"),
        (20, (*GOOD, "Long parka", "Chunky knit"), "too_warm"),
        (0, GOOD, "too_cold"),
        (8, ("Sun dress", "White sneakers"), "too_cold"),
    ],
)
def test_warmth(celsius: float, names: tuple[str, ...], code: str) -> None:
    assert code in codes(context(celsius), *names)


def test_a_coat_is_right_when_a_hot_day_begins_cold() -> None:
    desert = ask(WARDROBE.values(), make_weather(5, 26))
    found = codes(desert, "Green polo", "Dark jeans", "White sneakers", "Long parka", "Chunky knit")
    assert found == set()


def test_nobody_is_blamed_for_a_wardrobe_without_anything_warm() -> None:
    summer = [WARDROBE[name] for name in GOOD]
    assert codes(ask(summer, make_weather(-5)), *GOOD, missing=("outerwear",)) == set()


@pytest.mark.parametrize(
    ("names", "is_wet"),
    [
        (("Blue oxford", "Grey sweater", "Grey trousers", "Brown boots", "Wool coat"), True),
        (
            ("Blue oxford", "Grey sweater", "Grey trousers", "Brown boots", "Olive rain jacket"),
            False,
        ),
    ],
)
def test_rain(names: tuple[str, ...], is_wet: bool) -> None:
    found = codes(ask(WARDROBE.values(), RAIN, "business"), *names)
    assert found == ({"rain_unprotected"} if is_wet else set())


def test_open_shoes_in_the_rain() -> None:
    names = ("Black longsleeve", "Dark jeans", "Long parka", "Tan sandals")
    assert "rain_unprotected" in codes(ask(WARDROBE.values(), RAIN), *names)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("formal", ("White tee", "Wool trousers", "Black derbies")),
        ("business", ("Blue oxford", "Khaki shorts", "Black derbies")),
        ("sports", ("Red tee", "Running leggings", "Black heels")),
    ],
)
def test_a_piece_that_is_off_the_occasion(kind: str, names: tuple[str, ...]) -> None:
    assert "formality_mismatch" in codes(context(20, kind), *names)


def test_a_repeated_outfit_whatever_its_socks() -> None:
    seen = frozenset({frozenset(WARDROBE[name].id for name in (*GOOD, "Wool socks"))})
    assert codes(context(avoid=seen), *GOOD) == {"repeated_outfit"}
    assert codes(context(avoid=seen), "White tee", *GOOD[1:]) == {"repeated_outfit"}
    assert codes(context(avoid=seen), "White tee", "Dark jeans", *GOOD[2:]) == set()


def test_nothing_is_right_only_when_nothing_is_left() -> None:
    few = [WARDROBE[name] for name in GOOD]
    seen = frozenset({frozenset(piece.id for piece in few)})
    assert codes(ask(few, make_weather(18), avoid=seen)) == set()
    assert codes(ask(WARDROBE.values(), make_weather(18), avoid=seen)) == {"incomplete_outfit"}


@pytest.mark.parametrize(
    "prose",
    [
        "Take the Wool coat too.",
        "The wool COAT is warm.",
        "Add your scarf.",
        "With a leather jacket it will do.",
        "Put on the brown boots.",
        "Wear the Green polo under a crisp blazer.",
    ],
)
def test_prose_that_invents_a_garment(prose: str) -> None:
    assert codes(context(), *GOOD, prose=prose) == {"invented_garment"}


@pytest.mark.parametrize(
    "prose",
    [
        "The Green polo with the Beige chinos, and the White sneakers below.",
        "You will not need a coat.",
        "No scarf today.",
        "The polo and the chinos are all you want.",
        "Address the day as it comes; dress codes are loose.",
    ],
)
def test_prose_that_keeps_to_the_outfit(prose: str) -> None:
    assert codes(context(), *GOOD, prose=prose) == set()


def test_a_longer_name_is_not_its_shorter_neighbour() -> None:
    shirt = replace(WARDROBE["White shirt"], id="other", name="Polo")
    question = ask([*WARDROBE.values(), shirt], make_weather(18))
    assert codes(question, *GOOD, prose="The Green polo is enough.") == set()
    assert codes(question, *GOOD, prose="The Polo is enough.") == {"invented_garment"}


@pytest.mark.parametrize(
    "prose",
    [
        "It will rain from two.",
        "Mind the puddles.",
        "Expect snow.",
        "A freezing day.",
        "It will be 31° by noon.",
        "A storm is coming.",
    ],
)
def test_prose_that_invents_weather(prose: str) -> None:
    assert codes(context(18), *GOOD, prose=prose) == {"invented_weather"}


@pytest.mark.parametrize(
    ("prose", "is_true"),
    [
        ("Chilly, then rain from two; 8 to 12°.", True),
        ("It stays dry all day.", False),
        ("A sunny walk home.", False),
        ("A hot day.", False),
    ],
)
def test_prose_about_rain(prose: str, is_true: bool) -> None:
    names = ("Blue oxford", "Grey sweater", "Grey trousers", "Brown boots", "Olive rain jacket")
    found = codes(ask(WARDROBE.values(), RAIN, "business"), *names, prose=prose)
    assert found == (set() if is_true else {"invented_weather"})


def test_a_rain_jacket_says_nothing_about_rain() -> None:
    names = (*GOOD, "Olive rain jacket")
    assert codes(context(14), *names, prose="On top, the Olive rain jacket.") == set()


@pytest.mark.parametrize(
    "prose", ["It will rain.", "A mild 18°.", "Sunny all day.", "Snow is likely."]
)
def test_when_nobody_knows_the_weather_nothing_can_be_said(prose: str) -> None:
    unknown = ask(WARDROBE.values(), None)
    assert codes(unknown, *GOOD, prose=prose) == {"invented_weather"}
    assert codes(unknown, *GOOD, prose="I have no forecast, so these are layers.") == set()


@pytest.mark.parametrize("prose", ["A storm is coming.", "It will be windy.", "A calm day."])
def test_of_wind_that_nobody_knows_nothing_is_said(prose: str) -> None:
    windless = ask(WARDROBE.values(), make_weather(18, wind=None))
    assert codes(windless, *GOOD, prose=prose) == {"invented_weather"}
    assert codes(windless, *GOOD, prose="A mild day.") == set()


def test_degrees_are_read_in_the_wearers_units() -> None:
    assert codes(context(18, units="imperial"), *GOOD, prose="About 64° all day.") == set()
    assert codes(context(18), *GOOD, prose="About 64° all day.") == {"invented_weather"}


@pytest.mark.parametrize("kind", ["casual", "business"])
def test_a_big_wardrobe_is_dressed_without_a_violation(kind: str) -> None:
    pieces: list[Candidate] = [
        make_piece(type_, f"{colour} {type_} {warmth}", colour=colour, warmth=warmth)
        for type_ in ("shirt", "sweater", "pants", "boots", "coat", "rain-jacket", "derbies", "t-shirt", "jeans", "sneakers")
        for colour in ("navy", "grey", "red", "olive")
        for warmth in ("light", "medium", "heavy")
    ]  # fmt: skip
    question = ask(pieces, RAIN, kind)
    for outfit in suggest_outfits(question):
        chosen = [(piece.id, piece.slot) for piece in outfit.pieces]
        assert check_outfit(question, chosen, outfit.missing, "") == []
