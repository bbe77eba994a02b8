"""Weather that prose speaks of and that is not in the snapshot."""

import re
from collections.abc import Iterator
from functools import partial

from styling.checks.excuses import blank_out, fold
from styling.checks.garment_claims import Mention
from styling.checks.languages.words import WeatherWords
from styling.stylist.comfort import find_felt_range
from styling.stylist.context import OutfitContext
from styling.weather.model import TEMPERATURES, WeatherSnapshot

RAIN = re.compile(
    r"\b(?:rain(?:s|ing|y|drops?|fall)?|shower(?:s|y)?|drizzl\w*|downpours?|puddles?|wet|damp|soak\w*|pouring)\b"
)
SNOW = re.compile(r"\b(?:snow(?:s|ing|y|fall|flakes?|storm)?|sleet|blizzards?|slush\w*)\b")
SUN = re.compile(
    r"\b(?:sunny|sunshine|sunlit|cloudless|(?:clear|blue|bright) sk(?:y|ies)|sun (?:is|will|comes|shines|stays|beats|all day|through)|"
    r"(?:in|under|into) the (?:bright |hot |warm |full )?sun\b)",
)  # fmt: skip
DRY = re.compile(
    r"\b(?:(?:stay|stays|remain|remains|be|is|keeps) dry\b(?! (?:in|under|with|even|despite|thanks|from))|dry (?:all )?(?:day|evening|night|morning|"
    r"afternoon|weather|spell|outside)|(?:no|without(?: any| a drop of)?|not a drop of) (?:rain|snow|showers?)|rain (?:stays away|holds off|keeps away)|"
    r"(?:won['’]t|will not|does not|doesn['’]t|is not going to|not) (?:rain|snow)|dry and (?:calm|windy|bright|sunny))\b",
)  # fmt: skip
STORM = re.compile(
    r"\b(?:storm(?:s|y)?|gales?|very windy|hurricane|gusts?|gusty|blustery|howling|strong winds?)\b"
)
WIND = re.compile(r"\b(?:windy|breezy)\b")
CALM = re.compile(
    r"\b(?:no wind|windless|not a breath of wind|the (?:wind|air) is (?:calm|still)|without (?:any )?wind|calm (?:day|evening|air|weather))\b"
)
HEAT = re.compile(
    r"\b(?:freezing|icy|frost\w*|bitter(?:ly)? cold|arctic|cold|chilly|mild|hot|heat(?:wave)?|sweltering|scorching|boiling)\b"
)
WARM = re.compile(
    r"\b(?:it (?:is|will be|stays|gets|turns)|a|an|the|outside is|stays)\s+(?:\w+\s+)?(?P<word>warm|cool|balmy)\s*(?:$|day|evening|afternoon|morning|night|"
    r"weather|air|outside|out there|today|tonight|enough to sit)",
)  # fmt: skip
BELOW_ZERO = re.compile(r"\b(?:below (?:zero|freezing)|sub-?zero)\b")
IDIOMS = re.compile(
    r"\b(?:cold shoulder|(?:hot|icy|frosty|cold|warm|cool|sunny|stormy|mild|snow|rainy?|wet|dusty)[- ](?:pink|blue|yellow|grey|gray|colou?rs?|tones?|shades?|"
    r"white|brown|browns|hues?|neutrals?|palette|look|green|red|contrast)|rain[- ](?:jackets?|coats?|boots?|shoes|gear|cover|shell)|snow[- ](?:boots?|shoes)|"
    r"raincoats?|rainproof|sun[- ]?(?:hats?|dress(?:es)?|glasses)|wind(?:breakers?|proof)|dry[- ]clean\w*|cold drinks?|ice cream|hot (?:coffee|tea|chocolate|drink|topic)|"
    r"warm (?:welcome|coffee|feeling|heart\w*)|(?:a )?hot date|in the heat of the moment|run(?:s)? (?:hot|cold|warm)|feel(?:s|ing)? the (?:cold|heat)|"
    r"(?:always|you are|you feel|you get|you['’]re) (?:cold|hot|warm|chilly)|(?:keep|keeps|stay|stays|kept|keeping) (?:you |your \w+ |everything )?(?:cool|warm)|(?:keep|keeps|kept|keeping) (?:you |your \w+ |everything |it )dry|wet (?:hair|paint)|"
    r"(?:come )?rain or shine|save it for a rainy day|cold feet|break the ice|mild-mannered|weather the storm|storm in a \w+|take by storm|whatever the weather)\b"
)  # fmt: skip
"""These, of text in small letters (`fold`)."""
_SMALL = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBER_WORD = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_SMALL[1:10])}))?|{'|'.join(sorted(_SMALL, key=len, reverse=True))})"
FIGURE = rf"(?:(?:minus |(?<![\w\d])[-−–]\s?)?(?:\d{{1,3}}(?:[.,]\d)?|\b{NUMBER_WORD}\b))"
DEGREES = re.compile(
    rf"(?:(?P<low>{FIGURE})\s?(?:to|and|or|-|–|−|°\s?(?:to|and|-|–))\s?)?(?P<high>{FIGURE})\s?(?:°|º|degrees?\b)\s?(?P<unit>c(?:elsius)?\b|f(?:ahrenheit)?\b)?",
    re.I,
)
SPEED = re.compile(
    r"(\d{1,3})\s?(km/h|kph|kmh|kilomet(?:re|er)s (?:an|per) hour|mph|miles (?:an|per) hour)", re.I
)
CHANCE = re.compile(
    r"(\d{1,3})\s?(?:%|percent|per cent)\s(?:chance|risk|likel\w+|probab\w+)?(?:\s?of)?\s?(?:rain|showers?|snow)|(?:rain|showers?|snow)\w*\s(?:\w+\s){0,4}?(\d{1,3})\s?(?:%|percent)",
    re.I,
)
FIGURES = re.compile(r"\d")
DEGREE_MARKS = re.compile(r"[°º]|degr|grad", re.I)
"""What every chance or speed, and every number of degrees, has in it in each language: most sentences have neither, and
are not searched for them."""
FELT = re.compile(r"\b(?:feel(?:s|ing)?|felt)\b", re.I)
SCALE = list(TEMPERATURES)
MEANT = {
    "icy": "freezing", "arctic": "freezing", "heat": "hot", "heatwave": "hot", "sweltering": "hot", "scorching": "hot",
    "boiling": "hot", "cool": "chilly", "balmy": "warm",
}  # fmt: skip
ENGLISH = WeatherWords(
    rain=RAIN,
    snow=SNOW,
    sun=SUN,
    dry=DRY,
    storm=STORM,
    wind=WIND,
    calm=CALM,
    frost=BELOW_ZERO,
    felt=FELT,
    degrees=DEGREES,
    chance=CHANCE,
    idioms=IDIOMS,
    warmths={},
)
FURTHEST = 1
"""Categories that a word may be off the snapshot's: an event spans more than one."""
DEGREES_OFF_C = 1.5
"""As rounding and a change of the forecast make; as many degrees Fahrenheit are 2.7."""
SPEED_OFF, CHANCE_OFF = 0.25, 15
FROST_C = 1.0
CLEAR_CODES = frozenset({0, 1, 2})
"""WMO 4677: clear, mainly clear, partly cloudy."""


class WeatherCheck:
    """Judges words about the weather against the snapshot, and what it feels like also against what the stylist
    dresses for: a step on where the wearer asked to be warmer."""

    def __init__(self, context: OutfitContext, words: WeatherWords | None = None) -> None:
        """`words` are those of another language than English."""
        self.weather, self.units = context.weather, context.units
        self.felt_c = find_felt_range(context)
        self.words, self.find_warmths = words or ENGLISH, find_warmths
        if words:
            self.find_warmths = partial(find_warmths_of, words)

    def find(self, text: str) -> Iterator[Mention]:
        """What a sentence, in which no garment has a name any more, says against the snapshot."""
        text = blank_out(text, self.words.idioms)
        small = fold(text)
        if self.weather is None:
            yield from self._find_unknown(small)
            return
        yield from self._find_sky(self.weather, small)
        yield from self._find_wind(self.weather, small)
        yield from self._find_warmth(self.weather, small)
        yield from self._find_degrees(self.weather, text)

    def _find_sky(self, weather: WeatherSnapshot, text: str) -> Iterator[Mention]:
        rain = weather.categories["rain"]
        is_wet = rain in {"rainy", "snowy"}
        if rain == "dry":
            yield from _all(self.words.rain, text, "Speaks of rain; it stays dry.")
        if rain != "snowy":
            yield from _all(self.words.snow, text, "Speaks of snow; there is none.")
        if is_wet or _is_dark(weather):
            yield from _all(self.words.sun, text, "Speaks of sun; there is none.")
        if is_wet:
            yield from _all(
                self.words.dry, text, "Speaks of a dry day; it will be wet.", is_denial=True
            )
        if not FIGURES.search(text):
            return
        percent = weather.precipitation_probability
        for match in self.words.chance.finditer(text):
            said = int(match[1] or match[2])
            if percent is None or abs(said - percent) > CHANCE_OFF:
                yield _mention(match, f"Says {match[0]}, which is not in the forecast.")

    def _find_wind(self, weather: WeatherSnapshot, text: str) -> Iterator[Mention]:
        is_calm = weather.categories["wind"] == "calm"
        if weather.hours and weather.wind_kmh is None:
            for pattern in (self.words.storm, self.words.wind, self.words.calm):
                yield from _all(pattern, text, "Speaks of wind, which nobody knows.")
        elif is_calm:
            yield from _all(self.words.storm, text, "Speaks of storm; it is calm.")
            if (weather.wind_kmh or 0) < 20:
                yield from _all(self.words.wind, text, "Speaks of wind; it is calm.")
        else:
            yield from _all(self.words.calm, text, "Speaks of calm; it is windy.", is_denial=True)
        if not FIGURES.search(text):
            return
        for match in SPEED.finditer(text):
            said = int(match[1]) * (1.609344 if match[2].lower().startswith("m") else 1.0)
            known = weather.wind_kmh
            if known is None or abs(said - known) > max(3.0, SPEED_OFF * known):
                yield _mention(match, f"Says {match[0]}, which is not in the forecast.")

    def _find_warmth(self, weather: WeatherSnapshot, text: str) -> Iterator[Mention]:
        known = weather.categories["temperature"]
        for match, said, meant in self.find_warmths(text):
            if abs(SCALE.index(meant) - SCALE.index(known)) > FURTHEST:
                yield _mention(match, f"Says {said}; it is {known}.")

    def _find_degrees(self, weather: WeatherSnapshot, text: str) -> Iterator[Mention]:
        figures = [
            figure
            for figure in (
                weather.min_temperature_c, weather.min_apparent_c, weather.max_temperature_c, weather.max_apparent_c,
            )
            if figure is not None
        ]  # fmt: skip
        if DEGREE_MARKS.search(text):
            yield from self._find_false_degrees(figures, text)
        lowest = min(figures, default=None)
        is_frost = (
            weather.categories["temperature"] == "freezing" if lowest is None else lowest <= FROST_C
        )
        if not is_frost:
            yield from _all(self.words.frost, fold(text), "Speaks of frost; it is warmer.")

    def _find_false_degrees(self, figures: list[float], text: str) -> Iterator[Mention]:
        known = [*figures, *self.felt_c] if figures and self.words.felt.search(text) else figures
        for match in self.words.degrees.finditer(text):
            said = [
                self._read_celsius(match[name], match["unit"])
                for name in ("low", "high")
                if match[name]
            ]
            if not known or not all(
                min(known) - DEGREES_OFF_C <= celsius <= max(known) + DEGREES_OFF_C
                for celsius in said
            ):
                yield _mention(match, f"Says {match[0].strip()}, which is not in the forecast.")

    def _find_unknown(self, text: str) -> Iterator[Mention]:
        """Where nobody knows the weather, none of it can be said."""
        words = self.words
        sky = (words.rain, words.snow, words.sun, words.dry, words.storm, words.wind, words.calm)
        for pattern in (*sky, words.degrees, SPEED, words.frost):
            yield from _all(pattern, text, "Speaks of weather that nobody knows.")

    def _read_celsius(self, figure: str, unit: str | None) -> float:
        value = read_number(figure)
        is_fahrenheit = unit.lower().startswith("f") if unit else self.units == "imperial"
        return (value - 32) * 5 / 9 if is_fahrenheit else value


def read_number(figure: str) -> float:
    """A figure in digits or words, with its sign."""
    plain = figure.strip().lower()
    sign = -1.0 if plain.startswith(("minus", "-", "−", "–")) else 1.0
    plain = plain.removeprefix("minus").lstrip("-−– ")
    if plain[0].isdigit():
        return sign * float(plain.replace(",", "."))
    parts = re.split(r"[- ]", plain)
    return sign * float(
        sum((_TENS.index(p) + 2) * 10 if p in _TENS else _SMALL.index(p) for p in parts)
    )


def find_warmths(text: str) -> Iterator[tuple[re.Match[str], str, str]]:
    """Words for how warm it is, as they are said, with the category that each means."""
    for match in [*HEAT.finditer(text), *WARM.finditer(text)]:
        said = (match.groupdict().get("word") or match[0]).lower()
        yield (
            match,
            said,
            "freezing" if said.startswith(("frost", "bitter")) else MEANT.get(said, said),
        )


def find_warmths_of(words: WeatherWords, text: str) -> Iterator[tuple[re.Match[str], str, str]]:
    for category, pattern in words.warmths.items():
        for match in pattern.finditer(text):
            yield match, match[0].lower(), category


def _is_dark(weather: WeatherSnapshot) -> bool:
    """No sun by night, nor under a sky that is overcast all the time."""
    codes = [hour.wmo_code for hour in weather.hours]
    is_overcast = bool(codes) and all(
        code is not None and code not in CLEAR_CODES for code in codes
    )
    return weather.categories["light"] == "night" or is_overcast


def _all(
    pattern: re.Pattern[str], text: str, message: str, *, is_denial: bool = False
) -> Iterator[Mention]:
    yield from (_mention(match, message, is_denial) for match in pattern.finditer(text))


def _mention(match: re.Match[str], message: str, is_denial: bool = False) -> Mention:
    return Mention(match.start(), match.end(), "invented_weather", message, is_denial)
