"""What prose claims: garments that are not in the outfit, weather that is not in the snapshot.

Word lists, not understanding: they look for plain statements and let denials pass ("no rain",
"without a coat").
"""

import re
from collections.abc import Iterable, Iterator

from registry.tasks import Violation
from styling.stylist.context import Candidate, OutfitContext
from styling.weather.model import TEMPERATURES, WeatherSnapshot

SENTENCE = re.compile(r"[^.!?;\n]+")
DENIAL = re.compile(
    r"\b(no|not|nothing|none|never|without|nor|neither|skip|leave|missing|own|add an?|buy|need|"
    r"instead of|passed over|left out|unless|if)\b|n['’]t\b",
    re.IGNORECASE,
)
GARMENT_NOUNS = {
    "scarf": {"scarf"},
    "gloves": {"gloves"},
    "beanie": {"beanie", "hat"},
    "umbrella": {"umbrella"},
    "coat": {"coat", "trench-coat", "parka", "puffer", "rain-jacket"},
    "parka": {"parka"},
    "blazer": {"blazer"},
    "jacket": {
        "jacket",
        "denim-jacket",
        "leather-jacket",
        "bomber",
        "rain-jacket",
        "puffer",
        "parka",
        "blazer",
    },
    "cardigan": {"cardigan"},
    "sweater": {"sweater", "cardigan", "turtleneck", "sweatshirt", "hoodie", "fleece"},
    "hoodie": {"hoodie", "sweatshirt"},
    "turtleneck": {"turtleneck", "sweater"},
    "jeans": {"jeans"},
    "trousers": {"pants", "chinos", "jeans", "sweatpants"},
    "shorts": {"shorts"},
    "skirt": {"skirt"},
    "dress": {"dress"},
    "boots": {"boots", "rain-boots"},
    "sneakers": {"sneakers", "shoes"},
    "sandals": {"sandals"},
    "heels": {"heels", "shoes"},
    "loafers": {"loafers", "shoes"},
    "derbies": {"derbies", "shoes"},
    "tie": {"tie"},
    "belt": {"belt"},
}
"""Nouns that must be one of these types when prose says "the …", "your …" or "a …"."""
DETERMINED = r"\b(?:the|your|this|that|these|those|an?|with)\s+(?:[\w-]+\s+){0,2}?"
RAIN_WORDS = re.compile(r"\b(rain\w*|shower\w*|drizzl\w*|downpour|puddles?|wet)\b", re.IGNORECASE)
SNOW_WORDS = re.compile(r"\b(snow\w*|sleet|blizzard)\b", re.IGNORECASE)
SUN_WORDS = re.compile(r"\b(sunny|sunshine|cloudless|clear sk(?:y|ies))\b", re.IGNORECASE)
DRY_WORDS = re.compile(r"\b(dry all day|stays? dry|no rain|dry day)\b", re.IGNORECASE)
STORM_WORDS = re.compile(r"\b(storm\w*|gale\w*|very windy)\b", re.IGNORECASE)
DEGREES = re.compile(r"(-?\d{1,3})\s?(?:°|degrees)", re.IGNORECASE)
HEAT_WORDS = re.compile(
    r"\b(freezing|icy|frost\w*|cold|chilly|mild|hot|heat|sweltering)\b(?! shoulder)", re.IGNORECASE
)
SCALE = list(TEMPERATURES)
MEANT = {"icy": "freezing", "heat": "hot", "sweltering": "hot"}
FURTHEST = 1
"""Categories that a word may be off the snapshot's: an event spans more than one."""
DEGREES_OFF = 1.5


def find_false_claims(
    context: OutfitContext, worn: Iterable[Candidate], prose: str
) -> list[Violation]:
    """Prose against the outfit and the snapshot."""
    worn = list(worn)
    plain = mask_names(prose, [piece.name for piece in worn])
    violations = [
        Violation("invented_garment", f"“{name}” is not in the outfit.")
        for name in sorted(set(_find_garments(context, worn, plain)))
    ]
    plain = mask_names(plain, [piece.name for piece in context.wardrobe])
    invented = sorted(set(_find_weather(context, plain)))
    return violations + [Violation("invented_weather", claim) for claim in invented]


def mask_names(text: str, names: Iterable[str]) -> str:
    """The text without these names: a "Rain jacket" says nothing about rain."""
    pattern = _match_any(names)
    return pattern.sub("·", text) if pattern else text


def _match_any(names: Iterable[str]) -> re.Pattern[str] | None:
    """Any of these names as whole words, in any case, the longest that fits."""
    known = sorted({name for name in names if name}, key=len, reverse=True)
    if not known:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)", re.IGNORECASE)


def _find_garments(context: OutfitContext, worn: list[Candidate], plain: str) -> Iterator[str]:
    ids, types = {piece.id for piece in worn}, {piece.type for piece in worn}
    others = _match_any(piece.name for piece in context.wardrobe if piece.id not in ids)
    if others:
        yield from (match[0] for match in others.finditer(plain))
        plain = others.sub("·", plain)
    for sentence in _affirmed(plain):
        for noun, allowed in GARMENT_NOUNS.items():
            if not types & allowed and re.search(rf"{DETERMINED}{noun}\b", sentence, re.IGNORECASE):
                yield noun


def _find_weather(context: OutfitContext, plain: str) -> Iterator[str]:
    weather, affirmed = context.weather, list(_affirmed(plain))
    if weather is None:
        said = RAIN_WORDS.search(" ".join(affirmed)) or SNOW_WORDS.search(" ".join(affirmed))
        if said or DEGREES.search(plain) or SUN_WORDS.search(" ".join(affirmed)):
            yield "Speaks of weather that nobody knows."
        return
    rain = weather.categories["rain"]
    for sentence in affirmed:
        if rain == "dry" and RAIN_WORDS.search(sentence):
            yield "Speaks of rain; it stays dry."
        if rain != "snowy" and SNOW_WORDS.search(sentence):
            yield "Speaks of snow; there is none."
        if rain in {"rainy", "snowy"} and SUN_WORDS.search(sentence):
            yield "Speaks of sun; it will be wet."
        if STORM_WORDS.search(sentence) and weather.categories["wind"] == "calm":
            yield "Speaks of storm; it is calm."
        yield from _find_temperatures(weather, sentence, context)
    if rain in {"rainy", "snowy"} and DRY_WORDS.search(plain):
        yield "Speaks of a dry day; it will be wet."
    yield from _find_degrees(weather, plain, context.units)


def _find_temperatures(
    weather: WeatherSnapshot, sentence: str, context: OutfitContext
) -> Iterator[str]:
    actual = SCALE.index(weather.categories["temperature"])
    for match in HEAT_WORDS.finditer(sentence):
        word = match[1].lower()
        meant = "freezing" if word.startswith("frost") else MEANT.get(word, word)
        if abs(SCALE.index(meant) - actual) > FURTHEST:
            yield f"Says {word}; it is {weather.categories['temperature']}."


def _find_degrees(weather: WeatherSnapshot, plain: str, units: str) -> Iterator[str]:
    known = [weather.min_temperature_c, weather.min_apparent_c, weather.max_temperature_c]
    known.append(weather.max_apparent_c)
    figures = [figure for figure in known if figure is not None]
    for match in DEGREES.finditer(plain):
        said = float(match[1])
        celsius = (said - 32) * 5 / 9 if units == "imperial" else said
        if not figures or not min(figures) - DEGREES_OFF <= celsius <= max(figures) + DEGREES_OFF:
            yield f"Says {match[0]}, which is not in the forecast."


def _affirmed(text: str) -> Iterator[str]:
    """The sentences that deny nothing."""
    for match in SENTENCE.finditer(text):
        if not DENIAL.search(match[0]):
            yield match[0]
