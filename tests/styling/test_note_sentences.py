"""A table of notes with what each means: names of the garments it rules out (-), wants (+) or allows alone (=), the
way it leans (!), and whether a part of it is said to be not understood (?)."""

from dataclasses import replace

import pytest

from styling.notes.matching import find_meant, make_lexicon
from styling.notes.reading import Kind, read_note
from styling.notes.words import find_sleeve, stem
from styling.stylist.context import OutfitContext
from styling.stylist.judgement import judge_outfit
from styling.stylist.preferences import Preferences, Rejection
from styling.stylist.reasons import say_wishes
from styling.stylist.search import suggest_outfits
from tests.styling.wardrobes import ask, make_event, make_piece, make_weather, read_vocabulary

WARDROBE = [
    make_piece("jeans", "Jeans", colour="denim"),
    make_piece("pants", "Trousers", colour="charcoal"),
    make_piece("shorts", "Shorts", colour="khaki"),
    make_piece("skirt", "Skirt", colour="pink"),
    make_piece("dress", "Dress", colour="burgundy"),
    make_piece("t-shirt", "White tee", colour="white"),
    make_piece("blouse", "Blouse", colour="green"),
    make_piece("hoodie", "Hoodie", colour="navy"),
    make_piece("jacket", "Jacket", colour="olive"),
    make_piece("coat", "Coat", colour="camel", material="wool"),
    make_piece("boots", "Boots", colour="black"),
    make_piece("sneakers", "Sneakers", colour="white"),
    make_piece("heels", "Heels", colour="red"),
    make_piece("scarf", "Scarf", colour="purple"),
    make_piece("tie", "Tie", colour="silver"),
]
NAMES = {piece.id: piece.name.lower().replace(" ", "-") for piece in WARDROBE}
MARKS = {Kind.AVOID: "-", Kind.WANT: "+", Kind.ONLY: "="}
LEXICON = make_lexicon(WARDROBE, read_vocabulary())


def read(text: str, default: Kind | None = None) -> set[str]:
    note = read_note(text, LEXICON, default)
    meant = {
        f"{MARKS[wish.kind]}{NAMES[piece]}"
        for wish in note.wishes
        for piece in find_meant(wish, WARDROBE)
    }
    leanings = {f"!{leaning.value}" for leaning in note.leanings}
    return meant | leanings | ({"?"} if note.unread else set())


def list_rows(table: str) -> list[tuple[str, set[str]]]:
    rows = [line.split("=>") for line in table.strip().splitlines()]
    return [(note.strip(), set(meant.split())) for note, meant in rows]


NOTES = """
the white tee is in the wash => -white-tee
keep the hoodie in the closet => -hoodie
leave the coat at home => -coat
anything warm but the hoodie => !warmer -hoodie
The jacket is in the wash => -jacket
Jeans are in the laundry => -jeans
the hoodie and the jeans are in the wash => -hoodie -jeans
jeans, hoodie and coat are dirty => -jeans -hoodie -coat
jeans are in the washing machine, the hoodie too => -jeans -hoodie
I'd love my jeans but they're in the wash => -jeans
my boots are wet => -boots
the boots aren't dry yet => -boots
boots still wet => -boots
jeans are too tight => -jeans
my skirt is too short => -skirt
the coat is at the cleaner's => -coat
the coat is being dry-cleaned => -coat
the coat is with the tailor => -coat
the hoodie is at my sister's => -hoodie
the heels hurt => -heels
heels give me blisters => -heels
heels won't work => -heels
heels are not an option => -heels
jeans are a no-go => -jeans
jeans no longer fit => -jeans
the jeans don't fit => -jeans
the hoodie smells => -hoodie
the hoodie has a hole => -hoodie
jeans haven't been washed => -jeans
the jacket needs mending => -jacket
I lost my scarf => -scarf
I can't find the scarf => -scarf
scarf in the wash => -scarf
jeans aren't dirty => ?
the hoodie is clean => ?
my hair is wet => ?
my back hurts => ?
the party is in a garden => ?
no jeans => -jeans
jeans - no => -jeans
jeans? no thanks => -jeans
no: jeans, heels => -jeans -heels
heels: no, boots: yes => -heels +boots
no to jeans => -jeans
fed up with jeans => -jeans
I'm done with jeans => -jeans
sick and tired of jeans => -jeans
bored of the white tee => -white-tee
hold the tie => -tie
leave the coat at home => -coat
skip the jeans, go for trousers => -jeans +trousers
I'd rather not wear heels => -heels
don't put me in a dress => -dress
jeans please but not with the white tee => +jeans -white-tee
a skirt but no heels => +skirt -heels
not the jacket but the coat => -jacket +coat
no skirt, trousers instead => -skirt +trousers
not jeans again => -jeans
no wool => -coat
never without a scarf => +scarf
I can't go without my scarf => +scarf
don't forget the scarf => +scarf
why not the boots? => +boots
not only black => ?
not just jeans => ?
I don't hate heels => ?
I don't mind jeans => ?
nothing against heels => ?
warm without wool => !warmer -coat
warm with no scarf => !warmer -scarf
comfortable without heels => !comfortable -heels
smart without a tie => !dressier -tie
casual without jeans => !plainer -jeans
dressy, no heels => !dressier -heels
dressy without a dress => !dressier -dress
jeans without a scarf => +jeans -scarf
without heels, skirts or dresses => -heels -skirt -dress
jeans minus the scarf => +jeans -scarf
I prefer skirts over jeans => +skirt -jeans
I prefer boots over sneakers => +boots -sneakers
I prefer boots to sneakers => +boots -sneakers
I'd prefer to wear my jeans => +jeans
rather jeans than skirts => +jeans -skirt
jeans rather than skirts => +jeans -skirt
skirt instead of jeans => +skirt -jeans
instead of jeans, a skirt => +skirt -jeans
instead of jeans a skirt => +skirt -jeans
a skirt in place of jeans => +skirt -jeans
boots would be better than heels => +boots -heels
I like skirts more than jeans => +skirt -jeans
I'd sooner wear boots than heels => +boots -heels
boots over heels => +boots -heels
skirt rather than jeans, and boots => +skirt -jeans +boots
jacket over a blouse => +jacket +blouse
too formal => !plainer
too casual => !dressier
not warm enough => !warmer
isn't smart enough => !dressier
not formal enough => !dressier
not casual enough => !plainer
not comfortable enough => !comfortable
nothing too smart => !plainer
not overly formal => !plainer
not so casual => !dressier
less formal => !plainer
a bit less casual => !dressier
something less warm => !lighter
more formal than casual => !dressier
warmer than last time => !warmer
too thin => !warmer
too thick => !lighter
too hot last time => !lighter
too cold last time => !warmer
the coat is too warm => !lighter
the coat isn't warm enough => !warmer
I don't want to freeze => !warmer
I hate being cold => !warmer
don't let me sweat => !lighter
I won't be cold => ?
I don't want to be overdressed => !plainer
I felt underdressed => !dressier
smart casual => ?
dress warm => !warmer
dress warmly => !warmer
dress me up => !dressier
dressed for dinner => ?
dress to impress => ?
dress code: casual => !plainer
The dress code is black tie => !dressier
the dress please => +dress
lots of standing => !comfortable
on my feet all day => !comfortable
back pain => ?
painting => ?
a hot date => ?
a pleasant evening => ?
no blak boots => -boots
jaens and a blouze => +jeans +blouse
sneekers please => +sneakers
closed shoes => +boots +sneakers
no open shoes => -heels
no short sleeves => -white-tee
short sleeves please => +white-tee
nothing too short => -shorts
no jeans or heels => -jeans -heels
only boots => =boots
none of my jeans fit => -jeans
the tie broke => -tie
the scarf is torn, the tie too => -scarf -tie
I spilled coffee on my white tee => -white-tee
enough with the jeans => -jeans
had it with jeans => -jeans
no thanks to heels => -heels
spare me the heels => -heels
keep me out of heels => -heels
not a fan of skirts => -skirt
I'd like to avoid jeans => -jeans
casual (no jeans) => !plainer -jeans
smart w/o a tie => !dressier -tie
smart/no tie => !dressier -tie
warm though not wool => !warmer -coat
a dress with sneakers => +dress +sneakers
jeans + white tee => +jeans +white-tee
I favour skirts over jeans => +skirt -jeans
swap the jeans for a skirt => +skirt -jeans
replace the jeans with a skirt => +skirt -jeans
jeans if possible, otherwise shorts => +jeans +shorts
black except the shoes => +boots ?
too sporty => !dressier
not so comfortable => ?
don't overdress me => !plainer
dress to the nines => ?
light rain => ?
keep the boots, lose the coat => +boots -coat
it's windy, no skirts => -skirt ?
it's cold out, so the coat => +coat ?
"""  # fmt: skip


@pytest.mark.parametrize(("note", "meant"), list_rows(NOTES))
def test_a_note_means_this_and_nothing_else(note: str, meant: set[str]) -> None:
    assert read(note) == meant


LIKES = """
less black => -boots -trousers
hardly any black => -boots -trousers
rarely heels => -heels
less wool, more black => -coat +boots
jeans over skirts => +jeans -skirt
skirts more than jeans => +skirt -jeans
no heels => -heels
jeans, boots => +jeans +boots
"""


@pytest.mark.parametrize(("likes", "meant"), list_rows(LIKES))
def test_likes_mean_this(likes: str, meant: set[str]) -> None:
    assert read(likes, Kind.WANT) == meant


COMMENTS = """
I wanted my jeans => +jeans
Should have been boots => +boots
boots would have been better => +boots
missing a jacket => +jacket
it lacks a scarf => +scarf
needs a scarf => +scarf
where is my scarf? => +scarf
why not the boots? => +boots
I'd have preferred the boots => +boots
white sneakers instead of boots => +sneakers -boots
I hate the jacket and I was freezing => -jacket !warmer
the heels hurt => -heels
you forgot the scarf => +scarf
I was hoping for a dress => +dress
boots next time => +boots
sneakers, not boots => +sneakers -boots
skirt too short => -skirt
boots => -boots
the coat was not warm enough => !warmer
the shoes were too formal => !plainer
"""


@pytest.mark.parametrize(("comment", "meant"), list_rows(COMMENTS))
def test_a_comment_on_what_was_turned_down_means_this(comment: str, meant: set[str]) -> None:
    assert read(comment, Kind.AVOID) == meant


def ask_with(note: str, *, likes: str = "", celsius: float = 20) -> OutfitContext:
    return ask(
        WARDROBE,
        make_weather(celsius),
        event=make_event(note=note),
        likes=likes,
        words=read_vocabulary(),
    )


def name_all(ids: frozenset[str]) -> set[str]:
    return {NAMES[piece] for piece in ids}


@pytest.mark.parametrize(
    "note", ["jeans rather than trousers", "no trousers, jeans please", "jeans but no trousers"]
)
def test_what_is_wanted_is_not_ruled_out_by_a_wider_word(note: str) -> None:
    wishes = ask_with(note).wishes
    assert "trousers" in name_all(wishes.banned)
    assert [name_all(wanted) for wanted in wishes.wanted] == [{"jeans"}]


@pytest.mark.parametrize("note", ["no leather", "no tight jeans", "the blue hat is in the wash"])
def test_a_denial_that_means_nothing_on_offer_is_said_and_not_ticked(note: str) -> None:
    context = ask_with(note)
    outfit = suggest_outfits(context, count=1)[0]
    assert say_wishes(outfit, context) == [f"Nothing on offer is meant by “{note}”."]
    assert judge_outfit(outfit.pieces, context).note == ""


def test_what_a_complaint_wishes_for_is_liked_and_not_rested() -> None:
    rejection = Rejection(frozenset(), (), "should have been boots")
    wishes = replace(ask_with(""), preferences=Preferences(rejections=(rejection,))).wishes
    assert name_all(wishes.preferred) == {"boots"}
    assert not wishes.banned


def test_the_shoes_of_a_complaint_are_those_that_were_worn() -> None:
    worn = frozenset(piece.id for piece in WARDROBE if piece.name in {"Heels", "Jeans", "Blouse"})
    rejection = Rejection(worn, (), "I hate the shoes")
    wishes = replace(ask_with(""), preferences=Preferences(rejections=(rejection,))).wishes
    assert name_all(wishes.banned) == {"heels"}


@pytest.mark.parametrize("word", ["standing", "painting", "pain", "closed", "dinner", "pleasant"])
def test_an_english_word_is_no_slip_of_the_finger(word: str) -> None:
    assert LEXICON.understand(word) in {"", "clos"}


@pytest.mark.parametrize(
    ("slip", "word"),
    [("jaens", "jeans"), ("sneekers", "sneakers"), ("blak", "black"), ("scraf", "scarf"),
     ("jaket", "jacket"), ("whitte", "white")],
)  # fmt: skip
def test_one_slip_is_forgiven(slip: str, word: str) -> None:
    assert LEXICON.understand(slip) == stem(word)


@pytest.mark.parametrize("value", read_vocabulary().kinds["type"])
def test_sleeves_that_nobody_told_are_those_that_the_type_is_told_for(value: str) -> None:
    term = read_vocabulary().kinds["type"][value]
    sleeves = {factor: sleeve for sleeve, factor in term.details.get("sleeves", {}).items()}
    if term.slot == "top" and sleeves:
        assert find_sleeve(make_piece(value)) == sleeves[1]
