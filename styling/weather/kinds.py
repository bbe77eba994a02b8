"""The kinds of weather in the reader's language. Stored, and said to the stylist, they stay codes."""

from django.utils.text import capfirst
from django.utils.translation import pgettext

from styling.weather.model import WeatherSnapshot


def name_kind(code: str) -> str:
    """A category of a snapshot inside a sentence, such as "mild"; a code that is not known stays as it is."""
    words = {
        "freezing": pgettext("weather", "freezing"),
        "cold": pgettext("weather", "cold"),
        "chilly": pgettext("weather", "chilly"),
        "mild": pgettext("weather", "mild"),
        "warm": pgettext("weather", "warm"),
        "hot": pgettext("weather", "hot"),
        "dry": pgettext("weather", "dry"),
        "drizzly": pgettext("weather", "drizzly"),
        "rainy": pgettext("weather", "rainy"),
        "snowy": pgettext("weather", "snowy"),
        "windy": pgettext("weather", "windy"),
        "calm": pgettext("weather", "calm"),
    }
    return words.get(code, code)


def say_kind(code: str) -> str:
    """The same as a choice of its own, with a capital."""
    return capfirst(name_kind(code))


def format_range(low: str, high: str) -> str:
    """Such as "8 to 12°"; one figure where both are the same, nothing where one is not known."""
    if not low or not high:
        return ""
    both = pgettext("temperatures", "%(low)s to %(high)s") % {"low": low.rstrip("°"), "high": high}
    return low if low == high else both


def say_temperatures(weather: WeatherSnapshot, units: str) -> str:
    return format_range(*weather.temperature_ends(units))


def say_feels(weather: WeatherSnapshot, units: str) -> str:
    return format_range(*weather.feels_ends(units))
