"""The wearer's note: a table of sentences with what they mean, and outfits that heed them."""

import pytest

from registry.tasks import Task
from styling.checks.hard_faults import judge_pieces
from styling.notes.leanings import Leaning
from styling.notes.matching import find_meant, make_lexicon
from styling.notes.reading import Kind, read_note
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.judgement import judge_outfit
from styling.stylist.search import suggest_outfits
from styling.tasks import OutfitAnswer, SuggestOutfit
from tests.styling.wardrobes import (
    ask,
    make_event,
    make_piece,
    make_wardrobe,
    make_weather,
    read_vocabulary,
)

WARDROBE = [
    *make_wardrobe(),
    make_piece("t-shirt", "AC/DC t-shirt", colour="black"),
    make_piece("shorts", "Navy shorts", colour="navy"),
    make_piece("flats", "Red flats", colour="red"),
    make_piece("jacket", "Olive jacket", colour="olive"),
    make_piece("longsleeve", "Black and white top", colour="white"),
]
NAMES = {piece.id: piece.name for piece in WARDROBE}
TROUSERS = [one for one in WARDROBE if one.type in {"pants", "chinos", "jeans", "sweatpants"}]
REDS = {"Plaid flannel", "Red flats", "Red tee", "Wine dress"}
FLAT = {"Black derbies", "Brown boots", "Red flats", "Tan sandals", "White sneakers"}
DRESSES, SKIRTS, HEELS = {"Sun dress", "Wine dress"}, {"Floral skirt"}, {"Black heels"}
WOOLLY = {"Wool coat", "Wool socks", "Wool trousers"}

task: Task[OutfitContext, OutfitAnswer] = SuggestOutfit()


@pytest.mark.parametrize(
    ("note", "meant"),
    [
        ("no dresses", {"avoid": DRESSES}),
        ("no dress", {"avoid": DRESSES}),
        ("no hoodies", {"avoid": {"Grey hoodie"}}),
        ("no shirts", {"avoid": {"White shirt", "Blue oxford", "Plaid flannel", "Green polo"}}),
        ("No red please", {"avoid": REDS}),
        ("anything but red", {"avoid": REDS}),
        ("nothing red", {"avoid": REDS}),
        ("without the olive jacket", {"avoid": {"Olive jacket"}}),
        ("I hate the olive jacket", {"avoid": {"Olive jacket"}}),
        ("I don't want to wear wool", {"avoid": WOOLLY}),
        ("I'm allergic to wool", {"avoid": WOOLLY}),
        ("please no blak derbies", {"avoid": {"Black derbies"}}),
        ("No dresses or skirts, and I hate heels", {"avoid": DRESSES | SKIRTS | HEELS}),
        ("my boots are at the cobbler", {"avoid": {"Brown boots"}}),
        ("no pumps", {"avoid": HEELS}),
        ("no coats", {"avoid": {"Wool coat", "Long parka"}}),
        ("no trousers", {"avoid": {NAMES[piece.id] for piece in TROUSERS}}),
        ("no headwear", {"avoid": {NAMES[piece.id] for piece in WARDROBE if piece.slot == "hat"}}),
        ("no accessories",
         {"avoid": {NAMES[piece.id] for piece in WARDROBE if piece.slot == "accessory"}}),
        ("no heels, flat shoes only", {"avoid": HEELS, "only": FLAT}),
        ("Only black or white shoes", {"only": {"Black derbies", "Black heels", "White sneakers"}}),
        ("nothing but jeans", {"only": {"Dark jeans"}}),
        (
            "only the navy shorts and the AC/DC t-shirt",
            {"only": {"Navy shorts", "AC/DC t-shirt"}},
        ),
        ("the black and white top please", {"want": {"Black and white top"}}),
        ("I want to wear my wine dress", {"want": {"Wine dress"}}),
        ("not the wool coat but the rain jacket",
         {"avoid": {"Wool coat"}, "want": {"Olive rain jacket"}}),
        ("with a skirt but not the floral one", {"want": SKIRTS, "avoid": SKIRTS}),
        ("comfortable shoes", {"want": {"Red flats", "White sneakers"}}),
    ],
)  # fmt: skip
def test_a_sentence_means_these_garments(note: str, meant: dict[str, set[str]]) -> None:
    read = read_note(note, make_lexicon(WARDROBE, read_vocabulary()))
    found: dict[str, set[str]] = {}
    for wish in read.wishes:
        ids = find_meant(wish, WARDROBE)
        found.setdefault(wish.kind.value, set()).update(NAMES[piece] for piece in ids)
    assert found == meant
    assert not read.unread


@pytest.mark.parametrize(
    ("note", "leanings"),
    [
        ("Keep me warm", {Leaning.WARMER}),
        ("I was freezing", {Leaning.WARMER}),
        ("not too warm", {Leaning.LIGHTER}),
        ("a bit dressed up", {Leaning.DRESSIER}),
        ("nothing too formal", {Leaning.PLAINER}),
        ("something warm and comfortable", {Leaning.WARMER, Leaning.COMFORTABLE}),
        ("I cycle there", {Leaning.COMFORTABLE}),
    ],
)
def test_a_sentence_leans_one_way(note: str, leanings: set[Leaning]) -> None:
    read = read_note(note, make_lexicon(WARDROBE, read_vocabulary()))
    assert (read.leanings, read.unread) == (leanings, ())


@pytest.mark.parametrize(
    ("note", "unread"),
    [
        ("My ankle is sprained: no heels", ("My ankle is sprained",)),
        ("A client is visiting.", ("A client is visiting",)),
        ("It will be warm inside", ("It will be warm inside",)),
        ("no itchworthy sweaters", ("no itchworthy sweaters",)),
    ],
)
def test_what_is_not_understood_is_kept(note: str, unread: tuple[str, ...]) -> None:
    assert read_note(note, make_lexicon(WARDROBE, read_vocabulary())).unread == unread


@pytest.mark.parametrize("note", ["sneakers or boots", "either boots or sneakers, please"])
def test_one_of_two_for_a_place_is_enough(note: str) -> None:
    context = ask_with(note)
    worn = suggest_outfits(context, count=1)[0].pieces
    assert {piece.name for piece in worn} & {"White sneakers", "Brown boots"}
    assert judge_outfit(worn, context).note == "heeded"


def ask_with(
    note: str, kind: str = "casual", celsius: float = 24, **changes: object
) -> OutfitContext:
    return ask(
        WARDROBE,
        make_weather(celsius),
        kind,
        **{"event": make_event(kind, note=note), "words": read_vocabulary(), **changes},
    )


def answer(context: OutfitContext) -> tuple[set[str], str]:
    """The names of what is worn, and the reasons."""
    said = OutfitAnswer.model_validate_json("".join(task.offline(context, {})))
    assert not [fault.code for fault in task.check(context, said) if fault.code != "too_cold"]
    names = {piece.id: piece.name for piece in context.wardrobe}
    return {names[piece.garment_id] for piece in said.pieces}, " ".join(said.reasons)


def test_only_what_is_named_is_worn_and_what_an_outfit_needs_is_said() -> None:
    worn, reasons = answer(ask_with("only the navy shorts and the AC/DC t-shirt"))
    shoes = worn - {"Navy shorts", "AC/DC t-shirt", "Wool socks"}
    assert worn > {"Navy shorts", "AC/DC t-shirt"}
    assert len(shoes) == 1
    assert "Added to what you named" in reasons
    assert shoes.pop() in reasons


@pytest.mark.parametrize("celsius", [2, 12, 30])
@pytest.mark.parametrize("kind", ["business", "date_night", "formal"])
def test_a_piece_that_is_asked_for_is_worn(kind: str, celsius: float) -> None:
    worn, _ = answer(ask_with("with my dark jeans and the white sneakers", kind, celsius))
    assert {"Dark jeans", "White sneakers"} <= worn


def test_flat_shoes_for_a_sprained_ankle() -> None:
    note = "My ankle is sprained: no heels, flat shoes only."
    pieces = [
        make_piece("dress", "Wine dress", formality="formal"),
        make_piece("heels"),
        make_piece("flats"),
    ]
    context = ask(pieces, make_weather(20), "formal", event=make_event("formal", note=note),
                  words=read_vocabulary())  # fmt: skip
    worn, reasons = answer(context)
    assert "Grey flats" in worn
    assert "Not understood, and so not heeded: “My ankle is sprained”." in reasons


def test_a_wish_that_cannot_be_met_is_said() -> None:
    pieces = [make_piece("dress", "Blue dress", colour="blue"), make_piece("heels")]
    context = ask(pieces, make_weather(20), event=make_event(note="no heels, something red"),
                  words=read_vocabulary())  # fmt: skip
    worn, reasons = answer(context)
    assert worn == {"Blue dress", "Grey heels"}
    assert "“no heels” could not be" in reasons
    assert "Nothing clean and ready answers to “something red”." in reasons


def test_warm_is_warmer_and_a_light_one_lighter() -> None:
    def clo(note: str) -> float:
        outfit = suggest_outfits(ask_with(note, celsius=12), count=1)[0]
        return sum(piece.clo for piece in outfit.pieces)

    assert clo("not too warm") < clo("") < clo("keep me warm")


def test_a_model_that_does_not_heed_the_note_is_held_back() -> None:
    context = ask_with("no jeans, with the white shirt")
    by_name = {piece.name: piece for piece in WARDROBE}

    def faults(*names: str) -> set[str]:
        said = [(by_name[name].id, by_name[name].slot) for name in names]
        return {fault.code for fault in judge_pieces(context, said).faults}

    assert faults("White shirt", "Dark jeans", "White sneakers") == {"wish_unheeded"}
    assert faults("White tee", "Beige chinos", "White sneakers") == {"wish_unheeded"}
    assert faults("White shirt", "Beige chinos", "White sneakers") == set()


def rank(pieces: list[Candidate], **wearer: str) -> list[str]:
    """The first top or dress of each outfit, best first."""
    context = ask(pieces, make_weather(26), words=read_vocabulary(), repeat_days=0, **wearer)
    outfits = suggest_outfits(context, count=3)
    return [
        next(piece.name for piece in outfit.pieces if piece.slot in {"top", "dress"})
        for outfit in outfits
    ]


@pytest.mark.parametrize("word", ["dress", "dresses", "no dresses", "Dresses."])
def test_a_dislike_counts_in_singular_and_plural(word: str) -> None:
    pieces = [
        make_piece("dress"),
        make_piece("t-shirt"),
        make_piece("jeans"),
        make_piece("sneakers"),
    ]
    assert rank(pieces, dislikes=word)[0] == "Grey t-shirt"


@pytest.mark.parametrize("word", ["hoodie", "hoodies"])
def test_hoodies_are_disliked_like_a_hoodie(word: str) -> None:
    pieces = [make_piece("hoodie", warmth="light"), make_piece("longsleeve", colour="red"),
              make_piece("jeans"), make_piece("sneakers")]  # fmt: skip
    assert rank(pieces, dislikes=word)[0] == "Red long-sleeved top"


@pytest.mark.parametrize("likes", ["no red", "anything but red", "not red, please"])
def test_a_denial_among_likes_is_a_dislike(likes: str) -> None:
    tees = [make_piece("t-shirt", colour=colour) for colour in ("red", "green", "blue")]
    ranked = rank([*tees, make_piece("jeans"), make_piece("sneakers")], likes=likes)
    assert ranked[0] != "Red t-shirt"
    assert (
        rank([*tees, make_piece("jeans"), make_piece("sneakers")], likes="red")[0] == "Red t-shirt"
    )


def test_several_words_mean_what_has_all_of_them() -> None:
    read = read_note(
        "floral skirts, wool coats", make_lexicon(WARDROBE, read_vocabulary()), Kind.WANT
    )
    assert [{NAMES[i] for i in find_meant(wish, WARDROBE)} for wish in read.wishes] == [
        {"Floral skirt"},
        {"Wool coat"},
    ]


def test_a_note_means_the_same_of_what_it_leaves() -> None:
    wool = make_piece("sweater", "Red sweater", colour="red", material="wool")
    burgundy = make_piece("t-shirt", "Burgundy tee", colour="burgundy")
    rest = [make_piece("jeans", "Blue jeans"), make_piece("sneakers", "White sneakers")]
    context = ask(
        [wool, burgundy, *rest],
        make_weather(16),
        event=make_event(note="No wool. Something red."),
        words=read_vocabulary(),
    )
    assert wool.id in context.wishes.banned
    assert context.narrowed.wishes == context.wishes


@pytest.mark.parametrize("note", ["I am never cold", "I was not hot"])
def test_what_is_not_felt_leans_no_way(note: str) -> None:
    context = ask([make_piece("jeans")], None, event=make_event(note=note), words=read_vocabulary())
    assert context.wishes.leanings == frozenset()
