"""The built-in stylist's prose: two short paragraphs in the second person, varied but true.

It names only the outfit's own pieces, by their names, and speaks of the weather only from the
snapshot.
"""

import random
from dataclasses import dataclass

from styling.stylist.comfort import Comfort
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.harmony import main_colour
from styling.stylist.judgement import LIGHT, WARM, Judgement, judge_outfit
from styling.stylist.search import Outfit
from styling.stylist.shortlist import keeps_rain_off
from styling.stylist.unchanged import say_unchanged

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
NEEDS = {
    "top": "No top is clean and ready",
    "bottom": "Nothing for the legs is clean and ready",
    "shoes": "No shoes are clean and ready",
    "outerwear": "Nothing to put on top is clean and ready",
}
NOTHING_DRY = "Nothing you wear keeps the wet out"
LONG_AGO_DAYS = 10
BRIGHT_CHROMA = 0.09
"""From here on in OKLCH a colour is seen first; khaki, olive and pale blue stay below."""
PLAIN_WORDS = frozenset([
    "black", "blue", "bright", "brown", "canvas", "casual", "chunky", "classic", "cold", "cream",
    "dark", "dress", "fine", "floral", "formal", "green", "grey", "heavy", "house", "knit",
    "leather", "light", "linen", "long", "navy", "new", "old", "pale", "plain", "printed", "rain",
    "red", "running", "short", "silk", "slim", "small", "soft", "striped", "summer", "suede",
    "thick", "thin", "warm", "white", "wide", "winter", "wool",
])  # fmt: skip
"""First words of garments' names that no one would take for a name of somebody."""


def write_prose(
    outfit: Outfit, context: OutfitContext, comfort: Comfort, *, tone: str = "warm"
) -> str:
    """The whole text, paragraphs parted by an empty line."""
    if not outfit.pieces:
        return _say_exhausted(context)
    if tone == "terse":
        return _write_terse(outfit, context)
    judged = judge_outfit(outfit.pieces, context)
    chance = random.Random(context.seed)  # noqa: S311 no secret
    voice = Voice(outfit, context, comfort, judged, chance)
    return f"{voice.say_clothes()}\n\n{voice.say_weather()}"


def _say_exhausted(context: OutfitContext) -> str:
    if context.avoid:
        return (
            "That was every combination your wardrobe has for this.\n\n"
            "Take a piece out of the wash, or add one, and ask again."
        )
    return (
        "Nothing in your wardrobe is clean and ready.\n\nAdd a piece, or take one out of the wash."
    )


def _write_terse(outfit: Outfit, context: OutfitContext) -> str:
    worn = ", ".join(_in_mid_sentence(piece) for piece in outfit.pieces)
    needs = "".join(f" {NEEDS[slot]}." for slot in outfit.missing)
    sentence = context.weather.sentence if context.weather else f"{_untold(context)}."
    return f"Wear: {worn}.{needs}\n\n{sentence}"


def _untold(context: OutfitContext) -> str:
    return UNTOLD.get(context.no_forecast, "I have no forecast")


@dataclass(frozen=True)
class Voice:
    """One answer's sentences; `chance` picks among ways to say the same."""

    outfit: Outfit
    context: OutfitContext
    comfort: Comfort
    judged: Judgement
    chance: random.Random

    def say_clothes(self) -> str:
        """What to wear and why it goes together."""
        sentences = [self._say_core(), self._say_mids(), self._say_colours(), self._say_rested()]
        sentences += [self._say_formality(), say_unchanged(self.outfit.unchanged, self.context)]
        sentences += [f"{NEEDS[slot]}, so that place stays empty." for slot in self._core_missing()]
        return " ".join(sentence for sentence in sentences if sentence)

    def say_weather(self) -> str:
        """What the weather is, and what stands up to it."""
        sentences = [
            self._say_forecast(),
            self._say_outer(),
            self._say_shoes(),
            self._say_extras(),
            self._say_limits(),
        ]
        return " ".join(sentence for sentence in sentences if sentence)

    def _say_core(self) -> str:
        core = [
            piece for piece in self._worn("top", "dress", "bottom") if piece not in self._mids()
        ]
        if not core:
            return ""
        event = self.context.event
        occasion = OCCASIONS.get(event.kind, "what you have planned")
        named = _join(core)
        ways = [
            f"For {occasion}, begin with {named}.",
            f"You are dressing for {occasion}: start with {named}.",
        ]
        if self.judged.is_dressed_for_it:
            ways.append(f"{_capital(named)} will do well for {occasion}.")
        return self._pick(*ways)

    def _say_formality(self) -> str:
        off = {"less": self.judged.underdressed, "more": self.judged.overdressed}
        return " ".join(
            f"Only {_join([p for p in self.outfit.pieces if p.name in names])} may be {how} dressed than this asks."
            for how, names in off.items()
            if names
        )

    def _say_mids(self) -> str:
        mids = self._mids()
        if not mids:
            return ""
        named, is_one = _capital(_join(mids)), len(mids) == 1
        go, come = ("goes", "comes") if is_one else ("go", "come")
        if self.context.event.indoors and self.comfort.needed > self.comfort.stripped:
            return self._pick(
                f"{named} {go} over that, and {come} off indoors.",
                f"{named} {go} on next, easy to take off inside.",
            )
        return f"{named} {go} over that."

    def _say_colours(self) -> str:
        judged = [
            (piece, *main_colour(piece))
            for piece in self._worn("top", "dress", "bottom", "outerwear")
        ]
        known = [(piece, oklch, neutral) for piece, oklch, neutral in judged if oklch is not None]
        bright = [
            piece for piece, oklch, neutral in known if not neutral and oklch.chroma > BRIGHT_CHROMA
        ]
        if len(known) < 2:
            return ""
        if not bright:
            return self._pick(
                "The colours keep quiet and agree.", "All quiet colours, so nothing argues."
            )
        if len(bright) == 1:
            return self._pick(
                f"{_capital(_the(bright[0]))} brings the colour, the rest leaves it room.",
                f"Let {_the(bright[0])} do the talking; the rest is quiet.",
            )
        return ""

    def _say_rested(self) -> str:
        today = self.context.today
        waited = [
            (piece, (today - piece.last_worn_on).days)
            for piece in self._worn("top", "dress", "bottom", "outerwear")
            if piece.last_worn_on and (today - piece.last_worn_on).days >= LONG_AGO_DAYS
        ]
        if not waited:
            return ""
        piece, days = max(waited, key=lambda pair: pair[1])
        return f"You have not worn {_the(piece)} for {days} days."

    def _say_forecast(self) -> str:
        weather = self.context.weather
        if weather is None:
            is_mild = self.judged.is_for_a_mild_day
            so = "so these are layers for a mild day: look" if is_mild else "so look"
            return f"{_untold(self.context)}, {so} outside before you leave."
        said = weather.sentence[0].lower() + weather.sentence[1:]
        if weather.is_stated:
            return f"You are dressed for {said}"
        degrees = weather.format_temperatures(self.context.units)
        return self._pick(f"The forecast says {said}", f"Outside it will be {degrees}: {said}")

    def _say_outer(self) -> str:
        outer = next((p for p in self._worn("outerwear") if p not in self._mids()), None)
        if outer is None:
            return self._say_uncovered()
        if self.comfort.is_wet and outer.water_resistant:
            return self._pick(
                f"{_capital(_the(outer))} keeps it off you.", f"That is what {_the(outer)} is for."
            )
        if self.comfort.is_wet:
            return self._say_cover(outer)
        return self._pick(f"{_capital(_the(outer))} goes on top.", f"On top, {_the(outer)}.")

    def _say_cover(self, outer: Candidate) -> str:
        """Of an outer layer that is not made for the wet."""
        if umbrella := self._umbrella():
            return f"{_capital(_the(outer))} goes on top, and {_the(umbrella)} over it."
        if any(keeps_rain_off(piece) for piece in self.context.narrowed.wardrobe):
            return f"{_capital(_the(outer))} is not made for the wet, so stay near a roof."
        cover = f"{_capital(_the(outer))} is the best cover {self._among_what()}"
        return f"{cover}, though it is not made for the wet."

    def _say_uncovered(self) -> str:
        if self.comfort.is_wet and (umbrella := self._umbrella()):
            return f"{_capital(_the(umbrella))} keeps it off you."
        if self.comfort.is_wet:
            return f"{NOTHING_DRY}, so stay near a roof."
        return f"{NEEDS['outerwear']}." if "outerwear" in self.outfit.missing else ""

    def _umbrella(self) -> Candidate | None:
        return next((piece for piece in self.outfit.pieces if "rain" in piece.use), None)

    def _say_shoes(self) -> str:
        shoes = self._worn("shoes")
        if not shoes:
            return ""
        if self.comfort.is_wet and shoes[0].closed:
            return f"{_capital(_the(shoes[0]))} will keep your feet out of the wet."
        if self.comfort.is_wet:
            return f"{_capital(_the(shoes[0]))} will let the wet in."
        return self._pick(
            f"{_capital(_the(shoes[0]))} on your feet.", f"On your feet, {_the(shoes[0])}."
        )

    def _say_extras(self) -> str:
        extras = self._worn("socks", "hat", "accessory", "bag", "underwear", "other")
        if not extras:
            return ""
        return self._pick(f"Add {_join(extras)}.", f"{_capital(_join(extras))} to finish.")

    def _say_limits(self) -> str:
        judged = self.judged
        if judged.warmth == LIGHT and judged.warmer_off:
            warmer = _join([p for p in self.context.wardrobe if p.name in judged.warmer_off][:2])
            return f"It is lighter than the day asks: {warmer} would be too far from this occasion."
        if judged.warmth == LIGHT and judged.is_utmost:
            return f"It is the warmest {self._among_what()}, and still light: keep moving."
        if judged.warmth == LIGHT:
            return "It is lighter than the day asks: keep moving."
        if judged.warmth == WARM and judged.is_utmost:
            return f"It is the lightest {self._among_what()}."
        return "It is warmer than the day asks." if judged.warmth == WARM else ""

    def _among_what(self) -> str:
        """What "the warmest" is the warmest of: wishes may have left a part of the wardrobe."""
        return (
            "your wishes leave" if self.context.narrowed is not self.context else "you own for this"
        )

    def _worn(self, *slots: str) -> list[Candidate]:
        return [piece for slot in slots for piece in self.outfit.pieces if piece.slot == slot]

    def _mids(self) -> list[Candidate]:
        """The layers over the base: a sweater that is not the only top, a blazer."""
        tops = self._worn("top", "dress")
        over = [piece for piece in tops if piece.slot == "top" and piece.layer != "base"]
        blazers = [piece for piece in self._worn("outerwear") if piece.layer == "mid"]
        return (over if len(tops) > 1 else []) + blazers

    def _core_missing(self) -> list[str]:
        return [slot for slot in self.outfit.missing if slot != "outerwear"]

    def _pick(self, *ways: str) -> str:
        return self.chance.choice(ways)


def _the(piece: Candidate) -> str:
    """ "the navy shirt", but "the Levi's" and "Anna's coat": names of people and makers keep their capital."""
    if piece.whose:
        return piece.name
    if piece.name.lower().startswith(("the ", "my ")):
        return piece.name[0].lower() + piece.name[1:]
    return f"the {_in_mid_sentence(piece)}"


def _in_mid_sentence(piece: Candidate) -> str:
    first = piece.name.split(maxsplit=1)[0] if piece.name.strip() else ""
    words = [colour.name for colour in piece.colours]
    words += [piece.type_label, piece.pattern, piece.material, *piece.tags]
    known = {word for text in words for word in text.lower().replace("-", " ").split()}
    is_plain = first.istitle() and first.lower() in known | PLAIN_WORDS
    return piece.name[0].lower() + piece.name[1:] if is_plain else piece.name


def _join(pieces: list[Candidate]) -> str:
    names = [_the(piece) for piece in pieces]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
