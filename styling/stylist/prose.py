"""The built-in stylist's prose: two short paragraphs in the second person, varied but true.

Here it is chosen what there is to say; a voice of the wearer's language says it. It names only the outfit's own pieces, by
their names, and speaks of the weather only from the snapshot.
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
from styling.stylist.voices.choice import voice_of
from styling.stylist.voices.voice import Voice, Ways

LONG_AGO_DAYS = 10
BRIGHT_CHROMA = 0.09
"""From here on in OKLCH a colour is seen first; khaki, olive and pale blue stay below."""


def write_prose(
    outfit: Outfit, context: OutfitContext, comfort: Comfort, *, tone: str = "warm"
) -> str:
    """The whole text in the language of the context, paragraphs parted by an empty line."""
    voice = voice_of(context.language)
    if not outfit.pieces:
        return voice.say_exhausted(was_shown=bool(context.avoid))
    if tone == "terse":
        sky = voice.say_sky(context.weather) if context.weather else ""
        sky = sky or voice.say_untold(context.no_forecast)
        return voice.say_tersely(outfit.pieces, outfit.missing, sky)
    judged = judge_outfit(outfit.pieces, context)
    chance = random.Random(context.seed)  # noqa: S311 no secret
    speech = Speech(voice, outfit, context, comfort, judged, chance)
    return f"{speech.say_clothes()}\n\n{speech.say_weather()}"


@dataclass(frozen=True)
class Speech:
    """What one answer says; `chance` picks among ways to say the same."""

    voice: Voice
    outfit: Outfit
    context: OutfitContext
    comfort: Comfort
    judged: Judgement
    chance: random.Random

    def say_clothes(self) -> str:
        """What to wear and why it goes together."""
        sentences = [self._say_core(), self._say_mids(), self._say_colours(), self._say_rested()]
        sentences += [self._say_formality(), say_unchanged(self.outfit.unchanged, self.context)]
        sentences += [self.voice.say_empty(slot) for slot in self._core_missing()]
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
        kind, is_dressed_for_it = self.context.event.kind, self.judged.is_dressed_for_it
        return self._pick(self.voice.say_core(kind, core, is_dressed_for_it=is_dressed_for_it))

    def _say_formality(self) -> str:
        less, more = (
            [piece for piece in self.outfit.pieces if piece.name in names]
            for names in (self.judged.underdressed, self.judged.overdressed)
        )
        return self.voice.say_off(less, more)

    def _say_mids(self) -> str:
        mids = self._mids()
        if not mids:
            return ""
        comes_off = self.context.event.indoors and self.comfort.needed > self.comfort.stripped
        return self._pick(self.voice.say_mids(mids, comes_off=comes_off))

    def _say_colours(self) -> str:
        judged = [
            (piece, *main_colour(piece))
            for piece in self._worn("top", "dress", "bottom", "outerwear")
        ]
        known = [(piece, oklch, neutral) for piece, oklch, neutral in judged if oklch is not None]
        bright = [
            piece for piece, oklch, neutral in known if not neutral and oklch.chroma > BRIGHT_CHROMA
        ]
        if len(known) < 2 or len(bright) > 1:
            return ""
        return self._pick(self.voice.say_colours(bright[0] if bright else None))

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
        return self.voice.say_rested(piece, days)

    def _say_forecast(self) -> str:
        weather = self.context.weather
        if weather is None:
            is_mild = self.judged.is_for_a_mild_day
            return self.voice.say_no_forecast(self.context.no_forecast, is_mild=is_mild)
        return self._pick(self.voice.say_forecast(weather, self.context.units))

    def _say_outer(self) -> str:
        outer = next((p for p in self._worn("outerwear") if p not in self._mids()), None)
        if outer is None:
            return self._say_uncovered()
        if self.comfort.is_wet and outer.water_resistant:
            return self._pick(self.voice.say_rain_kept(outer))
        if self.comfort.is_wet:
            return self._say_cover(outer)
        return self._pick(self.voice.say_outer(outer))

    def _say_cover(self, outer: Candidate) -> str:
        """Of an outer layer that is not made for the wet."""
        if umbrella := self._umbrella():
            return self.voice.say_under_umbrella(outer, umbrella)
        if any(keeps_rain_off(piece) for piece in self.context.narrowed.wardrobe):
            return self.voice.say_near_a_roof(outer)
        return self.voice.say_best_cover(outer, by_wishes=self._is_narrowed)

    def _say_uncovered(self) -> str:
        if self.comfort.is_wet and (umbrella := self._umbrella()):
            return self.voice.say_umbrella(umbrella)
        if self.comfort.is_wet:
            return self.voice.say_near_a_roof(None)
        return self.voice.say_need("outerwear") if "outerwear" in self.outfit.missing else ""

    def _umbrella(self) -> Candidate | None:
        return next((piece for piece in self.outfit.pieces if "rain" in piece.use), None)

    def _say_shoes(self) -> str:
        shoes = self._worn("shoes")
        if not shoes:
            return ""
        if self.comfort.is_wet:
            return self.voice.say_wet_shoes(shoes[0], is_closed=shoes[0].closed)
        return self._pick(self.voice.say_shoes(shoes[0]))

    def _say_extras(self) -> str:
        extras = self._worn("socks", "hat", "accessory", "bag", "underwear", "other")
        return self._pick(self.voice.say_extras(extras)) if extras else ""

    def _say_limits(self) -> str:
        judged, is_utmost = self.judged, self.judged.is_utmost
        if judged.warmth == LIGHT:
            off = [p for p in self.context.wardrobe if p.name in judged.warmer_off][:2]
            return self.voice.say_light(off, is_utmost=is_utmost, by_wishes=self._is_narrowed)
        if judged.warmth == WARM:
            return self.voice.say_warm(is_utmost=is_utmost, by_wishes=self._is_narrowed)
        return ""

    @property
    def _is_narrowed(self) -> bool:
        """Whether wishes left a part of the wardrobe: then "the warmest" is the warmest of that."""
        return self.context.narrowed is not self.context

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

    def _pick(self, ways: Ways) -> str:
        return self.chance.choice(ways) if len(ways) > 1 else ways[0]
