"""The stylist's voices: the same facts in each language, every sentence of them true."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from django.utils.formats import date_format
from django.utils.translation import override

from accounts.days import say_day
from accounts.models import User
from styling.checks.claims import Claims, find_false_claims
from styling.checks.prose_gate import edit_prose
from styling.services.contexts import build_context
from styling.stylist.comfort import read_comfort
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.prompt_variables import describe_wearer
from styling.stylist.prose import write_prose
from styling.stylist.prose_links import split_prose
from styling.stylist.reasons import explain_outfit
from styling.stylist.search import Outfit, suggest_outfits
from styling.stylist.verdict import MOST_LETTERS, say_verdict
from styling.stylist.voices import de_grammar, es, fr
from styling.stylist.voices.choice import VOICES, voice_of
from styling.tasks import SuggestOutfit
from tests.factories import make_garment
from tests.styling.conftest import ask_for_outfit
from tests.styling.test_voice import WARDROBE, WEATHERS
from tests.styling.wardrobes import TODAY, ask, make_piece, make_weather, read_vocabulary
from wardrobe.models import Garment
from wardrobe.vocabulary import names_de, names_es, names_fr

OTHERS = ("de", "es", "fr")
NATIVE = {
    "de": {
        "shirt": "Hellblaues Hemd",
        "t-shirt": "Weißes T-Shirt",
        "sweater": "Grauer Pullover",
        "jeans": "Blaue Jeans",
        "pants": "Graue Hose",
        "skirt": "Schwarzer Rock",
        "dress": "Blaues Kleid",
        "boots": "Braune Stiefel",
        "sneakers": "Weiße Sneaker",
        "rain-jacket": "Gelbe Regenjacke",
        "coat": "Schwarzer Mantel",
        "umbrella": "Schwarzer Regenschirm",
        "scarf": "Roter Schal",
    },
    "es": {
        "shirt": "Camisa azul claro",
        "t-shirt": "Camiseta blanca",
        "sweater": "Jersey gris",
        "jeans": "Vaqueros azules",
        "pants": "Pantalón gris",
        "skirt": "Falda negra",
        "dress": "Vestido azul",
        "boots": "Botas marrones",
        "sneakers": "Zapatillas blancas",
        "rain-jacket": "Chubasquero amarillo",
        "coat": "Abrigo negro",
        "umbrella": "Paraguas negro",
        "scarf": "Bufanda roja",
    },
    "fr": {
        "shirt": "Chemise bleu clair",
        "t-shirt": "T-shirt blanc",
        "sweater": "Pull gris",
        "jeans": "Jean bleu",
        "pants": "Pantalon gris",
        "skirt": "Jupe noire",
        "dress": "Robe bleue",
        "boots": "Bottes marron",
        "sneakers": "Baskets blanches",
        "rain-jacket": "Veste de pluie jaune",
        "coat": "Manteau noir",
        "umbrella": "Parapluie noir",
        "scarf": "Écharpe rouge",
    },
}


def call_natively(language: str) -> list[Candidate]:
    """The wardrobe with names as somebody of the language gives them."""
    names = dict(NATIVE.get(language, {}))
    return [
        replace(piece, name=names.pop(piece.type), facts=None) if piece.type in names else piece
        for piece in WARDROBE
    ]


def dress(context: OutfitContext) -> Outfit:
    return suggest_outfits(context, count=1)[0]


def say(context: OutfitContext, tone: str = "warm") -> str:
    return write_prose(dress(context), context, read_comfort(context), tone=tone)


# English as it always was


def list_english() -> Iterator[str]:
    """Prose and reasons for outfits that are laid by hand, so that no search decides."""
    shirt = make_piece("shirt", "Navy shirt", colour="navy")
    tee = make_piece("t-shirt", "White tee", colour="white")
    sweater = make_piece("sweater", "Grey sweater", colour="grey")
    jeans = make_piece("jeans", "Levi's 501", colour="denim")
    boots, coat = make_piece("boots", "Brown boots"), make_piece("coat", "Black coat")
    jacket, umbrella = make_piece("rain-jacket", "Red rain jacket"), make_piece("umbrella")
    rested = replace(shirt, last_worn_on=TODAY - timedelta(days=40))
    outfits = [
        ((shirt, jeans, boots), ()),
        ((tee, sweater, jeans, boots, coat), ()),
        ((rested, jeans, boots, jacket), ()),
        ((tee, jeans, umbrella), ("shoes",)),
        ((shirt, jeans, boots, coat, umbrella), ("outerwear",)),
        ((), ()),
    ]
    for (pieces, missing), weather, seed in product(outfits, WEATHERS, range(3)):
        context = ask(pieces, weather, "business", seed=seed, no_forecast="too_far")
        outfit, comfort = Outfit(pieces, missing, 0.0), read_comfort(context)
        yield write_prose(outfit, context, comfort)
        yield write_prose(outfit, context, comfort, tone="terse")
        yield from explain_outfit(outfit, context, comfort)
        yield say_verdict(weather, pieces)


def test_english_is_what_it_was_before_there_were_other_voices() -> None:
    said = hashlib.sha256("\n".join(list_english()).encode()).hexdigest()
    assert said == "ebe59ea9188bb093cad6012627a214d81754f82126a0ad42e9588c9f83f8bfc5"


# Other languages


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("weather", WEATHERS)
@pytest.mark.parametrize("is_native", [False, True])
def test_each_voice_claims_only_what_is_so(language: str, weather: object, is_native: bool) -> None:
    """Every sentence, by the word lists of its own language."""
    wardrobe = call_natively(language) if is_native else WARDROBE
    for kind, seed in product(("business", "casual", "sports"), range(4)):
        context = ask(wardrobe, weather, kind, seed=seed, no_forecast="too_far", language=language)
        outfit = dress(context)
        for tone in ("warm", "terse"):
            prose = write_prose(outfit, context, read_comfort(context), tone=tone)
            assert find_false_claims(context, outfit.pieces, prose) == [], prose
        prose = write_prose(outfit, context, read_comfort(context))
        edited = edit_prose(Claims(context, outfit.pieces), prose)
        assert edited.withheld == 0 and edited.text == prose


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize("language", OTHERS)
def test_each_voice_names_every_piece_and_links_it(language: str) -> None:
    for wardrobe in (WARDROBE, call_natively(language)):
        for seed in range(4):
            context = ask(wardrobe, WEATHERS[0], "business", seed=seed, language=language)
            outfit = dress(context)
            prose = write_prose(outfit, context, read_comfort(context))
            garments = [Garment(name=piece.name, type=piece.type) for piece in outfit.pieces]
            paragraphs = split_prose(prose, garments)
            linked = {one.garment.name for line in paragraphs for one in line if one.garment}
            assert linked == {piece.name for piece in outfit.pieces}, prose
            assert len(paragraphs) == 2 and "!" not in prose


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(
    ("language", "named"),
    [
        ("en", "navy shirt"),
        ("de", "marineblaues Hemd"),
        ("es", "camisa azul marino"),
        ("fr", "chemise bleu marine"),
    ],
)
def test_a_piece_that_nobody_named_is_called_in_the_language_of_the_question(
    alice: User, language: str, named: str
) -> None:
    User.objects.filter(pk=alice.pk).update(language=language)
    alice.refresh_from_db()
    told = {"colours": [{"name": "navy", "hex": "#112233", "share": 1.0}], "pattern": "solid"}
    shirt = make_garment(alice, name="Navy shirt", type="shirt", slot="top", **told)
    away = make_garment(alice, name="Navy shirt", type="shirt", slot="top", in_wash=True, **told)
    context = build_context(ask_for_outfit(alice), [shirt])
    assert [piece.name.casefold() for piece in context.wardrobe] == [named.casefold()]
    assert [(one.id, one.name.casefold()) for one in context.absent] == [
        (str(away.pk), named.casefold())
    ]
    (paragraph,) = split_prose(f"A {named} b.", [shirt])
    assert [segment.text for segment in paragraph if segment.garment] == [named]


@pytest.mark.parametrize("language", OTHERS)
def test_each_voice_speaks_its_own_language(language: str) -> None:
    """None of the words that English prose is held together by."""
    english = re.compile(
        r"\b(?:the|you|your|with|goes|and|outside|it is|left out)\b", re.IGNORECASE
    )
    for weather, seed in product(WEATHERS, range(3)):
        context = ask(
            call_natively(language),
            weather,
            "business",
            seed=seed,
            language=language,
            no_forecast="past",
        )
        outfit = dress(context)
        said = [write_prose(outfit, context, read_comfort(context))]
        said += explain_outfit(outfit, context, read_comfort(context))
        said.append(say_verdict(weather, outfit.pieces, language=language))
        bare = " ".join(said)
        for piece in WARDROBE:
            bare = bare.replace(piece.name, "")
        assert not english.search(bare), bare


@pytest.mark.parametrize("language", [*VOICES])
def test_each_voice_has_a_sentence_for_everything(language: str) -> None:
    voice, english = VOICES[language], VOICES["en"]
    assert voice.lines.keys() == english.lines.keys()
    assert voice.needs.keys() == english.needs.keys()
    assert voice.reasons.keys() == english.reasons.keys()
    for code, said in english.reasons.items():
        asked = {*re.findall(r"{\w+}", said)}
        assert {*re.findall(r"{\w+}", voice.reasons[code])} == asked, code


@pytest.mark.parametrize("nouns", [names_de.NOUNS, names_es.NOUNS, names_fr.NOUNS])
def test_each_voice_knows_the_noun_of_every_type(nouns: dict[str, object]) -> None:
    assert nouns.keys() == read_vocabulary().kinds["type"].keys()


@pytest.mark.parametrize("language", [*VOICES])
def test_the_line_above_an_outfit_fits_a_screen_in_each_language(language: str) -> None:
    for weather in WEATHERS:
        for worn in (
            (),
            (make_piece("coat"),),
            (make_piece("rain-jacket"),),
            (make_piece("sweater"),),
        ):
            line = say_verdict(weather, worn, language=language)
            assert len(line) <= MOST_LETTERS and line.endswith("."), line


@pytest.mark.parametrize(
    ("type_", "name", "case", "said"),
    [
        ("shirt", "Blaues Hemd", "nominative", "das blaue Hemd"),
        ("shirt", "Blaues Hemd", "dative", "dem blauen Hemd"),
        ("skirt", "Schwarzer Rock", "accusative", "den schwarzen Rock"),
        ("blouse", "Weiße Bluse", "dative", "der weißen Bluse"),
        ("boots", "Braune Stiefel", "nominative", "die braunen Stiefel"),
        ("boots", "Braune Stiefel", "dative", "den braunen Stiefeln"),
        ("shirt", "Hemd von Oma", "dative", "dem Hemd von Oma"),
        ("jeans", "Levi's 501", "dative", "der Jeans „Levi's 501“"),
        ("coat", "Rainer Mantel", "nominative", "der Mantel „Rainer Mantel“"),
    ],
)
def test_german_names_are_declined_where_their_endings_are_known(
    type_: str, name: str, case: str, said: str
) -> None:
    assert de_grammar.the(make_piece(type_, name), case) == said


def test_french_says_tu_as_the_pages_do() -> None:
    said = Path(fr.__file__).read_text().replace("rendez-vous", "")
    assert not re.search(r"\b(?:vous|vos|votre|[a-zà-ÿ]{3,}ez)\b", said, re.I)
    assert "tu as" in said


def test_articles_agree_in_spanish_and_french() -> None:
    assert es.the(make_piece("shirt", "Camisa azul")) == "la camisa azul"
    assert es.the(make_piece("boots", "Old Docs")) == "las botas «Old Docs»"
    assert fr.the(make_piece("scarf", "Écharpe rouge")) == "l’écharpe rouge"
    assert fr.the(make_piece("boots", "Old Docs")) == "les bottes «\u00a0Old Docs\u00a0»"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Kühl, ab 14 Uhr Regen."),
        ("es", "Fresco, con lluvia desde las 14."),
        ("fr", "Frais, puis de la pluie à partir de 14 h."),
    ],
)
def test_the_sky_is_said_by_the_clock(language: str, said: str) -> None:
    weather = make_weather(13, 14, rain=range(14, 17))
    assert voice_of(language).say_sky(weather) == said


# The question


@pytest.mark.parametrize(
    ("language", "asked"), [("de", "German"), ("es", "Spanish"), ("fr", "French")]
)
def test_a_model_is_asked_for_the_wearers_language_and_only_then(language: str, asked: str) -> None:
    usual = ask(WARDROBE, None)
    assert "prose in" not in describe_wearer(usual)
    assert f"Write reasons and prose in {asked}" in describe_wearer(
        replace(usual, language=language)
    )


def test_a_kept_question_says_its_language_and_is_answered_the_same_again() -> None:
    task = SuggestOutfit()
    context = ask(WARDROBE, WEATHERS[0], seed=3, language="fr")
    stored = task.store_context(context)
    assert stored["language"] == "fr"
    again = task.load_context(stored, []).read_with(read_vocabulary())
    assert say(replace(again, words=context.words)) == say(context)
    del stored["language"]  # As those from before there were several.
    assert task.load_context(stored, []).language == "en"


def test_a_language_without_a_voice_is_answered_in_english() -> None:
    assert voice_of("it").language == "en" and voice_of("de-at").language == "de"


# The pages


def test_days_are_written_as_each_language_writes_them() -> None:
    day = date(2026, 11, 3)
    said = {"en": "3 November", "de": "3. November", "es": "3 de noviembre", "fr": "3 novembre"}
    for language, words in said.items():
        with override(language):
            assert date_format(day, "j F") == words
            assert say_day(day, today=day, format="j F") == words
