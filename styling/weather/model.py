"""Weather as the stylist knows it: cleaned hours, categories, and one sentence. Pure, no network.

Stored in metric units; `format_*` speak the wearer's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

JSON = dict[str, Any]

OPEN_METEO = "open-meteo"
STATED = "stated"

TEMPERATURES = {
    "freezing": (-8.0, 0.0),
    "cold": (0.0, 10.0),
    "chilly": (10.0, 15.0),
    "mild": (15.0, 20.0),
    "warm": (20.0, 25.0),
    "hot": (25.0, 32.0),
}
"""Apparent temperature in °C, from up to below; only the outer two bounds are rough."""

RAINS = ("dry", "drizzly", "rainy", "snowy")
SENSITIVITY_STEP_C = 2.5
"""One step of the wearer's sensitivity: two steps are the 5 °C at which people differ."""
RAINY_PERCENT, RAINY_MM = 50, 1.0
DRIZZLY_PERCENT, DRIZZLY_MM = 30, 0.1
WINDY_KMH, STORMY_KMH = 30.0, 50.0
"""From fresh breeze (Beaufort 5 begins at 29 km/h), from near gale (Beaufort 7)."""
SNOW_CODES = frozenset({71, 73, 75, 77, 85, 86})
"""WMO 4677 as Open-Meteo uses it."""
SNOW_C = 1.0
"""Of the air: half of what falls is snow on average over the Northern Hemisphere (Jennings et al., Nature Communications
9:1148, 2018)."""
SHOWN_BEFORE, SHOWN_AFTER = timedelta(hours=1), timedelta(hours=2)
CLEAR_CODES = frozenset({0, 1})
"""WMO codes of a clear, or mainly clear, sky."""


@dataclass(frozen=True)
class WeatherHour:
    """One hour from `time` on, local to the place with its UTC offset: a whole hour in UTC, so in some zones it begins
    at half past or a quarter.

    Rain is what falls from this hour to the next; `None` is unknown, never zero. Of rain, the amount or the chance is
    known.
    """

    time: datetime
    temperature_c: float
    apparent_c: float
    precipitation_mm: float | None
    precipitation_probability: int | None
    wmo_code: int | None
    wind_kmh: float | None
    uv: float | None
    is_day: bool | None
    in_event: bool = True

    @property
    def is_wet(self) -> bool:
        likely = (self.precipitation_probability or 0) > RAINY_PERCENT
        return likely or (self.precipitation_mm or 0.0) >= 0.2

    @property
    def is_snowy(self) -> bool:
        """By its code; by the temperature where there is none."""
        is_cold = self.temperature_c <= SNOW_C if self.wmo_code is None else None
        may_snow = is_cold or self.wmo_code in SNOW_CODES
        return may_snow and (self.is_wet or (self.precipitation_mm or 0.0) > 0)

    @property
    def is_clear(self) -> bool:
        return self.wmo_code in CLEAR_CODES

    @property
    def icon(self) -> str:
        """A name of `icons.svg`: for what falls, else for the sky, by day or by night."""
        if self.is_snowy or self.is_wet:
            return "snow" if self.is_snowy else "rain"
        if not self.is_clear:
            return "cloud"
        return "moon" if self.is_day is False else "sun"

    def to_json(self) -> JSON:
        return asdict(self) | {"time": self.time.isoformat()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "WeatherHour":
        return cls(**{**stored, "time": datetime.fromisoformat(stored["time"])})


@dataclass(frozen=True)
class WeatherSnapshot:
    """The weather an outfit was made for, kept with it.

    `categories` has temperature, rain, wind and light. `shown` are the hours to draw: those of the
    event (`in_event`) and a few around. A stated snapshot has categories and no hours.
    """

    source: str
    fetched_at: datetime
    categories: Mapping[str, str]
    sentence: str
    shown: tuple[WeatherHour, ...] = ()

    @cached_property
    def hours(self) -> tuple[WeatherHour, ...]:
        """The hours of the event."""
        return tuple(hour for hour in self.shown if hour.in_event)

    @property
    def is_stated(self) -> bool:
        return self.source == STATED

    @cached_property
    def min_temperature_c(self) -> float | None:
        return min((hour.temperature_c for hour in self.hours), default=None)

    @cached_property
    def max_temperature_c(self) -> float | None:
        return max((hour.temperature_c for hour in self.hours), default=None)

    @cached_property
    def min_apparent_c(self) -> float | None:
        return min((hour.apparent_c for hour in self.hours), default=None)

    @cached_property
    def max_apparent_c(self) -> float | None:
        return max((hour.apparent_c for hour in self.hours), default=None)

    @property
    def precipitation_mm(self) -> float | None:
        known = [hour.precipitation_mm for hour in self.hours if hour.precipitation_mm is not None]
        return round(sum(known), 1) if known else None

    @cached_property
    def precipitation_probability(self) -> int | None:
        """The highest of the event's hours, in percent."""
        known = [hour.precipitation_probability for hour in self.hours]
        return max((percent for percent in known if percent is not None), default=None)

    @cached_property
    def wind_kmh(self) -> float | None:
        return find_wind(self.hours)

    @property
    def uv(self) -> float | None:
        return max((hour.uv for hour in self.hours if hour.uv is not None), default=None)

    @property
    def is_wet(self) -> bool:
        """Whether to dress for rain or snow."""
        return self.categories["rain"] in {"rainy", "snowy"}

    def felt_range_c(self, sensitivity: int = 0) -> tuple[float, float]:
        """Lowest and highest apparent temperature as this wearer feels it, in °C.

        What was only stated counts as the middle of its category, as the wearer feels it already.
        """
        if self.min_apparent_c is not None and self.max_apparent_c is not None:
            shift = sensitivity * SENSITIVITY_STEP_C
            return self.min_apparent_c + shift, self.max_apparent_c + shift
        middle = sum(TEMPERATURES[self.categories["temperature"]]) / 2
        return middle, middle

    def format_temperatures(self, units: str = "metric") -> str:
        """Such as "8 to 12°"; empty when the weather was only stated."""
        return _format_range(*self.temperature_ends(units))

    def temperature_ends(self, units: str = "metric") -> tuple[str, str]:
        """The lowest and the highest, such as "8°" and "12°"; empty when the weather was only stated."""
        return _format_ends(self.min_temperature_c, self.max_temperature_c, units)

    def feels_ends(self, units: str = "metric") -> tuple[str, str]:
        return _format_ends(self.min_apparent_c, self.max_apparent_c, units)

    def format_wind(self, units: str = "metric") -> str:
        """Such as "34 km/h" or "21 mph"; empty when unknown."""
        return "" if self.wind_kmh is None else format_wind(self.wind_kmh, units)

    def to_json(self) -> JSON:
        return {
            "source": self.source,
            "fetched_at": self.fetched_at.isoformat(),
            "categories": dict(self.categories),
            "sentence": self.sentence,
            "shown": [hour.to_json() for hour in self.shown],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "WeatherSnapshot":
        return cls(
            source=stored["source"],
            fetched_at=datetime.fromisoformat(stored["fetched_at"]),
            categories=stored["categories"],
            sentence=stored["sentence"],
            shown=tuple(WeatherHour.from_json(hour) for hour in stored["shown"]),
        )


def stated_weather(
    temperature_category: str, rain_category: str = "dry", *, now: datetime | None = None
) -> WeatherSnapshot:
    """What the wearer said the weather will be. Raises ValueError for a word we do not know."""
    if temperature_category not in TEMPERATURES or rain_category not in RAINS:
        raise ValueError(f"Not a kind of weather: {temperature_category}, {rain_category}")
    return WeatherSnapshot(
        source=STATED,
        fetched_at=now or datetime.now(UTC),
        categories={
            "temperature": temperature_category,
            "rain": rain_category,
            "wind": "calm",
            "light": "day",
        },
        sentence=f"{temperature_category.capitalize()} and {rain_category}, as you said.",
    )


def summarize_hours(
    hours: list[WeatherHour],
    *,
    starts: datetime,
    ends: datetime,
    sensitivity: int = 0,
    fetched_at: datetime,
) -> WeatherSnapshot | None:
    """The snapshot of an event from `starts` until `ends`, both aware.

    None when fewer than half of the event's hours are known: a gap is not filled with guesses.
    """
    first = find_hour(starts)
    shown = tuple(
        replace(hour, in_event=first <= hour.time < ends)
        for hour in hours
        if first - SHOWN_BEFORE <= hour.time < ends + SHOWN_AFTER
    )
    inside = [hour for hour in shown if hour.in_event]
    wanted = -((ends.astimezone(UTC) - first) // -timedelta(hours=1))
    if not inside or len(inside) * 2 < wanted:
        return None
    categories = categorize_hours(inside, sensitivity=sensitivity)
    return WeatherSnapshot(
        OPEN_METEO, fetched_at, categories, describe_hours(inside, categories), shown
    )


def find_hour(time: datetime) -> datetime:
    """Where the forecast's hour begins that holds this aware time: a whole one in UTC."""
    return time.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def find_wind(hours: Iterable[WeatherHour]) -> float | None:
    """The strongest, in km/h; None where nobody knows any."""
    return max((hour.wind_kmh for hour in hours if hour.wind_kmh is not None), default=None)


def categorize_hours(hours: list[WeatherHour], *, sensitivity: int = 0) -> dict[str, str]:
    """Temperature (by the mean apparent temperature), rain, wind and light of some hours."""
    apparent = sum(hour.apparent_c for hour in hours) / len(hours)
    light = [hour.is_day for hour in hours if hour.is_day is not None]
    return {
        "temperature": categorize_temperature(apparent + sensitivity * SENSITIVITY_STEP_C),
        "rain": _categorize_rain(hours),
        "wind": "windy" if (find_wind(hours) or 0.0) >= WINDY_KMH else "calm",
        "light": "night" if light.count(False) * 2 > len(light) else "day",
    }


def categorize_temperature(apparent_c: float) -> str:
    """Freezing below 0 °C, cold below 10, chilly, mild, warm, and hot above 25."""
    if apparent_c > TEMPERATURES["hot"][0]:
        return "hot"
    for name in ("freezing", "cold", "chilly", "mild"):
        if apparent_c < TEMPERATURES[name][1]:
            return name
    return "warm"


def _categorize_rain(hours: list[WeatherHour]) -> str:
    percent = max((hour.precipitation_probability or 0 for hour in hours), default=0)
    fallen = sum(hour.precipitation_mm or 0.0 for hour in hours)
    if any(hour.is_snowy for hour in hours):
        return "snowy"
    if percent > RAINY_PERCENT or fallen >= RAINY_MM:
        return "rainy"
    return "drizzly" if percent > DRIZZLY_PERCENT or fallen >= DRIZZLY_MM else "dry"


COUNTED = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
]  # fmt: skip
MINUTE_WORDS = {
    0: ("", 0),
    15: ("a quarter past ", 0),
    30: ("half past ", 0),
    45: ("a quarter to ", 1),
}
"""What is said before the hour, and whether it is the next one."""
HOUR_WORDS = ["midnight", *COUNTED, "noon", *COUNTED]
FALLING = {"rainy": "rain", "snowy": "snow", "drizzly": "a little drizzle"}


def describe_hours(hours: list[WeatherHour], categories: Mapping[str, str]) -> str:
    """One sentence, such as "Chilly, then rain from two." """
    warmth, rain = categories["temperature"].capitalize(), categories["rain"]
    if rain == "dry":
        return (
            f"{warmth}, dry and windy." if categories["wind"] == "windy" else f"{warmth} and dry."
        )
    if (find_wind(hours) or 0.0) >= STORMY_KMH:
        warmth = f"{warmth} and very windy"
    return f"{warmth}, {_describe_rain(hours, FALLING[rain])}."


def _describe_rain(hours: list[WeatherHour], falling: str) -> str:
    wet = [hour for hour in hours if hour.is_wet or hour.is_snowy]
    if not wet:
        return f"with {falling}" if falling.startswith("a ") else f"with some {falling}"
    begins, ends = wet[0], wet[-1]
    until = _say_hour(ends.time + timedelta(hours=1), hours)
    if begins == hours[0]:
        return f"with {falling} " + ("throughout" if ends == hours[-1] else f"until {until}")
    since = _say_hour(begins.time, hours)
    if ends == hours[-1]:
        return f"then {falling} from {since}"
    return f"with {falling} from {since} until {until}"


def _say_hour(time: datetime, hours: list[WeatherHour]) -> str:
    """In words, or by the clock where a word could mean two hours of the same event."""
    if len(hours) > 11 or time.minute not in MINUTE_WORDS:
        return f"{time:%H:%M}"
    words, next_hours = MINUTE_WORDS[time.minute]
    return f"{words}{HOUR_WORDS[(time.hour + next_hours) % 24]}"


def format_temperature(celsius: float, units: str = "metric") -> str:
    return f"{round(celsius * 9 / 5 + 32 if units == 'imperial' else celsius)}°"


def format_wind(kmh: float, units: str = "metric") -> str:
    return f"{round(kmh / 1.609344)} mph" if units == "imperial" else f"{round(kmh)} km/h"


def _format_ends(low: float | None, high: float | None, units: str) -> tuple[str, str]:
    if low is None or high is None:
        return "", ""
    return format_temperature(low, units), format_temperature(high, units)


def _format_range(lowest: str, highest: str) -> str:
    return lowest if lowest == highest else f"{lowest.rstrip('°')} to {highest}"
