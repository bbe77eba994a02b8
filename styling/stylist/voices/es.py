"""The stylist's voice in Spanish. It says "tú"."""

from collections.abc import Sequence

from styling.stylist.context import Candidate
from styling.stylist.voices import nouns
from styling.stylist.voices.spells import Spell, find_spell, is_stormy
from styling.stylist.voices.voice import (
    Named,
    Pieces,
    Rest,
    Voice,
    Warmth,
    Ways,
    capital,
    small,
    with_comma,
)
from styling.weather.model import WeatherSnapshot
from wardrobe.vocabulary.names_es import NOUNS
from wardrobe.vocabulary.nouns import Noun

ARTICLES = {"m": "el", "f": "la", "mp": "los", "fp": "las"}
QUOTES = ("«", "»")
OCCASIONS = {
    "business": "un día de trabajo",
    "smart_casual": "algo arreglado pero cómodo",
    "casual": "un día tranquilo",
    "date_night": "una cita",
    "formal": "una ocasión formal",
    "party": "una fiesta",
    "outdoor": "un día al aire libre",
    "sports": "hacer deporte",
}
UNTOLD = {
    "too_far": "Ningún pronóstico llega tan lejos",
    "past": "Esa hora ya pasó y no tengo pronóstico para ella",
    "no_place": "No has dicho ningún lugar, así que no tengo pronóstico",
    "unavailable": "Ahora no se puede consultar el pronóstico",
}
NOTHING_TOLD = "No tengo pronóstico"
WARMTHS = {
    "freezing": "helado",
    "cold": "frío",
    "chilly": "fresco",
    "mild": "templado",
    "warm": "cálido",
    "hot": "caluroso",
}
RAINS = {"drizzly": "algo de llovizna", "rainy": "lluvia", "snowy": "nieve"}
PLACES = {
    "top": "otras prendas de arriba",
    "bottom": "otras prendas de abajo",
    "dress": "otros vestidos",
    "shoes": "otros zapatos",
    "outerwear": "otras capas exteriores",
}
ABSENCES = {
    "in the wash": "en la lavadora",
    "put away": "fuera de uso",
    "lent": "en préstamo",
    "in repair": "en reparación",
    "not looked at yet": "por revisar",
    "not wanted for this": "fuera de esta ocasión",
}


class Spanish(Voice):
    language = "es"
    left_out = "Descartado: "
    quotes = QUOTES
    seasons = {
        "spring": "la primavera",
        "summer": "el verano",
        "autumn": "el otoño",
        "winter": "el invierno",
    }
    groups = {
        "top": "parte de arriba",
        "bottom": "parte de abajo",
        "dress": "vestido",
        "shoes": "calzado",
        "mid": "capa intermedia",
        "over": "chaqueta",
        "outer": "capa exterior",
    }
    lines = {
        "no_weather": "Según la estación.",
        "raincoat": "Abrigo impermeable.",
        "rain_jacket": "Chubasquero.",
        "coat": "Día de abrigo.",
        "jacket": "Día de chaqueta.",
        "over": "Una capa encima.",
        "sweater": "Día de jersey.",
        "freezing": "Helado.",
        "cold": "Frío.",
        "chilly": "Fresco.",
        "mild": "Templado.",
        "warm": "Cálido.",
        "hot": "Caluroso.",
        "some_drizzle": "Algo de llovizna.",
        "drizzle": "Llovizna.",
        "rain_throughout": "Lluvia siempre.",
        "snow_throughout": "Nieve siempre.",
        "rain_from": "Lluvia desde {hour}.",
        "snow_from": "Nieve desde {hour}.",
        "rain": "Lluvia.",
        "snow": "Nieve.",
        "dry_until": "Seco hasta {hour}.",
        "dry_windy": "Seco y ventoso.",
        "dry": "Sin lluvia.",
    }
    needs = {
        "top": "Ninguna prenda de arriba está limpia y lista",
        "bottom": "Nada para las piernas está limpio y listo",
        "shoes": "Ningún calzado está limpio y listo",
        "outerwear": "Nada para poner encima está limpio y listo",
    }
    reasons = {
        "exhausted": "Ya has visto todas las demás combinaciones.",
        "unready": "Nada está limpio y listo.",
        "relaxed": "Como {group} no tienes nada más cercano a la ocasión.",
        "too_hot": "{left_out}{names}, demasiado abrigo para {felt}.",
        "warmer": "{left_out}{names}, más abrigo del que pide el día.",
        "lighter": "{left_out}{names}, menos abrigo del que pide el día.",
        "not_for_wet": "{left_out}{names}, que no va bien con el agua.",
        "not_for_moving": "{left_out}{names}, que no va bien para moverse.",
        "not_for_cold": "{left_out}{names}, que no va bien con {felt}.",
        "less_dressed": "{left_out}{names}, menos formal que la ocasión.",
        "more_dressed": "{left_out}{names}, más formal que la ocasión.",
        "colours": "Los colores combinan mejor que con {names}.",
        "patterns": "{left_out}{names}, basta con un estampado llamativo.",
        "recent": "{left_out}{names}, de uso reciente.",
        "liked": "A tu gusto: {names}.",
        "disliked": "{left_out}{names}, que prefieres no llevar.",
        "unseasonal": "{left_out}{names}, para otra época que {season}.",
        "clashing": "{left_out}{names}, de otra estación que el resto.",
        "favourite": "De tus favoritos: {names}.",
        "together": "Ya has llevado estas prendas juntas.",
        "wishes": "{left_out}{names}, por lo que pediste.",
        "learned": "{left_out}{names}, según lo que has llevado y rechazado.",
        "unmet": "Nada limpio y listo responde a {said}.",
        "unkept": "{said} no se pudo cumplir en todas las prendas.",
        "given_way": "{said} no fue posible: no hay nada más limpio y listo para ese sitio.",
        "vain": "Nada de lo disponible corresponde a {said}.",
        "added": "Añadido para completar el conjunto: {names}.",
        "unread": "No se entendió, y por eso no se tuvo en cuenta: {said}.",
    }

    def spell(self, piece: Named) -> frozenset[str]:
        return frozenset({piece.name})

    def name_hour(self, hour: int) -> str:
        return _at(f"{hour}")

    def join(self, names: Sequence[str]) -> str:
        return _and(names)

    def say_sky(self, weather: WeatherSnapshot) -> str:
        warmth = capital(WARMTHS[weather.categories["temperature"]])
        rain = weather.categories["rain"]
        if weather.is_stated:
            said = f"{warmth} y seco" if rain == "dry" else f"{warmth} y con {RAINS[rain]}"
            return f"{said}, como dijiste."
        if rain == "dry":
            is_windy = weather.categories["wind"] == "windy"
            return f"{warmth}, seco y ventoso." if is_windy else f"{warmth} y seco."
        warmth = f"{warmth} y con mucho viento" if is_stormy(weather) else warmth
        return f"{warmth}, {_say_falling(RAINS[rain], find_spell(weather))}."

    def say_exhausted(self, *, was_shown: bool) -> str:
        if was_shown:
            return (
                "Esas eran todas las combinaciones que tu armario tiene para esto.\n\n"
                "Saca una prenda de la lavadora o añade otra, y pregunta de nuevo."
            )
        return "En tu armario no hay nada limpio y listo.\n\nAñade una prenda o saca una de la lavadora."

    def say_tersely(self, pieces: Pieces, missing: Sequence[str], sky: str) -> str:
        worn = ", ".join(piece.name for piece in pieces)
        needs = "".join(f" {self.say_need(slot)}" for slot in missing)
        return f"Ponte: {worn}.{needs}\n\n{sky}"

    def say_untold(self, code: str) -> str:
        return f"{UNTOLD.get(code, NOTHING_TOLD)}."

    def say_core(self, kind: str, pieces: Pieces, *, is_dressed_for_it: bool) -> Ways:
        occasion, named = OCCASIONS.get(kind, "lo que tienes previsto"), _join(pieces)
        ways = (
            f"Para {occasion}, empieza con {named}.",
            f"Te vistes para {occasion}: empieza con {named}.",
        )
        dressed = f"{capital(named)} {_verb(pieces, 'va', 'van')} bien para {occasion}."
        return (*ways, dressed) if is_dressed_for_it else ways

    def say_off(self, less: Pieces, more: Pieces) -> str:
        said = []
        for how, pieces in (("menos", less), ("más", more)):
            formal = _verb(pieces, "puede resultar {} formal", "pueden resultar {} formales")
            if pieces:
                said.append(f"Solo {_join(pieces)} {formal.format(how)} de lo que pide la ocasión.")
        return " ".join(said)

    def say_mids(self, pieces: Pieces, *, comes_off: bool) -> Ways:
        named, go = _join(pieces), _verb(pieces, "va", "van")
        if not comes_off:
            return (f"Encima {go} {named}.",)
        take = _verb(pieces, "se quita", "se quitan")
        return (
            f"Encima {go} {named}, y dentro te quitas esa capa.",
            f"Después {go} {named}, que {take} fácilmente bajo techo.",
        )

    def say_colours(self, bright: Candidate | None) -> Ways:
        if bright is None:
            return (
                "Los colores son discretos y se llevan bien.",
                "Todo en colores tranquilos, nada desentona.",
            )
        put, speak = _verb([bright], "pone", "ponen"), _verb([bright], "hable", "hablen")
        return (
            f"{capital(the(bright))} {put} el color y el resto deja sitio.",
            f"Deja que {speak} {the(bright)}; el resto calla.",
        )

    def say_rested(self, piece: Candidate, days: int) -> str:
        return f"Llevas {days} días sin ponerte {the(piece)}."

    def say_empty(self, slot: str) -> str:
        return f"{self.needs[slot]}, así que ese sitio queda vacío."

    def say_unchanged(self, unsuited: Sequence[str], rests: Sequence[Rest]) -> str:
        why = [f"{PLACES[slot]} no van con el día ni con lo que pediste" for slot in unsuited]
        why += [_say_rest(rest) for rest in rests if rest.is_owned]
        why += _say_unowned([PLACES[rest.slot] for rest in rests if not rest.is_owned])
        return f"Poco podía cambiar: {'; '.join(why)}." if why else ""

    def say_no_forecast(self, code: str, *, is_mild: bool) -> str:
        untold = UNTOLD.get(code, NOTHING_TOLD)
        if is_mild:
            return f"{untold}; por eso son capas para un día templado: mira fuera antes de salir."
        return f"{untold}; mira fuera antes de salir."

    def say_forecast(self, weather: WeatherSnapshot, units: str) -> Ways:
        said = small(self.say_sky(weather))
        if weather.is_stated:
            return (f"El conjunto es para este tiempo: {said}",)
        low, high = weather.temperature_ends(units)
        degrees = high if low == high else f"{low.rstrip('°')} a {high}"
        return f"El pronóstico dice: {said}", f"Fuera habrá {degrees}: {said}"

    def say_rain_kept(self, outer: Candidate) -> Ways:
        keep, are = _verb([outer], "protege", "protegen"), _verb([outer], "está", "están")
        return f"{capital(the(outer))} te {keep} de eso.", f"Para eso {are} {the(outer)}."

    def say_under_umbrella(self, outer: Candidate, umbrella: Candidate) -> str:
        go = _verb([outer], "va", "van")
        return f"{capital(the(outer))} {go} encima, y por arriba {the(umbrella)}."

    def say_umbrella(self, umbrella: Candidate) -> str:
        return f"{capital(the(umbrella))} te {_verb([umbrella], 'protege', 'protegen')} de eso."

    def say_near_a_roof(self, outer: Candidate | None) -> str:
        if outer is None:
            return "Nada de lo que llevas frena el agua, así que no te alejes de un techo."
        bear = _verb([outer], "aguanta", "aguantan")
        return f"{capital(the(outer))} no {bear} el agua, así que no te alejes de un techo."

    def say_best_cover(self, outer: Candidate, *, by_wishes: bool) -> str:
        are, bear = _verb([outer], "es", "son"), _verb([outer], "aguanta", "aguantan")
        return f"{capital(the(outer))} {are} lo que mejor cubre {_among(by_wishes)}, aunque no {bear} el agua."

    def say_outer(self, outer: Candidate) -> Ways:
        return (
            f"{capital(the(outer))} {_verb([outer], 'va', 'van')} encima.",
            f"Encima, {the(outer)}.",
        )

    def say_shoes(self, shoes: Candidate) -> Ways:
        return f"{capital(the(shoes))} en los pies.", f"En los pies, {the(shoes)}."

    def say_wet_shoes(self, shoes: Candidate, *, is_closed: bool) -> str:
        let = _verb([shoes], "dejará", "dejarán")
        if is_closed:
            return f"{capital(the(shoes))} no {let} entrar el agua."
        return f"{capital(the(shoes))} {let} entrar el agua."

    def say_extras(self, pieces: Pieces) -> Ways:
        return f"Añade {_join(pieces)}.", f"{capital(_join(pieces))} para terminar."

    def say_light(self, warmer: Pieces, *, is_utmost: bool, by_wishes: bool) -> str:
        if warmer:
            would = _verb(warmer, "quedaría", "quedarían")
            return f"Abriga menos de lo que pide el día: {_join(warmer)} {would} demasiado lejos de esta ocasión."
        if is_utmost:
            return f"Es lo que más abriga {_among(by_wishes)}, y aun así es poco: mantente en movimiento."
        return "Abriga menos de lo que pide el día: mantente en movimiento."

    def say_warm(self, *, is_utmost: bool, by_wishes: bool) -> str:
        if is_utmost:
            return f"Es lo que menos abriga {_among(by_wishes)}."
        return "Abriga más de lo que pide el día."

    def explain_warmth(self, warmth: Warmth) -> str:
        worth = f"{with_comma(warmth.worth)} clo de abrigo"
        if not warmth.asked and warmth.is_mild:
            return f"Capas para un día templado, {worth}, porque no hay pronóstico."
        if not warmth.asked:
            return f"En total {worth}; no hay pronóstico con que compararlo."
        if warmth.against_rain:
            worth += f" ({with_comma(warmth.against_rain)} contra la lluvia)"
        asked = f"{with_comma(warmth.needed)} que piden {warmth.felt} de sensación"
        how = {"right": "más o menos los", "less": "menos que los", "more": "más que los"}[
            warmth.asked
        ]
        return f"En total {worth}, {how} {asked}."


def _among(by_wishes: bool) -> str:
    return "de lo que dejan tus deseos" if by_wishes else "de lo que tienes para esto"


def _at(time: str) -> str:
    return f"{'la' if time.split(':')[0] == '1' else 'las'} {time}"


def _say_falling(falling: str, spell: Spell) -> str:
    if not spell.is_told:
        return f"a ratos con {falling}"
    if spell.since and spell.until:
        return f"con {falling} de {_at(spell.since)} a {_at(spell.until)}"
    if spell.since:
        return f"con {falling} desde {_at(spell.since)}"
    return (
        f"con {falling} hasta {_at(spell.until)}" if spell.until else f"con {falling} todo el rato"
    )


def _say_rest(rest: Rest) -> str:
    place = PLACES[rest.slot]
    if not rest.names:
        return f"tus {place} no se pueden llevar ahora"
    are = "está" if len(rest.names) == 1 else "están"
    return f"lo demás que tienes ahí, {_and(rest.names)}, {are} {ABSENCES[rest.why]}"


def _say_unowned(places: Sequence[str]) -> list[str]:
    """One sentence for all."""
    said = " ni ".join(filter(None, [", ".join(places[:-1]), *places[-1:]]))
    return [f"no tienes {said}"] if said else []


def _and(names: Sequence[str]) -> str:
    """ "y" is "e" before the sound of an i."""
    if len(names) < 2:
        return "".join(names)
    word = names[-1].casefold()
    link = "e" if word.startswith(("i", "hi", "í")) and not word.startswith(("hie", "ie")) else "y"
    return f"{', '.join(names[:-1])} {link} {names[-1]}"


def find_noun(piece: Named) -> Noun:
    return nouns.find_noun(NOUNS, piece)


def the(piece: Named) -> str:
    """ "la camisa azul"; of a name that says no such thing "la camisa «Navy linen»"."""
    noun = find_noun(piece)
    return f"{ARTICLES[noun.gender]} {nouns.name_piece(piece, noun, QUOTES)}"


def _join(pieces: Pieces) -> str:
    return _and([the(piece) for piece in pieces])


def _verb(pieces: Pieces, singular: str, plural: str) -> str:
    return singular if len(pieces) == 1 and not find_noun(pieces[0]).is_plural else plural
