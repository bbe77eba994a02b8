"""The stylist's voice in French. It says "tu"."""

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
from wardrobe.vocabulary.names_fr import NOUNS
from wardrobe.vocabulary.nouns import Noun

ARTICLES = {"m": "le ", "f": "la ", "mp": "les ", "fp": "les "}
QUOTES = ("«\u00a0", "\u00a0»")
VOWELS = tuple("aàâeéèêiîoôuùûœ")
OCCASIONS = {
    "business": "une journée de travail",
    "smart_casual": "quelque chose de chic mais décontracté",
    "casual": "une journée décontractée",
    "date_night": "un rendez-vous",
    "formal": "une occasion habillée",
    "party": "une fête",
    "outdoor": "une journée en plein air",
    "sports": "le sport",
}
UNTOLD = {
    "too_far": "Aucune prévision ne va aussi loin",
    "past": "Ce moment est passé, et je n’ai pas de prévision pour lui",
    "no_place": "Tu n’as indiqué aucun lieu, je n’ai donc pas de prévision",
    "unavailable": "La prévision n’est pas accessible",
}
NOTHING_TOLD = "Je n’ai pas de prévision"
WARMTHS = {
    "freezing": "glacial",
    "cold": "froid",
    "chilly": "frais",
    "mild": "doux",
    "warm": "chaud",
    "hot": "très chaud",
}
RAINS = {"drizzly": "un peu de bruine", "rainy": "de la pluie", "snowy": "de la neige"}
PLACES = {
    "top": "autres hauts",
    "bottom": "autres bas",
    "dress": "autres robes",
    "shoes": "autres chaussures",
    "outerwear": "autres couches de dessus",
}
ABSENCES = {
    "in the wash": "au lavage",
    "put away": "hors d’usage",
    "lent": "en prêt",
    "in repair": "en réparation",
    "not looked at yet": "à vérifier",
    "not wanted for this": "hors de question pour cette occasion",
}


class French(Voice):
    language = "fr"
    left_out = "Laissé de côté\u00a0: "
    quotes = QUOTES
    seasons = {
        "spring": "le printemps",
        "summer": "l’été",
        "autumn": "l’automne",
        "winter": "l’hiver",
    }
    groups = {
        "top": "haut",
        "bottom": "bas",
        "dress": "robe",
        "shoes": "chaussures",
        "mid": "couche intermédiaire",
        "over": "veste",
        "outer": "couche de dessus",
    }
    lines = {
        "no_weather": "Selon la saison.",
        "raincoat": "Manteau de pluie.",
        "rain_jacket": "Veste de pluie.",
        "coat": "Temps à manteau.",
        "jacket": "Temps à veste.",
        "over": "Une couche dessus.",
        "sweater": "Temps à pull.",
        "freezing": "Glacial.",
        "cold": "Froid.",
        "chilly": "Frais.",
        "mild": "Doux.",
        "warm": "Chaud.",
        "hot": "Très chaud.",
        "some_drizzle": "Un peu de bruine.",
        "drizzle": "Bruine.",
        "rain_throughout": "Pluie tout du long.",
        "snow_throughout": "Neige tout du long.",
        "rain_from": "Pluie dès {hour}.",
        "snow_from": "Neige dès {hour}.",
        "rain": "Pluie.",
        "snow": "Neige.",
        "dry_until": "Sec jusqu’à {hour}.",
        "dry_windy": "Sec et venteux.",
        "dry": "Sans pluie.",
    }
    needs = {
        "top": "Aucun haut n’est propre et prêt",
        "bottom": "Rien pour les jambes n’est propre et prêt",
        "shoes": "Aucune paire de chaussures n’est propre et prête",
        "outerwear": "Rien à mettre par-dessus n’est propre et prêt",
    }
    reasons = {
        "exhausted": "Tu as déjà vu toutes les autres combinaisons.",
        "unready": "Rien n’est propre et prêt.",
        "relaxed": "Comme {group}, tu n’as rien de plus proche de l’occasion.",
        "too_hot": "{left_out}{names}, trop de chaleur pour {felt}.",
        "warmer": "{left_out}{names}, plus de chaleur que la journée n’en demande.",
        "lighter": "{left_out}{names}, moins de chaleur que la journée n’en demande.",
        "not_for_wet": "{left_out}{names}, rien pour l’humidité.",
        "not_for_moving": "{left_out}{names}, rien pour beaucoup bouger.",
        "not_for_cold": "{left_out}{names}, rien pour {felt}.",
        "less_dressed": "{left_out}{names}, d’un style moins habillé que l’occasion.",
        "more_dressed": "{left_out}{names}, d’un style plus habillé que l’occasion.",
        "colours": "Les couleurs vont mieux ensemble qu’avec {names}.",
        "patterns": "{left_out}{names}, car un seul motif voyant suffit.",
        "recent": "{left_out}{names}, d’un usage récent.",
        "liked": "À ton goût\u00a0: {names}.",
        "disliked": "{left_out}{names}, que tu préfères ne pas porter.",
        "unseasonal": "{left_out}{names}, pour une autre saison que {season}.",
        "clashing": "{left_out}{names}, d’une autre saison que le reste.",
        "favourite": "Parmi tes favoris\u00a0: {names}.",
        "together": "Tu as déjà porté ces pièces ensemble.",
        "wishes": "{left_out}{names}, à cause de ta demande.",
        "learned": "{left_out}{names}, d’après ce que tu as porté et refusé.",
        "unmet": "Rien de propre et prêt ne répond à {said}.",
        "unkept": "{said} n’a pas pu être suivi pour chaque pièce.",
        "given_way": "{said} n’était pas possible\u00a0: rien d’autre n’est propre et prêt à cette place.",
        "vain": "Rien de ce qui est proposé ne correspond à {said}.",
        "added": "Ajouté pour compléter la tenue\u00a0: {names}.",
        "unread": "Pas compris, et donc pas pris en compte\u00a0: {said}.",
    }

    def spell(self, piece: Named) -> frozenset[str]:
        return frozenset({piece.name})

    def name_hour(self, hour: int) -> str:
        return f"{hour} h"

    def join(self, names: Sequence[str]) -> str:
        return _and(names)

    def say_sky(self, weather: WeatherSnapshot) -> str:
        warmth = capital(WARMTHS[weather.categories["temperature"]])
        rain = weather.categories["rain"]
        if weather.is_stated:
            said = f"{warmth} et sec" if rain == "dry" else f"{warmth}, avec {RAINS[rain]}"
            return f"{said}, comme tu l’as dit."
        if rain == "dry":
            is_windy = weather.categories["wind"] == "windy"
            return f"{warmth}, sec et venteux." if is_windy else f"{warmth} et sec."
        warmth = f"{warmth} et beaucoup de vent" if is_stormy(weather) else warmth
        return f"{warmth}, {_say_falling(RAINS[rain], find_spell(weather))}."

    def say_exhausted(self, *, was_shown: bool) -> str:
        if was_shown:
            return (
                "C’étaient toutes les combinaisons que ta garde-robe offre pour cela.\n\n"
                "Sors une pièce du lavage ou ajoutes-en une, et demande encore."
            )
        return (
            "Rien dans ta garde-robe n’est propre et prêt.\n\n"
            "Ajoute une pièce ou sors-en une du lavage."
        )

    def say_tersely(self, pieces: Pieces, missing: Sequence[str], sky: str) -> str:
        worn = ", ".join(piece.name for piece in pieces)
        needs = "".join(f" {self.say_need(slot)}" for slot in missing)
        return f"Porte\u00a0: {worn}.{needs}\n\n{sky}"

    def say_untold(self, code: str) -> str:
        return f"{UNTOLD.get(code, NOTHING_TOLD)}."

    def say_core(self, kind: str, pieces: Pieces, *, is_dressed_for_it: bool) -> Ways:
        occasion, named = OCCASIONS.get(kind, "ce que tu as prévu"), _join(pieces)
        ways = (
            f"Pour {occasion}, commence par {named}.",
            f"Tu t’habilles pour {occasion}\u00a0: commence par {named}.",
        )
        dressed = (
            f"{capital(named)} {_verb(pieces, 'convient', 'conviennent')} bien pour {occasion}."
        )
        return (*ways, dressed) if is_dressed_for_it else ways

    def say_off(self, less: Pieces, more: Pieces) -> str:
        return " ".join(
            f"Seule réserve\u00a0: {_join(pieces)}, d’un style {how} habillé que ne le demande l’occasion."
            for how, pieces in (("moins", less), ("plus", more))
            if pieces
        )

    def say_mids(self, pieces: Pieces, *, comes_off: bool) -> Ways:
        named, come = capital(_join(pieces)), _verb(pieces, "vient", "viennent")
        if not comes_off:
            return (f"{named} {come} par-dessus.",)
        take = _verb(pieces, "s’enlève", "s’enlèvent")
        return (
            f"{named} {come} par-dessus, et {take} à l’intérieur.",
            f"{named} {come} ensuite, et {take} facilement à l’intérieur.",
        )

    def say_colours(self, bright: Candidate | None) -> Ways:
        if bright is None:
            return (
                "Les couleurs restent discrètes et s’accordent.",
                "Rien que des couleurs calmes, rien ne jure.",
            )
        bring = _verb([bright], "apporte", "apportent")
        return (
            f"{capital(the(bright))} {bring} la couleur, le reste laisse la place.",
            f"Laisse parler {the(bright)}\u00a0; le reste est calme.",
        )

    def say_rested(self, piece: Candidate, days: int) -> str:
        return f"Tu n’as pas porté {the(piece)} depuis {days} jours."

    def say_empty(self, slot: str) -> str:
        return f"{self.needs[slot]}, cette place reste donc vide."

    def say_unchanged(self, unsuited: Sequence[str], rests: Sequence[Rest]) -> str:
        why = [f"tes {PLACES[slot]} ne vont ni à la journée ni à ta demande" for slot in unsuited]
        why += [_say_rest(rest) for rest in rests if rest.is_owned]
        why += _say_unowned([PLACES[rest.slot] for rest in rests if not rest.is_owned])
        said = "\u00a0; ".join(why)
        return f"Peu de choses pouvaient changer\u00a0: {said}." if why else ""

    def say_no_forecast(self, code: str, *, is_mild: bool) -> str:
        untold = UNTOLD.get(code, NOTHING_TOLD)
        if is_mild:
            return f"{untold}\u00a0; ce sont donc des couches pour une journée douce\u00a0: regarde dehors avant de partir."
        return f"{untold}\u00a0; regarde dehors avant de partir."

    def say_forecast(self, weather: WeatherSnapshot, units: str) -> Ways:
        said = small(self.say_sky(weather))
        if weather.is_stated:
            return (f"La tenue est faite pour ce temps\u00a0: {said}",)
        low, high = weather.temperature_ends(units)
        degrees = high if low == high else f"{low.rstrip('°')} à {high}"
        return f"La météo annonce\u00a0: {said}", f"Dehors il fera {degrees}\u00a0: {said}"

    def say_rain_kept(self, outer: Candidate) -> Ways:
        keep, are = _verb([outer], "protège", "protègent"), _verb([outer], "est", "sont")
        return (
            f"{capital(the(outer))} t’en {keep}.",
            f"{capital(the(outer))} {are} là pour cela.",
        )

    def say_under_umbrella(self, outer: Candidate, umbrella: Candidate) -> str:
        come = _verb([outer], "vient", "viennent")
        return f"{capital(the(outer))} {come} par-dessus, et {the(umbrella)} pour couvrir le tout."

    def say_umbrella(self, umbrella: Candidate) -> str:
        return f"{capital(the(umbrella))} t’en {_verb([umbrella], 'protège', 'protègent')}."

    def say_near_a_roof(self, outer: Candidate | None) -> str:
        if outer is None:
            return "Rien de ce que tu portes n’arrête l’eau, reste donc près d’un toit."
        fear = _verb([outer], "craint", "craignent")
        return f"{capital(the(outer))} {fear} l’eau, reste donc près d’un toit."

    def say_best_cover(self, outer: Candidate, *, by_wishes: bool) -> str:
        stay = _verb([outer], "reste", "restent")
        return f"{capital(the(outer))} {stay} ce qui couvre le mieux {_among(by_wishes)}, sans résister à l’eau."

    def say_outer(self, outer: Candidate) -> Ways:
        come = _verb([outer], "vient", "viennent")
        return f"{capital(the(outer))} {come} par-dessus.", f"Par-dessus, {the(outer)}."

    def say_shoes(self, shoes: Candidate) -> Ways:
        return f"{capital(the(shoes))} aux pieds.", f"Aux pieds, {the(shoes)}."

    def say_wet_shoes(self, shoes: Candidate, *, is_closed: bool) -> str:
        if is_closed:
            keep = _verb([shoes], "garde", "gardent")
            return f"{capital(the(shoes))} {keep} tes pieds à l’abri de l’eau."
        return f"{capital(the(shoes))} {_verb([shoes], 'laisse', 'laissent')} passer l’eau."

    def say_extras(self, pieces: Pieces) -> Ways:
        return f"Ajoute {_join(pieces)}.", f"{capital(_join(pieces))} pour finir."

    def say_light(self, warmer: Pieces, *, is_utmost: bool, by_wishes: bool) -> str:
        if warmer:
            would = _verb(warmer, "serait", "seraient")
            return f"C’est plus léger que ne le demande la journée\u00a0: {_join(warmer)} {would} trop loin de l’occasion."
        if is_utmost:
            return f"C’est le plus chaud {_among(by_wishes)}, et pourtant léger\u00a0: reste en mouvement."
        return "C’est plus léger que ne le demande la journée\u00a0: reste en mouvement."

    def say_warm(self, *, is_utmost: bool, by_wishes: bool) -> str:
        if is_utmost:
            return f"C’est le plus léger {_among(by_wishes)}."
        return "C’est plus chaud que ne le demande la journée."

    def explain_warmth(self, warmth: Warmth) -> str:
        worth = f"{with_comma(warmth.worth)} clo de chaleur"
        if not warmth.asked and warmth.is_mild:
            return f"Des couches pour une journée douce, {worth}, faute de prévision."
        if not warmth.asked:
            return f"En tout {worth}\u00a0; sans prévision, rien à quoi les comparer."
        if warmth.against_rain:
            worth += f" (dont {with_comma(warmth.against_rain)} contre la pluie)"
        asked = f"{with_comma(warmth.needed)} que demande un ressenti de {warmth.felt}"
        how = {"right": "à peu près les", "less": "moins que les", "more": "plus que les"}[
            warmth.asked
        ]
        return f"En tout {worth}, {how} {asked}."


def _among(by_wishes: bool) -> str:
    return "parmi ce que laissent tes souhaits" if by_wishes else "parmi ce que tu as pour cela"


def _say_falling(falling: str, spell: Spell) -> str:
    if not spell.is_told:
        return f"par moments {falling}"
    if spell.since and spell.until:
        return f"{falling} de {_at(spell.since)} à {_at(spell.until)}"
    if spell.since:
        return f"puis {falling} à partir de {_at(spell.since)}"
    return f"{falling} jusqu’à {_at(spell.until)}" if spell.until else f"{falling} tout du long"


def _at(time: str) -> str:
    """ "14 h", "14 h 30"."""
    return " h ".join(time.split(":")) if ":" in time else f"{time} h"


def _say_rest(rest: Rest) -> str:
    place = PLACES[rest.slot]
    if not rest.names:
        return f"tes {place} ne peuvent pas se porter en ce moment"
    are = "est" if len(rest.names) == 1 else "sont"
    return f"ce que tu as d’autre, {_and(rest.names)}, {are} {ABSENCES[rest.why]}"


def _say_unowned(places: Sequence[str]) -> list[str]:
    """One sentence for all."""
    words = [f"d’{place}" for place in places]
    said = " ni ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
    return [f"tu n’as pas {said}"] if said else []


def _and(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} et {names[-1]}" if len(names) > 1 else "".join(names)


def find_noun(piece: Named) -> Noun:
    return nouns.find_noun(NOUNS, piece)


def the(piece: Named) -> str:
    """ "la chemise bleue", "l’écharpe"; of a name that says no such thing "la chemise « Navy linen »"."""
    noun = find_noun(piece)
    named = nouns.name_piece(piece, noun, QUOTES)
    is_elided = not noun.is_plural and named.casefold().startswith(VOWELS)
    return f"l’{named}" if is_elided else f"{ARTICLES[noun.gender]}{named}"


def _join(pieces: Pieces) -> str:
    return _and([the(piece) for piece in pieces])


def _verb(pieces: Pieces, singular: str, plural: str) -> str:
    return singular if len(pieces) == 1 and not find_noun(pieces[0]).is_plural else plural
