"""The stylist's voice in English."""

from collections.abc import Sequence

from styling.stylist.context import Candidate
from styling.stylist.voices.voice import Named, Pieces, Rest, Voice, Warmth, Ways, capital, small
from styling.weather.model import WeatherSnapshot

OCCASIONS = {
    "business": "a day of business",
    "smart_casual": "something smart but easy",
    "casual": "an easy day",
    "date_night": "a date",
    "formal": "a formal occasion",
    "party": "a party",
    "outdoor": "a day outdoors",
    "sports": "sport",
}
UNTOLD = {
    "too_far": "No forecast reaches that far",
    "past": "That time is over, and I have no forecast for it",
    "no_place": "You named no place, so I have no forecast",
    "unavailable": "The forecast cannot be reached",
}
PLACES = {
    "top": "tops",
    "bottom": "bottoms",
    "dress": "dresses",
    "shoes": "shoes",
    "outerwear": "outer layers",
}
PLAIN_WORDS = frozenset([
    "black", "blue", "bright", "brown", "canvas", "casual", "chunky", "classic", "cold", "cream",
    "dark", "dress", "fine", "floral", "formal", "green", "grey", "heavy", "house", "knit",
    "leather", "light", "linen", "long", "navy", "new", "old", "pale", "plain", "printed", "rain",
    "red", "running", "short", "silk", "slim", "small", "soft", "striped", "summer", "suede",
    "thick", "thin", "warm", "white", "wide", "winter", "wool",
])  # fmt: skip
"""First words of garments' names that no one would take for a name of somebody."""
HOURS = (
    "midnight", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
)  # fmt: skip


class English(Voice):
    language = "en"
    left_out = "Left out: "
    lines = {
        "no_weather": "Going by the season.",
        "raincoat": "Raincoat weather.",
        "rain_jacket": "Rain jacket weather.",
        "coat": "Coat weather.",
        "jacket": "Jacket weather.",
        "over": "One layer on top.",
        "sweater": "Sweater weather.",
        "freezing": "Freezing.",
        "cold": "Cold.",
        "chilly": "Chilly.",
        "mild": "Mild.",
        "warm": "Warm.",
        "hot": "Hot.",
        "some_drizzle": "A little drizzle.",
        "drizzle": "Drizzle.",
        "rain_throughout": "Rain throughout.",
        "snow_throughout": "Snow throughout.",
        "rain_from": "Rain from {hour}.",
        "snow_from": "Snow from {hour}.",
        "rain": "Rain.",
        "snow": "Snow.",
        "dry_until": "Dry until {hour}.",
        "dry_windy": "Dry and windy.",
        "dry": "Staying dry.",
    }
    needs = {
        "top": "No top is clean and ready",
        "bottom": "Nothing for the legs is clean and ready",
        "shoes": "No shoes are clean and ready",
        "outerwear": "Nothing to put on top is clean and ready",
    }
    reasons = {
        "exhausted": "Every other combination was shown already.",
        "unready": "Nothing is clean and ready.",
        "relaxed": "Nothing owned as {group} is closer to the occasion.",
        "too_hot": "{left_out}{names}, too warm for {felt}.",
        "warmer": "{left_out}{names}, warmer than the day needs.",
        "lighter": "{left_out}{names}, lighter than the day needs.",
        "not_for_wet": "{left_out}{names}, not for the wet.",
        "not_for_moving": "{left_out}{names}, not made for moving about.",
        "not_for_cold": "{left_out}{names}, not for {felt}.",
        "less_dressed": "{left_out}{names}, less dressed than the occasion.",
        "more_dressed": "{left_out}{names}, more dressed than the occasion.",
        "colours": "The colours sit better together than with {names}.",
        "patterns": "{left_out}{names}, one loud pattern is enough.",
        "recent": "{left_out}{names}, worn lately.",
        "liked": "To your taste: {names}.",
        "disliked": "{left_out}{names}, which you would rather not wear.",
        "unseasonal": "{left_out}{names}, tagged for other seasons than this {season}.",
        "clashing": "{left_out}{names}, of another season than the rest.",
        "favourite": "A favourite of yours: {names}.",
        "together": "You have worn these together before.",
        "wishes": "{left_out}{names}, because of what you asked for.",
        "learned": "{left_out}{names}, going by what you wore and turned down.",
        "unmet": "Nothing clean and ready answers to {said}.",
        "unkept": "{said} could not be kept for every piece.",
        "given_way": "{said} could not be: nothing else for that place is clean and ready.",
        "vain": "Nothing on offer is meant by {said}.",
        "added": "Added to what you named, for a whole outfit: {names}.",
        "unread": "Not understood, and so not heeded: {said}.",
    }

    def spell(self, piece: Named) -> frozenset[str]:
        return frozenset({piece.name})

    def name_hour(self, hour: int) -> str:
        """In words; the twelve of a clock's face are enough for a day's plan."""
        return "noon" if hour == 12 else HOURS[hour % 12]

    def join(self, names: Sequence[str]) -> str:
        return " and ".join(names)

    def say_sky(self, weather: WeatherSnapshot) -> str:
        return weather.sentence

    def say_exhausted(self, *, was_shown: bool) -> str:
        if was_shown:
            return (
                "That was every combination your wardrobe has for this.\n\n"
                "Take a piece out of the wash, or add one, and ask again."
            )
        return "Nothing in your wardrobe is clean and ready.\n\nAdd a piece, or take one out of the wash."

    def say_tersely(self, pieces: Pieces, missing: Sequence[str], sky: str) -> str:
        worn = ", ".join(_in_mid_sentence(piece) for piece in pieces)
        needs = "".join(f" {self.say_need(slot)}" for slot in missing)
        return f"Wear: {worn}.{needs}\n\n{sky}"

    def say_untold(self, code: str) -> str:
        return f"{UNTOLD.get(code, 'I have no forecast')}."

    def say_core(self, kind: str, pieces: Pieces, *, is_dressed_for_it: bool) -> Ways:
        occasion, named = OCCASIONS.get(kind, "what you have planned"), _join(pieces)
        ways = (
            f"For {occasion}, begin with {named}.",
            f"You are dressing for {occasion}: start with {named}.",
        )
        return (
            (*ways, f"{capital(named)} will do well for {occasion}.") if is_dressed_for_it else ways
        )

    def say_off(self, less: Pieces, more: Pieces) -> str:
        return " ".join(
            f"Only {_join(pieces)} may be {how} dressed than this asks."
            for how, pieces in (("less", less), ("more", more))
            if pieces
        )

    def say_mids(self, pieces: Pieces, *, comes_off: bool) -> Ways:
        named, is_one = capital(_join(pieces)), len(pieces) == 1
        go, come = ("goes", "comes") if is_one else ("go", "come")
        if not comes_off:
            return (f"{named} {go} over that.",)
        return (
            f"{named} {go} over that, and {come} off indoors.",
            f"{named} {go} on next, easy to take off inside.",
        )

    def say_colours(self, bright: Candidate | None) -> Ways:
        if bright is None:
            return "The colours keep quiet and agree.", "All quiet colours, so nothing argues."
        return (
            f"{capital(_the(bright))} brings the colour, the rest leaves it room.",
            f"Let {_the(bright)} do the talking; the rest is quiet.",
        )

    def say_rested(self, piece: Candidate, days: int) -> str:
        return f"You have not worn {_the(piece)} for {days} days."

    def say_empty(self, slot: str) -> str:
        return f"{self.needs[slot]}, so that place stays empty."

    def say_unchanged(self, unsuited: Sequence[str], rests: Sequence[Rest]) -> str:
        why = [f"no other {_either(unsuited)} suit the day and what you asked"] if unsuited else []
        why += [_say_rest(rest) for rest in rests if rest.is_owned]
        unowned = [rest.slot for rest in rests if not rest.is_owned]
        why += [f"you have no other {_either(unowned)}"] if unowned else []
        return f"Little could change: {' and '.join(why)}." if why else ""

    def say_no_forecast(self, code: str, *, is_mild: bool) -> str:
        so = "so these are layers for a mild day: look" if is_mild else "so look"
        return f"{UNTOLD.get(code, 'I have no forecast')}, {so} outside before you leave."

    def say_forecast(self, weather: WeatherSnapshot, units: str) -> Ways:
        said = small(self.say_sky(weather))
        if weather.is_stated:
            return (f"You are dressed for {said}",)
        degrees = weather.format_temperatures(units)
        return f"The forecast says {said}", f"Outside it will be {degrees}: {said}"

    def say_rain_kept(self, outer: Candidate) -> Ways:
        return f"{capital(_the(outer))} keeps it off you.", f"That is what {_the(outer)} is for."

    def say_under_umbrella(self, outer: Candidate, umbrella: Candidate) -> str:
        return f"{capital(_the(outer))} goes on top, and {_the(umbrella)} over it."

    def say_umbrella(self, umbrella: Candidate) -> str:
        return f"{capital(_the(umbrella))} keeps it off you."

    def say_near_a_roof(self, outer: Candidate | None) -> str:
        if outer is None:
            return "Nothing you wear keeps the wet out, so stay near a roof."
        return f"{capital(_the(outer))} is not made for the wet, so stay near a roof."

    def say_best_cover(self, outer: Candidate, *, by_wishes: bool) -> str:
        cover = f"{capital(_the(outer))} is the best cover {_among(by_wishes)}"
        return f"{cover}, though it is not made for the wet."

    def say_outer(self, outer: Candidate) -> Ways:
        return f"{capital(_the(outer))} goes on top.", f"On top, {_the(outer)}."

    def say_shoes(self, shoes: Candidate) -> Ways:
        return f"{capital(_the(shoes))} on your feet.", f"On your feet, {_the(shoes)}."

    def say_wet_shoes(self, shoes: Candidate, *, is_closed: bool) -> str:
        named = capital(_the(shoes))
        if is_closed:
            return f"{named} will keep your feet out of the wet."
        return f"{named} will let the wet in."

    def say_extras(self, pieces: Pieces) -> Ways:
        return f"Add {_join(pieces)}.", f"{capital(_join(pieces))} to finish."

    def say_light(self, warmer: Pieces, *, is_utmost: bool, by_wishes: bool) -> str:
        if warmer:
            named = _join(warmer)
            return f"It is lighter than the day asks: {named} would be too far from this occasion."
        if is_utmost:
            return f"It is the warmest {_among(by_wishes)}, and still light: keep moving."
        return "It is lighter than the day asks: keep moving."

    def say_warm(self, *, is_utmost: bool, by_wishes: bool) -> str:
        if is_utmost:
            return f"It is the lightest {_among(by_wishes)}."
        return "It is warmer than the day asks."

    def explain_warmth(self, warmth: Warmth) -> str:
        worth = f"{warmth.worth} clo of warmth"
        if not warmth.asked and warmth.is_mild:
            return f"Layers for a mild day, {worth}, because there is no forecast."
        if not warmth.asked:
            return f"Worth {worth}; there is no forecast to hold that against."
        if warmth.against_rain:
            worth += f" ({warmth.against_rain} of it against the rain)"
        asked = f"{warmth.needed} that feeling {warmth.felt} asks for"
        if warmth.asked == "right":
            return f"Worth {worth}, about the {asked}."
        return f"Worth {worth}, {warmth.asked} than the {asked}."


def _among(by_wishes: bool) -> str:
    """What "the warmest" is the warmest of: wishes may have left a part of the wardrobe."""
    return "your wishes leave" if by_wishes else "you own for this"


def _either(slots: Sequence[str]) -> str:
    """ "tops", "tops or shoes", "tops, bottoms or shoes"."""
    places = [PLACES[slot] for slot in slots]
    return " or ".join(filter(None, [", ".join(places[:-1]), places[-1]]))


def _say_rest(rest: Rest) -> str:
    place = PLACES[rest.slot]
    if not rest.names:
        return f"your other {place} cannot be worn now"
    return f"your only other {place}, {' and '.join(rest.names)}, are {rest.why}"


def _the(piece: Candidate) -> str:
    """ "the navy shirt", but "the Levi's" and "Anna's coat": names of people and makers keep their capital."""
    if piece.whose:
        return piece.name
    if piece.name.lower().startswith(("the ", "my ")):
        return small(piece.name)
    return f"the {_in_mid_sentence(piece)}"


def _in_mid_sentence(piece: Candidate) -> str:
    first = piece.name.split(maxsplit=1)[0] if piece.name.strip() else ""
    words = [colour.name for colour in piece.colours]
    words += [piece.type_label, piece.pattern, piece.material, *piece.tags]
    known = {word for text in words for word in text.lower().replace("-", " ").split()}
    is_plain = first.istitle() and first.lower() in known | PLAIN_WORDS
    return small(piece.name) if is_plain else piece.name


def _join(pieces: Pieces) -> str:
    names = [_the(piece) for piece in pieces]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
