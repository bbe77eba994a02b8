"""Garments that nobody named are called as people call them, in each language."""

import pytest
from django.utils.translation import override

from tests.styling.wardrobes import read_vocabulary
from wardrobe.models import Garment
from wardrobe.services.garment_builder import PLAIN, name_garment, translate_name
from wardrobe.vocabulary.naming import LANGUAGES

WORDS = read_vocabulary()
PATTERNS = ["", *(pattern for pattern in WORDS.values("pattern") if pattern not in PLAIN)]


def call(language: str, type_: str, colour: str = "", pattern: str = "") -> str:
    colours = [{"name": colour, "hex": "", "share": 1.0}] if colour else []
    name = name_garment(type_, pattern, colours, WORDS)
    garment = Garment(name=name, type=type_, pattern=pattern, colours=colours)
    with override(language):
        return translate_name(garment, WORDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_in_every_colour_and_pattern_has_a_name_with_its_noun(language: str) -> None:
    table = LANGUAGES[language]
    for type_ in WORDS.values("type"):
        noun = table.NOUNS[type_].word
        for colour in ["", *WORDS.values("colour")]:
            for pattern in PATTERNS:
                name = call(language, type_, colour, pattern)
                forms = [table.COLOURS.get(colour, ""), table.PATTERNS.get(pattern, "")]
                assert name.casefold() == table.put_together(table.NOUNS[type_], *forms).casefold()
                assert noun.casefold() in name.casefold() and "  " not in name
                assert name[0].isupper() or not name[0].isalpha()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_noun_here_is_what_the_catalogue_calls_the_kind(language: str) -> None:
    with override(language):
        said = {type_: call(language, type_) for type_ in WORDS.values("type")}
    assert {
        type_: (name, LANGUAGES[language].NOUNS[type_].word)
        for type_, name in said.items()
        if name.casefold() != LANGUAGES[language].NOUNS[type_].word.casefold()
    } == {}


@pytest.mark.parametrize(
    ("language", "told", "name"),
    [
        ("de", ("shirt", "blue", ""), "Blaues Hemd"),
        ("de", ("skirt", "pink", ""), "Rosa Rock"),
        ("de", ("boots", "beige", ""), "Beige Stiefel"),
        ("de", ("coat", "beige", ""), "Beiger Mantel"),
        ("de", ("shirt", "navy", "striped"), "Marineblaues gestreiftes Hemd"),
        ("de", ("dress", "purple", "animal_print"), "Lila Kleid mit Tiermuster"),
        ("de", ("skirt", "red", "plaid"), "Roter schottisch karierter Rock"),
        ("de", ("t-shirt", "white", ""), "Weißes T-Shirt"),
        ("de", ("other", "green", ""), "Grünes Stück"),
        ("de", ("scarf", "", "striped"), "Gestreifter Schal"),
        ("es", ("shirt", "blue", ""), "Camisa azul"),
        ("es", ("jeans", "black", ""), "Vaqueros negros"),
        ("es", ("boots", "brown", ""), "Botas marrones"),
        ("es", ("boots", "navy", ""), "Botas azul marino"),
        ("es", ("skirt", "red", "striped"), "Falda roja de rayas"),
        ("es", ("dress", "white", "other"), "Vestido blanco estampado"),
        ("fr", ("shirt", "blue", ""), "Chemise bleue"),
        ("fr", ("boots", "white", ""), "Bottes blanches"),
        ("fr", ("sneakers", "grey", ""), "Baskets grises"),
        ("fr", ("skirt", "navy", ""), "Jupe bleu marine"),
        ("fr", ("skirt", "green", "plaid"), "Jupe verte écossaise"),
        ("fr", ("t-shirt", "purple", ""), "T-shirt violet"),
        ("fr", ("leather-jacket", "black", ""), "Veste en cuir noire"),
    ],
)
def test_names_as_people_say_them(language: str, told: tuple[str, str, str], name: str) -> None:
    assert call(language, *told) == name


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_a_name_that_somebody_gave_stays(language: str) -> None:
    with override(language):
        kept = Garment(name="Omas Bluse", type="blouse", colours=[{"name": "red"}])
        assert translate_name(kept, WORDS) == "Omas Bluse"


def test_a_word_without_forms_is_called_as_the_catalogue_has_it() -> None:
    assert call("de", "shirt", "octarine") == "Hemd in octarine"
