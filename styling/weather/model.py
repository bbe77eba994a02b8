"""Weather as the stylist knows it: cleaned hours, categories, and one sentence. Pure, no network.

Stored in metric units; `format_*` speak the wearer's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

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
TEMPERATURE_BOUNDS_C, APPARENT_BOUNDS_C = (-90.0, 60.0), (-110.0, 75.0)
MOST_RAIN_MM, MOST_WIND_KMH = 410.0, 410.0
"""In an hour; all after the records of the Earth's surface, with room."""
SHOWN_BEFORE, SHOWN_AFTER = timedelta(hours=1), timedelta(hours=2)


@dataclass(frozen=True)
class WeatherHour:
    """One hour from `time` on, local to the place with its UTC offset.

    Rain is what falls from this hour to the next; `None` is unknown, never zero.
    """

    time: datetime
    temperature_c: float
    apparent_c: float
    precipitation_mm: float
    precipitation_probability: int | None
    wmo_code: int | None
    wind_kmh: float
    uv: float | None
    is_day: bool
    in_event: bool = True

    @property
    def is_wet(self) -> bool:
        return (self.precipitation_probability or 0) > RAINY_PERCENT or self.precipitation_mm >= 0.2

    @property
    def is_snowy(self) -> bool:
        return self.wmo_code in SNOW_CODES and (self.is_wet or self.precipitation_mm > 0)

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

    @property
    def hours(self) -> tuple[WeatherHour, ...]:
        """The hours of the event."""
        return tuple(hour for hour in self.shown if hour.in_event)

    @property
    def is_stated(self) -> bool:
        return self.source == STATED

    @property
    def min_temperature_c(self) -> float | None:
        return min((hour.temperature_c for hour in self.hours), default=None)

    @property
    def max_temperature_c(self) -> float | None:
        return max((hour.temperature_c for hour in self.hours), default=None)

    @property
    def min_apparent_c(self) -> float | None:
        return min((hour.apparent_c for hour in self.hours), default=None)

    @property
    def max_apparent_c(self) -> float | None:
        return max((hour.apparent_c for hour in self.hours), default=None)

    @property
    def precipitation_mm(self) -> float | None:
        return round(sum(hour.precipitation_mm for hour in self.hours), 1) if self.hours else None

    @property
    def precipitation_probability(self) -> int | None:
        """The highest of the event's hours, in percent."""
        known = [hour.precipitation_probability for hour in self.hours]
        return max((percent for percent in known if percent is not None), default=None)

    @property
    def wind_kmh(self) -> float | None:
        return max((hour.wind_kmh for hour in self.hours), default=None)

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
        return _format_range(self.min_temperature_c, self.max_temperature_c, units)

    def format_feels(self, units: str = "metric") -> str:
        return _format_range(self.min_apparent_c, self.max_apparent_c, units)

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
    first = starts.replace(minute=0, second=0, microsecond=0)
    shown = tuple(
        replace(hour, in_event=first <= hour.time < ends)
        for hour in hours
        if first - SHOWN_BEFORE <= hour.time < ends + SHOWN_AFTER
    )
    inside = [hour for hour in shown if hour.in_event]
    wanted = -((ends.astimezone(UTC) - first.astimezone(UTC)) // -timedelta(hours=1))
    if not inside or len(inside) * 2 < wanted:
        return None
    categories = categorize_hours(inside, sensitivity=sensitivity)
    return WeatherSnapshot(
        OPEN_METEO, fetched_at, categories, describe_hours(inside, categories), shown
    )


def categorize_hours(hours: list[WeatherHour], *, sensitivity: int = 0) -> dict[str, str]:
    """Temperature (by the mean apparent temperature), rain, wind and light of some hours."""
    apparent = sum(hour.apparent_c for hour in hours) / len(hours)
    dark = sum(not hour.is_day for hour in hours)
    return {
        "temperature": categorize_temperature(apparent + sensitivity * SENSITIVITY_STEP_C),
        "rain": _categorize_rain(hours),
        "wind": "windy" if max(hour.wind_kmh for hour in hours) >= WINDY_KMH else "calm",
        "light": "night" if dark * 2 > len(hours) else "day",
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
    fallen = sum(hour.precipitation_mm for hour in hours)
    if any(hour.is_snowy for hour in hours):
        return "snowy"
    if percent > RAINY_PERCENT or fallen >= RAINY_MM:
        return "rainy"
    return "drizzly" if percent > DRIZZLY_PERCENT or fallen >= DRIZZLY_MM else "dry"


COUNTED = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
]  # fmt: skip
HOUR_WORDS = ["midnight", *COUNTED, "noon", *COUNTED]
FALLING = {"rainy": "rain", "snowy": "snow", "drizzly": "a little drizzle"}


def describe_hours(hours: list[WeatherHour], categories: Mapping[str, str]) -> str:
    """One sentence, such as "Chilly, then rain from two." """
    warmth, rain = categories["temperature"].capitalize(), categories["rain"]
    if rain == "dry":
        return (
            f"{warmth}, dry and windy." if categories["wind"] == "windy" else f"{warmth} and dry."
        )
    if max(hour.wind_kmh for hour in hours) >= STORMY_KMH:
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
    return HOUR_WORDS[time.hour] if len(hours) <= 11 else f"{time:%H:%M}"


def format_temperature(celsius: float, units: str = "metric") -> str:
    return f"{round(celsius * 9 / 5 + 32 if units == 'imperial' else celsius)}°"


def format_wind(kmh: float, units: str = "metric") -> str:
    return f"{round(kmh / 1.609344)} mph" if units == "imperial" else f"{round(kmh)} km/h"


def _format_range(low: float | None, high: float | None, units: str) -> str:
    if low is None or high is None:
        return ""
    lowest, highest = format_temperature(low, units), format_temperature(high, units)
    return lowest if lowest == highest else f"{lowest.rstrip('°')} to {highest}"


def parse_open_meteo(answer: Mapping[str, Any], time_zone: str) -> list[WeatherHour]:
    """The plausible hours of an Open-Meteo answer in `timeformat=unixtime`, in order.

    Open-Meteo stamps an hour's rain with the hour's end; here it belongs to its beginning. Raises
    ValueError when the answer is not shaped like a forecast.
    """
    try:
        return list(_clean_hours(answer["hourly"], ZoneInfo(time_zone)))
    except (KeyError, TypeError, IndexError, AttributeError, OverflowError, OSError) as error:
        raise ValueError(f"Not a forecast: {error!r}") from error


def parse_sun(answer: Mapping[str, Any], name: str, time_zone: str) -> list[datetime]:
    """All of an answer's sunrises, or sunsets (`name`), as local times."""
    daily = answer.get("daily")
    stamps = daily.get(name) if isinstance(daily, dict) else None
    numbers = [_number_of_seconds(stamp) for stamp in stamps or ()]
    zone = ZoneInfo(time_zone)
    return [datetime.fromtimestamp(seconds, UTC).astimezone(zone) for seconds in numbers if seconds]


def _clean_hours(hourly: Mapping[str, list[Any]], zone: ZoneInfo) -> Iterator[WeatherHour]:
    for index, stamp in enumerate(hourly["time"][:-1]):
        temperature = _number(hourly["temperature_2m"][index], *TEMPERATURE_BOUNDS_C)
        apparent = _number(hourly["apparent_temperature"][index], *APPARENT_BOUNDS_C)
        fallen = _number(hourly["precipitation"][index + 1], 0.0, MOST_RAIN_MM)
        wind = _number(hourly["wind_speed_10m"][index], 0.0, MOST_WIND_KMH)
        if temperature is None or apparent is None or fallen is None or wind is None:
            continue
        percent = _number(hourly["precipitation_probability"][index + 1], 0.0, 100.0)
        code = _number(hourly["weather_code"][index], 0.0, 99.0)
        yield WeatherHour(
            time=datetime.fromtimestamp(stamp, UTC).astimezone(zone),
            temperature_c=temperature,
            apparent_c=apparent,
            precipitation_mm=fallen,
            precipitation_probability=None if percent is None else round(percent),
            wmo_code=None if code is None else int(code),
            wind_kmh=wind,
            uv=_number(hourly["uv_index"][index], 0.0, 30.0),
            is_day=bool(hourly["is_day"][index]),
        )


def _number(value: Any, low: float, high: float) -> float | None:
    """A number within its bounds, or None: what cannot be true is as good as not said."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if low <= value <= high else None


def _number_of_seconds(value: Any) -> int | None:
    """A Unix time of this century; Open-Meteo writes 0 where the sun does not rise."""
    return value if isinstance(value, int) and 0 < value < 4_000_000_000 else None
