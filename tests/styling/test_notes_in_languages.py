"""Wishes in German, Spanish and French: sentences that their words were never mended with, and those that they were."""

from dataclasses import replace

import pytest

from styling.notes.foreign import read_reader
from styling.notes.matching import call_pieces, find_meant, make_lexicon
from styling.notes.reading import Kind, Note, read_note
from styling.stylist.reasons import say_wishes
from styling.stylist.search import suggest_outfits
from tests.styling.held_out_notes import HELD_OUT
from tests.styling.test_note_sentences import MARKS, NAMES, WARDROBE, list_rows
from tests.styling.tuned_notes import TUNED
from tests.styling.wardrobes import ask, make_event, make_piece, read_vocabulary

LEAST_RIGHT = 29
"""Of thirty held-out sentences in each language. Spanish calls a hoodie a sweatshirt; nothing was mended for it."""
LANGUAGES = ("de", "es", "fr")


def understand(text: str, language: str, default: Kind | None = None) -> Note:
    pieces = call_pieces(WARDROBE, read_vocabulary(), language)
    return read_note(text, make_lexicon(pieces, read_vocabulary(), language), default)


def read(text: str, language: str, default: Kind | None = None) -> set[str]:
    note = understand(text, language, default)
    pieces = call_pieces(WARDROBE, read_vocabulary(), language)
    meant = {
        f"{MARKS[wish.kind]}{NAMES[piece]}"
        for wish in note.wishes
        for piece in find_meant(wish, pieces)
    }
    leanings = {f"!{leaning.value}" for leaning in note.leanings}
    return meant | leanings | ({"?"} if note.unread else set())


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_that_nothing_was_mended_with(language: str) -> None:
    rows = list_rows(HELD_OUT[language])
    wrong = [(said, read(said, language)) for said, meant in rows if read(said, language) != meant]
    assert len(rows) == 30
    assert len(rows) - len(wrong) >= LEAST_RIGHT, wrong


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [(one, *row) for one in LANGUAGES for row in list_rows(TUNED[one])],
)
def test_sentences_that_words_were_mended_with(language: str, said: str, meant: set[str]) -> None:
    assert read(said, language) == meant


@pytest.mark.parametrize(
    ("language", "said", "default", "meant"),
    [
        ("de", "Röcke, alles aus Wolle, aber keine Jeans", Kind.WANT, {"+skirt", "+coat", "-jeans"}),
        ("de", "Krawatten und Absätze", Kind.AVOID, {"-tie", "-heels"}),
        ("es", "faldas, lana, pero nada de vaqueros", Kind.WANT, {"+skirt", "+coat", "-jeans"}),
        ("es", "corbatas y tacones", Kind.AVOID, {"-tie", "-heels"}),
        ("fr", "les jupes, la laine, mais pas les jeans", Kind.WANT, {"+skirt", "+coat", "-jeans"}),
        ("fr", "cravates et talons", Kind.AVOID, {"-tie", "-heels"}),
    ],
)  # fmt: skip
def test_likes_and_dislikes(language: str, said: str, default: Kind, meant: set[str]) -> None:
    assert read(said, language, default) == meant


@pytest.mark.parametrize(
    ("language", "said", "unread"),
    [
        ("de", "Keine Jeans, mein Hund heißt Bello", "mein Hund heißt Bello"),
        ("es", "Sin vaqueros, mi perro se llama Toby", "mi perro se llama Toby"),
        ("fr", "Pas de jean, mon chien s'appelle Rex", "mon chien s'appelle Rex"),
    ],
)
def test_what_is_not_understood_is_said_in_the_wearers_words(
    language: str, said: str, unread: str
) -> None:
    note = understand(said, language)
    assert note.unread == (unread,)
    assert [wish.said for wish in note.wishes] == [said.split(",")[0]]
    asked = ask(WARDROBE, None, words=read_vocabulary(), language=language)
    context = replace(asked, event=make_event(note=said))
    assert unread in " ".join(say_wishes(suggest_outfits(context)[0], context))


def test_a_name_in_the_wearers_language_is_one_piece() -> None:
    hers = make_piece("blouse", "Omas grüne Bluse", colour="green")
    other = make_piece("blouse", "Silk blouse", colour="green", material="silk")
    pieces = call_pieces([hers, other], read_vocabulary(), "de")
    lexicon = make_lexicon(pieces, read_vocabulary(), "de")
    (wish,) = read_note("bitte Omas grüne Bluse", lexicon).wishes
    assert find_meant(wish, pieces) == {hers.id}


def test_english_stays_as_it_was() -> None:
    assert call_pieces(WARDROBE, read_vocabulary(), "en") == tuple(WARDROBE)
    assert make_lexicon(WARDROBE, read_vocabulary()).gloss("no jeans") is None


def test_words_are_read_once_a_process() -> None:
    readers = [read_reader(language, read_vocabulary()) for language in LANGUAGES]
    assert all(readers)
    assert [read_reader(language, read_vocabulary()) for language in LANGUAGES] == readers
    assert read_reader("de", read_vocabulary()) is read_reader("de", read_vocabulary())
