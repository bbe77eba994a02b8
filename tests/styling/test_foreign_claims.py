"""What prose in German, Spanish and French names and is not so is found; what takes it back, or is so, passes."""

import pytest

from styling.checks.claims import find_false_claims
from styling.checks.languages.choice import is_checked
from styling.checks.ticks import list_ticks
from tests.styling import held_out_claims
from tests.styling.wardrobes import ask, make_piece, make_weather

SHIRT = make_piece("shirt", "Navy shirt", colour="navy")
JEANS, BOOTS = (
    make_piece("jeans", "Old jeans", colour="denim"),
    make_piece("boots", "Brown boots", colour="brown"),
)
WORN = (SHIRT, JEANS, BOOTS)
OWNED = (*WORN, make_piece("coat", "Black coat", colour="black"))
DRY, WET = make_weather(12, 14), make_weather(12, 14, rain=range(9, 17))
GARMENT, WEATHER = "invented_garment", "invented_weather"


def find(language: str, weather: object, prose: str) -> set[str]:
    context = ask(OWNED, weather, language=language)
    return {fault.code for fault in find_false_claims(context, WORN, prose)}


CAUGHT = [
    ("de", DRY, GARMENT, "Dazu kommt ein warmer Mantel."),
    ("de", DRY, GARMENT, "Zieh das rote Hemd an."),
    ("de", DRY, GARMENT, "Zieh den Black coat darüber."),
    ("de", DRY, WEATHER, "Nimm es mit, denn ab Mittag regnet es."),
    ("de", DRY, WEATHER, "Es schneit den ganzen Tag."),
    ("de", WET, WEATHER, "Es bleibt trocken."),
    ("de", WET, WEATHER, "Die Sonne scheint, und der Himmel ist sonnig."),
    ("de", DRY, WEATHER, "Draußen ist es heiß."),
    ("de", DRY, WEATHER, "Es sind 25 Grad."),
    ("de", DRY, WEATHER, "Draußen zieht ein Sturm auf."),
    ("de", None, WEATHER, "Es wird sonnig."),
    ("es", DRY, GARMENT, "Encima va un abrigo de lana."),
    ("es", DRY, GARMENT, "Ponte la camisa roja."),
    ("es", DRY, GARMENT, "Ponte el Black coat."),
    ("es", DRY, WEATHER, "A mediodía lloverá."),
    ("es", DRY, WEATHER, "Va a caer nieve."),
    ("es", WET, WEATHER, "El día sigue seco."),
    ("es", WET, WEATHER, "Será un día soleado."),
    ("es", DRY, WEATHER, "Fuera hace calor."),
    ("es", DRY, WEATHER, "Fuera habrá 25 grados."),
    ("es", DRY, WEATHER, "Viene una tormenta."),
    ("es", None, WEATHER, "Será un día soleado."),
    ("fr", DRY, GARMENT, "Par-dessus, un manteau de laine."),
    ("fr", DRY, GARMENT, "Mets la chemise rouge."),
    ("fr", DRY, GARMENT, "Mets le Black coat."),
    ("fr", DRY, WEATHER, "Il pleut à midi."),
    ("fr", DRY, WEATHER, "La neige arrive."),
    ("fr", WET, WEATHER, "Le temps reste sec."),
    ("fr", WET, WEATHER, "La journée est ensoleillée."),
    ("fr", DRY, WEATHER, "Dehors il fait très chaud."),
    ("fr", DRY, WEATHER, "Dehors il fera 25 degrés."),
    ("fr", DRY, WEATHER, "Une tempête approche."),
    ("fr", None, WEATHER, "La journée est ensoleillée."),
]
FAIR = [
    ("de", DRY, "Das blaue Hemd und die Jeans passen zusammen, dazu die braunen Stiefel."),
    ("de", DRY, "Einen Mantel brauchst du heute nicht."),
    ("de", DRY, "Der Mantel bleibt zu Hause."),
    ("de", DRY, "Kein Schal, keine Mütze."),
    ("de", DRY, "Falls es regnet, stell dich unter."),
    ("de", DRY, "Es bleibt trocken bei 12 bis 14°."),
    ("de", WET, "Es regnet, und die Stiefel halten die Nässe ab."),
    ("de", None, "Ich habe keine Vorhersage, schau hinaus."),
    ("es", DRY, "La camisa azul y los vaqueros van bien con las botas marrones."),
    ("es", DRY, "No hace falta abrigo."),
    ("es", DRY, "El abrigo se queda en casa."),
    ("es", DRY, "Sin bufanda ni gorro."),
    ("es", DRY, "Si llueve, busca un techo."),
    ("es", DRY, "El día sigue seco, entre 12 y 14°."),
    ("es", WET, "Llueve, y las botas no dejarán entrar el agua."),
    ("es", None, "No tengo pronóstico, mira fuera."),
    ("fr", DRY, "La chemise bleue et le jean vont bien avec les bottes marron."),
    ("fr", DRY, "Pas besoin de manteau."),
    ("fr", DRY, "Le manteau reste à la maison."),
    ("fr", DRY, "Sans écharpe ni bonnet."),
    ("fr", DRY, "Laisse le manteau à la maison."),
    ("fr", DRY, "S’il pleut, cherche un toit."),
    ("fr", DRY, "Le temps reste sec, entre 12 et 14°."),
    ("fr", WET, "Il pleut, et les bottes gardent tes pieds à l’abri de l’eau."),
    ("fr", None, "Je n’ai pas de prévision, regarde dehors."),
]


@pytest.mark.parametrize(("language", "weather", "code", "prose"), CAUGHT)
def test_what_is_not_so_is_found(language: str, weather: object, code: str, prose: str) -> None:
    assert find(language, weather, prose) == {code}


@pytest.mark.parametrize(("language", "weather", "prose"), FAIR)
def test_what_is_so_or_taken_back_passes(language: str, weather: object, prose: str) -> None:
    assert find(language, weather, prose) == set()


FEWEST_RIGHT = {"caught": 13, "fair": 9}
"""Of fourteen and ten. When the words had grown, and before what was missed was mended, 12, 12 and 14 were caught in
German, Spanish and French, and 10, 9 and 9 passed; before they grew 7, 6 and 9, and 8, 7 and 7."""


@pytest.mark.parametrize("language", held_out_claims.CAUGHT)
def test_sentences_that_the_lists_were_not_written_for(language: str) -> None:
    skies = {"dry": DRY, "wet": WET}
    false = [row.split(" | ") for row in held_out_claims.CAUGHT[language].strip().splitlines()]
    fair = [row.split(" | ") for row in held_out_claims.FAIR[language].strip().splitlines()]
    missed = [
        (prose, found)
        for sky, kind, prose in false
        if (found := find(language, skies[sky], prose)) != {f"invented_{kind}"}
    ]
    taken = [(prose, found) for sky, prose in fair if (found := find(language, skies[sky], prose))]
    assert (len(false), len(fair)) == (14, 10)
    assert len(false) - len(missed) >= FEWEST_RIGHT["caught"], missed
    assert len(fair) - len(taken) >= FEWEST_RIGHT["fair"], taken


def test_a_language_without_lists_withholds_nothing_and_says_so() -> None:
    assert find("it", DRY, "Un cappotto rosso, e piove.") == set()
    assert is_checked("de") and is_checked("en") and not is_checked("it")
    checked = {"judged": {}, "faults": [], "withheld": 0, "held_back": 0, "language": "it"}
    held, said = list_ticks(checked, has_weather=False)[-1]
    assert not held and said == "The text was not checked: we have no word lists of its language"
    held, said = list_ticks(checked | {"language": "de"}, has_weather=False)[-1]
    assert held and said == "The text speaks only of these pieces and this weather"
