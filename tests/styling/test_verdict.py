"""The one line above an outfit: short, and never against what the answer says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from styling.stylist.context import Candidate
from styling.stylist.verdict import MOST_LETTERS, say_verdict
from styling.weather.model import RAINS, TEMPERATURES, WeatherHour, WeatherSnapshot, stated_weather

MORNING = datetime(2026, 11, 28, 12, tzinfo=UTC)


def piece(slot: str, type_: str, layer: str = "base", *, rainproof: bool = False) -> Candidate:
    return Candidate(
        id=f"{slot}-{type_}", name=type_, slot=slot, type=type_, type_label=type_, layer=layer,
        clo=0.3, formality=1, water_resistant=rainproof,
    )  # fmt: skip


SHIRT, SWEATER = piece("top", "shirt"), piece("top", "sweater", "mid")
COAT, JACKET = piece("outerwear", "coat", "outer"), piece("outerwear", "jacket", "outer")
BLAZER, SHELL = piece("outerwear", "blazer", "mid"), piece("outerwear", "rain-jacket", "outer", rainproof=True)  # fmt: skip


def sky(wet: set[int], *, event: range = range(12, 16), shown: range = range(10, 21)) -> WeatherSnapshot:  # fmt: skip
    """Hours of a day of which some are wet."""
    hours = tuple(
        WeatherHour(
            time=MORNING.replace(hour=0) + timedelta(hours=hour), temperature_c=12, apparent_c=10,
            precipitation_mm=1.5 if hour in wet else 0.0,
            precipitation_probability=90 if hour in wet else 0, in_event=hour in event,
            wmo_code=61 if hour in wet else 3, wind_kmh=10, uv=1, is_day=True,
        )
        for hour in shown
    )  # fmt: skip
    rain = "rainy" if wet & set(event) else "dry"
    return replace(
        stated_weather("mild", "dry"),
        source="open-meteo",
        categories={"temperature": "mild", "rain": rain, "wind": "calm", "light": "day"},
        shown=hours,
    )


@pytest.mark.parametrize(
    ("weather", "worn", "line"),
    [
        (None, [COAT], "Going by the season."),
        (sky({18, 19}), [COAT, SHIRT], "Coat weather. Dry until six."),
        (sky(set()), [JACKET, SHIRT], "Jacket weather. Staying dry."),
        (sky(set()), [SWEATER, SHIRT], "Sweater weather. Staying dry."),
        (sky(set()), [SHIRT], "Mild. Staying dry."),
        (sky({14, 15}), [SHELL, SHIRT], "Rain jacket weather. Rain."),
        (sky({14, 15}), [COAT], "Coat weather. Rain from two."),
        (sky(set(range(10, 21))), [SHIRT], "Mild. Rain throughout."),
        (sky(set()), [BLAZER, SHIRT], "One layer on top. Staying dry."),
    ],
)
def test_the_line_says_the_layer_and_the_sky(
    weather: WeatherSnapshot | None, worn: list[Candidate], line: str
) -> None:
    assert say_verdict(weather, worn) == line


def test_no_line_is_longer_than_a_phones_screen_or_against_the_outfit() -> None:
    outfits = [[SHIRT], [COAT, SHIRT], [SHELL, SHIRT], [SWEATER, SHIRT], [BLAZER], []]
    stated = [stated_weather(warmth, rain) for warmth, rain in product(TEMPERATURES, RAINS)]
    hourly = [sky({first, first + 1}) for first in range(10, 20)]
    for weather, worn in product([*stated, *hourly], outfits):
        line = say_verdict(weather, worn)
        assert 0 < len(line) <= MOST_LETTERS, line
        layers = {piece.type for piece in worn}
        assert "Coat" not in line or "coat" in layers
        assert "acket" not in line or layers & {"jacket", "rain-jacket"}
        assert "Sweater" not in line or "sweater" in layers
        assert ("ry" in line) <= (not weather.is_wet and weather.categories["rain"] != "drizzly")
        assert not ("Rain." in line or "Snow" in line) or weather.is_wet


@pytest.mark.parametrize(
    ("changes", "icon"),
    [
        ({"wmo_code": 0}, "sun"),
        ({"wmo_code": 1, "is_day": False}, "moon"),
        ({"wmo_code": 0, "is_day": None}, "sun"),
        ({"wmo_code": 3, "is_day": False}, "cloud"),
        ({"wmo_code": None}, "cloud"),
        ({"precipitation_mm": 1.0}, "rain"),
        ({"wmo_code": 73, "precipitation_mm": 1.0}, "snow"),
    ],
)
def test_an_hour_is_drawn_by_what_falls_and_by_day_or_night(
    changes: dict[str, object], icon: str
) -> None:
    hour = replace(sky(set()).shown[0], **changes)  # type: ignore[arg-type]
    assert hour.icon == icon
