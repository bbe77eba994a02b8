"""The stylist's voice in German. It says "du"."""

from collections.abc import Sequence

from styling.stylist.context import Candidate
from styling.stylist.voices.de_grammar import ARTICLES, agree, decline, join_pieces, named, the
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

OCCASIONS = {
    "business": "einen Arbeitstag",
    "smart_casual": "etwas Schickes, das locker bleibt",
    "casual": "einen lockeren Tag",
    "date_night": "ein Date",
    "formal": "einen feierlichen Anlass",
    "party": "eine Party",
    "outdoor": "einen Tag im Freien",
    "sports": "den Sport",
}
UNTOLD = {
    "too_far": "So weit reicht keine Vorhersage",
    "past": "Diese Zeit ist vorbei, und eine Vorhersage habe ich dafür nicht",
    "no_place": "Du hast keinen Ort genannt, also habe ich keine Vorhersage",
    "unavailable": "Die Vorhersage ist nicht zu erreichen",
}
NOTHING_TOLD = "Ich habe keine Vorhersage"
WARMTHS = {
    "freezing": "eiskalt",
    "cold": "kalt",
    "chilly": "kühl",
    "mild": "mild",
    "warm": "warm",
    "hot": "heiß",
}
RAINS = {"dry": "trocken", "drizzly": "etwas Niesel", "rainy": "Regen", "snowy": "Schnee"}
PLACES = {
    "top": "Oberteile",
    "bottom": "Hosen oder Röcke",
    "dress": "Kleider",
    "shoes": "Schuhe",
    "outerwear": "Jacken oder Mäntel",
}
ABSENCES = {
    "in the wash": "in der Wäsche",
    "put away": "weggeräumt",
    "lent": "verliehen",
    "in repair": "in Reparatur",
    "not looked at yet": "noch nicht angesehen",
    "not wanted for this": "dafür nicht erwünscht",
}


class German(Voice):
    language = "de"
    left_out = "Weggelassen: "
    quotes = ("„", "“")
    seasons = {"spring": "Frühling", "summer": "Sommer", "autumn": "Herbst", "winter": "Winter"}
    groups = {
        "top": "Oberteil",
        "bottom": "Hose oder Rock",
        "dress": "Kleid",
        "shoes": "Schuhen",
        "outer": "Jacke oder Mantel",
        "mid": "Zwischenlage",
        "over": "Jacke für drüber",
    }
    lines = {
        "no_weather": "Nach der Jahreszeit.",
        "raincoat": "Regenmantelwetter.",
        "rain_jacket": "Regenjackenwetter.",
        "coat": "Mantelwetter.",
        "jacket": "Jackenwetter.",
        "over": "Eine Lage darüber.",
        "sweater": "Pulloverwetter.",
        "freezing": "Eiskalt.",
        "cold": "Kalt.",
        "chilly": "Kühl.",
        "mild": "Mild.",
        "warm": "Warm.",
        "hot": "Heiß.",
        "some_drizzle": "Etwas Niesel.",
        "drizzle": "Niesel.",
        "rain_throughout": "Immer Regen.",
        "snow_throughout": "Immer Schnee.",
        "rain_from": "Regen ab {hour}.",
        "snow_from": "Schnee ab {hour}.",
        "rain": "Regen.",
        "snow": "Schnee.",
        "dry_until": "Trocken bis {hour}.",
        "dry_windy": "Trocken, windig.",
        "dry": "Trocken.",
    }
    needs = {
        "top": "Kein Oberteil ist sauber und griffbereit",
        "bottom": "Nichts für die Beine ist sauber und griffbereit",
        "shoes": "Keine Schuhe sind sauber und griffbereit",
        "outerwear": "Nichts zum Überziehen ist sauber und griffbereit",
    }
    reasons = {
        "exhausted": "Jede andere Kombination hast du schon gesehen.",
        "unready": "Nichts ist sauber und griffbereit.",
        "relaxed": "Nichts, was du an {group} hast, passt besser zum Anlass.",
        "too_hot": "{left_out}{names}, zu warm für {felt}.",
        "warmer": "{left_out}{names}, wärmer als für den Tag nötig.",
        "lighter": "{left_out}{names}, leichter als der Tag verlangt.",
        "not_for_wet": "{left_out}{names}, nicht für die Nässe.",
        "not_for_moving": "{left_out}{names}, nicht für viel Bewegung gemacht.",
        "not_for_cold": "{left_out}{names}, nicht für {felt}.",
        "less_dressed": "{left_out}{names}, weniger förmlich als der Anlass.",
        "more_dressed": "{left_out}{names}, förmlicher als der Anlass.",
        "colours": "Die Farben passen besser zusammen als mit {names}.",
        "patterns": "{left_out}{names}, ein lautes Muster genügt.",
        "recent": "{left_out}{names}, erst kürzlich getragen.",
        "liked": "Nach deinem Geschmack: {names}.",
        "disliked": "{left_out}{names}, weil du das lieber nicht trägst.",
        "unseasonal": "{left_out}{names}, gedacht für andere Jahreszeiten als den {season}.",
        "clashing": "{left_out}{names}, aus einer anderen Jahreszeit als der Rest.",
        "favourite": "Von deinen Lieblingsstücken: {names}.",
        "together": "Diese Stücke hast du schon zusammen getragen.",
        "wishes": "{left_out}{names}, wegen deines Wunsches.",
        "learned": "{left_out}{names}, nach dem, was du getragen und abgelehnt hast.",
        "unmet": "Nichts Sauberes und Griffbereites entspricht {said}.",
        "unkept": "{said} ließ sich nicht bei jedem Stück einhalten.",
        "given_way": "{said} ging nicht: Sonst ist für diesen Platz nichts sauber und griffbereit.",
        "vain": "Nichts, was zur Wahl steht, ist mit {said} gemeint.",
        "added": "Ergänzt, damit es ein ganzes Outfit wird: {names}.",
        "unread": "Nicht verstanden und deshalb nicht beachtet: {said}.",
    }

    def spell(self, piece: Named) -> frozenset[str]:
        return frozenset({piece.name, *(named(piece, case) for case in ARTICLES if decline(piece))})

    def name_hour(self, hour: int) -> str:
        return f"{hour} Uhr"

    def join(self, names: Sequence[str]) -> str:
        return " und ".join(names)

    def say_sky(self, weather: WeatherSnapshot) -> str:
        warmth = capital(WARMTHS[weather.categories["temperature"]])
        rain = weather.categories["rain"]
        if weather.is_stated:
            said = f"{warmth} und trocken" if rain == "dry" else f"{warmth} mit {_dative(rain)}"
            return f"{said}, wie du gesagt hast."
        if rain == "dry":
            is_windy = weather.categories["wind"] == "windy"
            return f"{warmth}, trocken und windig." if is_windy else f"{warmth} und trocken."
        warmth = f"{warmth} und sehr windig" if is_stormy(weather) else warmth
        return f"{warmth}, {_say_falling(RAINS[rain], find_spell(weather))}."

    def say_exhausted(self, *, was_shown: bool) -> str:
        if was_shown:
            return (
                "Das waren alle Kombinationen, die deine Garderobe dafür hat.\n\n"
                "Hol ein Stück aus der Wäsche oder füge eins hinzu, und frag noch einmal."
            )
        return (
            "In deiner Garderobe ist nichts sauber und griffbereit.\n\n"
            "Füge ein Stück hinzu oder hol eins aus der Wäsche."
        )

    def say_tersely(self, pieces: Pieces, missing: Sequence[str], sky: str) -> str:
        worn = ", ".join(piece.name for piece in pieces)
        needs = "".join(f" {self.say_need(slot)}" for slot in missing)
        return f"Zieh an: {worn}.{needs}\n\n{sky}"

    def say_untold(self, code: str) -> str:
        return f"{UNTOLD.get(code, NOTHING_TOLD)}."

    def say_core(self, kind: str, pieces: Pieces, *, is_dressed_for_it: bool) -> Ways:
        occasion = OCCASIONS.get(kind, "das, was du vorhast")
        make = agree(pieces, "macht", "machen")
        ways = (
            f"Für {occasion} beginnst du mit {join_pieces(pieces, 'dative')}.",
            f"Du ziehst dich für {occasion} an: Den Anfang {make} {join_pieces(pieces)}.",
        )
        fit = agree(pieces, "passt", "passen")
        dressed = f"{capital(join_pieces(pieces))} {fit} gut für {occasion}."
        return (*ways, dressed) if is_dressed_for_it else ways

    def say_off(self, less: Pieces, more: Pieces) -> str:
        return " ".join(
            f"Nur {join_pieces(pieces)} {agree(pieces, 'ist', 'sind')} vielleicht {how}, als es der Anlass verlangt."
            for how, pieces in (("weniger förmlich", less), ("förmlicher", more))
            if pieces
        )

    def say_mids(self, pieces: Pieces, *, comes_off: bool) -> Ways:
        named, come = join_pieces(pieces), agree(pieces, "kommt", "kommen")
        if not comes_off:
            return (f"Darüber {come} {named}.",)
        return (
            f"Darüber {come} {named}, und drinnen ziehst du das wieder aus.",
            f"Als Nächstes {come} {named}, drinnen schnell ausgezogen.",
        )

    def say_colours(self, bright: Candidate | None) -> Ways:
        if bright is None:
            return (
                "Die Farben halten sich zurück und vertragen sich.",
                "Lauter ruhige Farben, da streitet nichts.",
            )
        bring = agree([bright], "bringt", "bringen")
        return (
            f"{capital(the(bright))} {bring} die Farbe, der Rest lässt Platz dafür.",
            f"Lass {the(bright, 'accusative')} sprechen; der Rest ist ruhig.",
        )

    def say_rested(self, piece: Candidate, days: int) -> str:
        return f"{capital(the(piece, 'accusative'))} hast du seit {days} Tagen nicht getragen."

    def say_empty(self, slot: str) -> str:
        return f"{self.needs[slot]}, dieser Platz bleibt also leer."

    def say_unchanged(self, unsuited: Sequence[str], rests: Sequence[Rest]) -> str:
        places = " oder ".join(PLACES[slot] for slot in unsuited)
        why = [f"keine anderen {places} passen zum Tag und zu deinem Wunsch"] if unsuited else []
        why += [_say_rest(rest) for rest in rests if rest.is_owned]
        why += _say_unowned([PLACES[rest.slot] for rest in rests if not rest.is_owned])
        return f"Wenig ließ sich ändern: {capital(' und '.join(why))}." if why else ""

    def say_no_forecast(self, code: str, *, is_mild: bool) -> str:
        untold = UNTOLD.get(code, NOTHING_TOLD)
        if is_mild:
            return f"{untold}, deshalb sind das Lagen für einen milden Tag: Schau hinaus, bevor du gehst."
        return f"{untold}, also schau hinaus, bevor du gehst."

    def say_forecast(self, weather: WeatherSnapshot, units: str) -> Ways:
        said = small(self.say_sky(weather))
        if weather.is_stated:
            return (f"Angezogen bist du für dieses Wetter: {said}",)
        low, high = weather.temperature_ends(units)
        degrees = high if low == high else f"{low.rstrip('°')} bis {high}"
        return f"Die Vorhersage sagt: {said}", f"Draußen sind es {degrees}: {said}"

    def say_rain_kept(self, outer: Candidate) -> Ways:
        keep, are = agree([outer], "hält", "halten"), agree([outer], "ist", "sind")
        return (
            f"{capital(the(outer))} {keep} das von dir ab.",
            f"Genau dafür {are} {the(outer)} da.",
        )

    def say_under_umbrella(self, outer: Candidate, umbrella: Candidate) -> str:
        come = agree([outer], "kommt", "kommen")
        return f"{capital(the(outer))} {come} obendrauf, und {the(umbrella)} darüber."

    def say_umbrella(self, umbrella: Candidate) -> str:
        return f"{capital(the(umbrella))} {agree([umbrella], 'hält', 'halten')} das von dir ab."

    def say_near_a_roof(self, outer: Candidate | None) -> str:
        if outer is None:
            return "Nichts, was du trägst, hält die Nässe ab, bleib also in der Nähe eines Dachs."
        are = agree([outer], "ist", "sind")
        return f"{capital(the(outer))} {are} nicht für Nässe gemacht, bleib also in der Nähe eines Dachs."

    def say_best_cover(self, outer: Candidate, *, by_wishes: bool) -> str:
        are, among = (
            agree([outer], "ist", "sind"),
            "den deine Wünsche lassen" if by_wishes else "den du dafür hast",
        )
        return f"{capital(the(outer))} {are} der beste Schutz, {among}, wenn auch nicht für Nässe gemacht."

    def say_outer(self, outer: Candidate) -> Ways:
        come = agree([outer], "kommt", "kommen")
        return f"{capital(the(outer))} {come} obendrauf.", f"Obendrauf {come} {the(outer)}."

    def say_shoes(self, shoes: Candidate) -> Ways:
        come = agree([shoes], "kommt", "kommen")
        return f"{capital(the(shoes))} an den Füßen.", f"An die Füße {come} {the(shoes)}."

    def say_wet_shoes(self, shoes: Candidate, *, is_closed: bool) -> str:
        if is_closed:
            keep = agree([shoes], "hält", "halten")
            return f"{capital(the(shoes))} {keep} die Nässe von deinen Füßen ab."
        return f"{capital(the(shoes))} {agree([shoes], 'lässt', 'lassen')} die Nässe durch."

    def say_extras(self, pieces: Pieces) -> Ways:
        come = agree(pieces, "kommt", "kommen")
        return (
            f"Dazu {come} {join_pieces(pieces)}.",
            f"{capital(join_pieces(pieces))} zum Abschluss.",
        )

    def say_light(self, warmer: Pieces, *, is_utmost: bool, by_wishes: bool) -> str:
        if warmer:
            would = agree(warmer, "wäre", "wären")
            named = capital(join_pieces(warmer))
            return f"Es ist leichter, als der Tag verlangt: {named} {would} zu weit vom Anlass weg."
        if is_utmost:
            return f"Es ist das Wärmste, was {_among(by_wishes)}, und trotzdem leicht: Bleib in Bewegung."
        return "Es ist leichter, als der Tag verlangt: Bleib in Bewegung."

    def say_warm(self, *, is_utmost: bool, by_wishes: bool) -> str:
        if is_utmost:
            return f"Es ist das Leichteste, was {_among(by_wishes)}."
        return "Es ist wärmer, als der Tag verlangt."

    def explain_warmth(self, warmth: Warmth) -> str:
        worth = f"{with_comma(warmth.worth)} clo Wärme"
        if not warmth.asked and warmth.is_mild:
            return f"Lagen für einen milden Tag, {worth}, weil es keine Vorhersage gibt."
        if not warmth.asked:
            return f"Zusammen {worth}; ohne Vorhersage lässt sich das mit nichts vergleichen."
        if warmth.against_rain:
            worth += f" (davon {with_comma(warmth.against_rain)} gegen den Regen)"
        asked = f"{with_comma(warmth.needed)}, die gefühlte {warmth.felt} verlangen"
        how = {"right": "etwa die", "less": "weniger als die", "more": "mehr als die"}[warmth.asked]
        return f"Zusammen {worth}, {how} {asked}."


def _among(by_wishes: bool) -> str:
    return "deine Wünsche lassen" if by_wishes else "du dafür hast"


def _dative(rain: str) -> str:
    return {"drizzly": "etwas Niesel", "rainy": "Regen", "snowy": "Schnee"}[rain]


def _say_falling(falling: str, spell: Spell) -> str:
    if not spell.is_told:
        return f"zeitweise {falling}"
    if spell.since and spell.until:
        return f"{falling} von {spell.since} bis {spell.until} Uhr"
    if spell.since:
        return f"ab {spell.since} Uhr {falling}"
    return f"bis {spell.until} Uhr {falling}" if spell.until else f"die ganze Zeit {falling}"


def _say_rest(rest: Rest) -> str:
    place = PLACES[rest.slot]
    if not rest.names:
        return f"deine anderen {place} sind gerade nicht zu tragen"
    are = "ist" if len(rest.names) == 1 else "sind"
    return (
        f"was du sonst an {_of(place)} hast, {' und '.join(rest.names)}, {are} {ABSENCES[rest.why]}"
    )


def _say_unowned(places: Sequence[str]) -> list[str]:
    """One sentence for all: "Oberteile, Hosen, Röcke oder Schuhe"."""
    words = [word for place in places for word in place.split(" oder ")]
    said = " oder ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
    return [f"du hast keine anderen {said}"] if said else []


def _of(place: str) -> str:
    """In the dative: "an Oberteilen, Hosen oder Röcken"."""
    return " ".join(
        word if word == "oder" or word.endswith("n") else f"{word}n" for word in place.split()
    )
