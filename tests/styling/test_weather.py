from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from styling.selectors import draw_bar
from styling.weather.model import (
    WeatherSnapshot,
    categorize_temperature,
    format_temperature,
    format_wind,
    stated_weather,
    summarize_hours,
)
from styling.weather.readings import parse_open_meteo
from tests.styling.wardrobes import make_weather

LISBON = ZoneInfo("Europe/Lisbon")


def make_answer(first: datetime, hours: int, **series: list[Any]) -> dict[str, Any]:
    """An answer as Open-Meteo lays it out; `series` replaces variables, cut or padded to length."""
    usual = {
        "temperature_2m": 12.0,
        "apparent_temperature": 11.0,
        "precipitation": 0.0,
        "precipitation_probability": 5,
        "weather_code": 3,
        "wind_speed_10m": 10.0,
        "uv_index": 1.0,
        "is_day": 1,
    }
    times = [int((first + timedelta(hours=hour)).timestamp()) for hour in range(hours)]
    hourly = {name: series.get(name, [value] * hours) for name, value in usual.items()}
    return {"hourly": {"time": times, **hourly}}


@pytest.mark.parametrize(
    ("apparent", "category"),
    [
        (-0.1, "freezing"), (0, "cold"), (9.9, "cold"), (10, "chilly"), (15, "mild"),
        (20, "warm"), (25, "warm"), (25.1, "hot"), (40, "hot"),
    ],
)  # fmt: skip
def test_temperature_categories(apparent: float, category: str) -> None:
    assert categorize_temperature(apparent) == category


@pytest.mark.parametrize(("sensitivity", "category"), [(-2, "cold"), (0, "chilly"), (2, "mild")])
def test_sensitivity_shifts_the_category(sensitivity: int, category: str) -> None:
    assert make_weather(12, sensitivity=sensitivity).categories["temperature"] == category


@pytest.mark.parametrize(
    ("weather", "sentence"),
    [
        (make_weather(10, 14, rain=range(14, 17)), "Chilly, then rain from two."),
        (make_weather(10, 14), "Chilly and dry."),
        (make_weather(10, 14, wind=34), "Chilly, dry and windy."),
        (make_weather(10, 14, rain=range(14, 17), wind=34), "Chilly, then rain from two."),
        (
            make_weather(10, 14, rain=[14], wind=60),
            "Chilly and very windy, with rain from two until three.",
        ),
        (make_weather(10, 14, rain=range(9, 17)), "Chilly, with rain throughout."),
        (make_weather(10, 14, rain=range(9, 12)), "Chilly, with rain until noon."),
        (make_weather(-4, -1, rain=range(12, 17), code=73), "Freezing, then snow from noon."),
        (make_weather(28, 33), "Hot and dry."),
    ],
)
def test_the_sentence(weather: WeatherSnapshot, sentence: str) -> None:
    assert weather.sentence == sentence


def test_an_unlikely_little_rain_is_drizzle() -> None:
    first = datetime(2026, 11, 23, 9, tzinfo=UTC)
    chances: list[Any] = [0, 0, 35, 35, 0, 0, 0, 0, 0]
    hours = parse_open_meteo(make_answer(first, 9, precipitation_probability=chances), "UTC")
    snapshot = summarize_hours(
        hours, starts=first, ends=first + timedelta(hours=8), fetched_at=first
    )
    assert snapshot is not None
    assert snapshot.categories["rain"] == "drizzly"
    assert not snapshot.is_wet


def test_rain_counts_for_the_hour_in_which_it_falls() -> None:
    """Open-Meteo stamps the sum of 13:00 to 14:00 with 14:00."""
    first = datetime(2026, 11, 23, 13, tzinfo=UTC)
    hours = parse_open_meteo(make_answer(first, 3, precipitation=[0.0, 2.5, 0.0]), "UTC")
    assert [hour.precipitation_mm for hour in hours] == [2.5, 0.0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature_2m", None), ("temperature_2m", 999.0), ("temperature_2m", "warm"),
        ("temperature_2m", True), ("temperature_2m", float("nan")),
    ],
)  # fmt: skip
def test_hours_without_a_plausible_temperature_are_dropped(name: str, value: Any) -> None:
    first = datetime(2026, 11, 23, tzinfo=UTC)
    hours = parse_open_meteo(make_answer(first, 4, **{name: [value] * 4}), "UTC")
    assert hours == []


@pytest.mark.parametrize(
    ("name", "value", "read", "known"),
    [
        ("apparent_temperature", None, "apparent_c", 12.0),
        ("apparent_temperature", -273.0, "apparent_c", 12.0),
        ("wind_speed_10m", None, "wind_kmh", None),
        ("wind_speed_10m", float("inf"), "wind_kmh", None),
        ("precipitation", -1.0, "precipitation_mm", None),
        ("precipitation_probability", None, "precipitation_probability", None),
        ("uv_index", "high", "uv", None),
    ],
)
def test_an_hour_of_which_one_thing_is_not_known_is_an_hour(
    name: str, value: Any, read: str, known: float | None
) -> None:
    first = datetime(2026, 11, 23, tzinfo=UTC)
    hours = parse_open_meteo(make_answer(first, 4, **{name: [value] * 4}), "UTC")
    assert [getattr(hour, read) for hour in hours] == [known] * 3
    snapshot = summarize_hours(
        hours, starts=first, ends=first + timedelta(hours=3), fetched_at=first
    )
    assert snapshot is not None
    assert snapshot.sentence == "Chilly and dry."
    assert WeatherSnapshot.from_json(snapshot.to_json()) == snapshot


def test_an_hour_without_a_word_about_rain_is_none() -> None:
    first = datetime(2026, 11, 23, tzinfo=UTC)
    silent: dict[str, list[Any]] = {
        "precipitation": [None] * 4, "precipitation_probability": [None] * 4,
    }  # fmt: skip
    assert parse_open_meteo(make_answer(first, 4, **silent), "UTC") == []


def test_where_light_is_not_told_the_sun_tells_it() -> None:
    first = datetime(2026, 11, 23, tzinfo=UTC)
    answer = make_answer(first, 49, is_day=[None] * 49)
    rises, sets = [
        [int((first + timedelta(days=day, hours=hour)).timestamp()) for day in range(2)]
        for hour in (8, 16)
    ]
    answer["daily"] = {"sunrise": rises, "sunset": sets}
    hours = parse_open_meteo(answer, "UTC")
    assert [hour.is_day for hour in hours] == 2 * ([False] * 8 + [True] * 8 + [False] * 8)
    del answer["daily"]
    assert {hour.is_day for hour in parse_open_meteo(answer, "UTC")} == {None}


@pytest.mark.parametrize(("temperature", "rain"), [(-6.0, "snowy"), (1.0, "snowy"), (1.1, "rainy")])
def test_without_a_code_the_cold_makes_snow_of_rain(temperature: float, rain: str) -> None:
    first = datetime(2026, 11, 23, tzinfo=UTC)
    series: dict[str, list[Any]] = {
        "weather_code": [None] * 4, "temperature_2m": [temperature] * 4, "precipitation": [1.5] * 4,
    }  # fmt: skip
    hours = parse_open_meteo(make_answer(first, 4, **series), "UTC")
    snapshot = summarize_hours(
        hours, starts=first, ends=first + timedelta(hours=3), fetched_at=first
    )
    assert snapshot is not None and snapshot.categories["rain"] == rain


@pytest.mark.parametrize(
    ("zone", "first_wet", "sentence"),
    [
        ("Asia/Kolkata", 1, "Chilly, with rain until half past one."),
        ("Asia/Kolkata", 2, "Chilly, then rain from half past one."),
        ("Asia/Kathmandu", 1, "Chilly, with rain until a quarter to two."),
        ("Asia/Kathmandu", 2, "Chilly, then rain from a quarter to two."),
        ("Europe/Lisbon", 1, "Chilly, with rain until two."),
    ],
)
def test_hours_that_begin_at_half_past_count_from_the_first_minute(
    zone: str, first_wet: int, sentence: str
) -> None:
    """An event from 13:00 to 15:00; the first hour of its forecast begins at 13:00, 12:30 or 12:45."""
    starts = datetime(2026, 11, 23, 13, tzinfo=ZoneInfo(zone))
    first = starts.astimezone(UTC).replace(minute=0) - timedelta(hours=1)
    fallen: list[Any] = [12.0 if hour >= first_wet else 0.0 for hour in range(6)]
    if "until" in sentence:
        fallen = [12.0 if hour == first_wet else 0.0 for hour in range(6)]
    hours = parse_open_meteo(make_answer(first, 6, precipitation=[0.0, *fallen[:-1]]), zone)
    ends = starts + timedelta(hours=2)
    snapshot = summarize_hours(hours, starts=starts, ends=ends, fetched_at=first)
    assert snapshot is not None
    assert snapshot.sentence == sentence


@pytest.mark.parametrize(("zone", "time"), [("Asia/Kolkata", "10:30"), ("Europe/Lisbon", "05")])
def test_a_bar_says_its_minutes(zone: str, time: str) -> None:
    hours = parse_open_meteo(make_answer(datetime(2026, 11, 23, 5, tzinfo=UTC), 2), zone)
    assert draw_bar(hours[0], "metric").time == time


def test_unknown_codes_and_missing_chances_are_kept_as_they_are() -> None:
    first = datetime(2026, 11, 23, tzinfo=UTC)
    answer = make_answer(first, 3, weather_code=[42] * 3, precipitation_probability=[None] * 3)
    [hour, _] = parse_open_meteo(answer, "UTC")
    assert (hour.wmo_code, hour.precipitation_probability) == (42, None)


@pytest.mark.parametrize(
    "answer",
    [{}, {"hourly": None}, {"hourly": {"time": ["now", "then"]}}, {"hourly": {"time": [1, 2]}}],
)
def test_what_is_no_forecast_is_refused(answer: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Not a forecast"):
        parse_open_meteo(answer, "UTC")


def test_a_gap_of_more_than_half_the_event_is_not_filled() -> None:
    first = datetime(2026, 11, 23, 9, tzinfo=UTC)
    hours = parse_open_meteo(make_answer(first, 4), "UTC")
    ends = first + timedelta(hours=8)
    assert summarize_hours(hours, starts=first, ends=ends, fetched_at=first) is None


@pytest.mark.parametrize(
    ("day", "hours_in_night"),
    [
        (datetime(2026, 10, 24, 23), 5),
        (datetime(2027, 3, 27, 23), 3),
        (datetime(2026, 11, 23, 23), 4),
    ],
)
def test_a_night_across_a_change_of_the_clocks_has_its_real_hours(
    day: datetime, hours_in_night: int
) -> None:
    starts = day.replace(tzinfo=LISBON)
    ends = (day + timedelta(hours=4)).replace(tzinfo=LISBON)
    first = starts.astimezone(UTC) - timedelta(hours=3)
    hours = parse_open_meteo(make_answer(first, 12), "Europe/Lisbon")
    snapshot = summarize_hours(hours, starts=starts, ends=ends, fetched_at=first)
    assert snapshot is not None
    assert len(snapshot.hours) == hours_in_night


def test_hours_around_the_event_are_shown_but_not_counted() -> None:
    first = datetime(2026, 11, 23, 6, tzinfo=UTC)
    temperatures: list[Any] = [-20.0] * 3 + [12.0] * 2 + [40.0] * 5
    hours = parse_open_meteo(make_answer(first, 10, temperature_2m=temperatures), "UTC")
    starts, ends = first.replace(hour=9, minute=30), first.replace(hour=11)
    snapshot = summarize_hours(hours, starts=starts, ends=ends, fetched_at=first)
    assert snapshot is not None
    assert [hour.time.hour for hour in snapshot.shown] == [8, 9, 10, 11, 12]
    assert (snapshot.min_temperature_c, snapshot.max_temperature_c) == (12.0, 12.0)


def test_a_snapshot_survives_its_json() -> None:
    snapshot = make_weather(8, 12, rain=[14], wind=34)
    assert WeatherSnapshot.from_json(snapshot.to_json()) == snapshot


def test_stated_weather_makes_up_no_figures() -> None:
    snapshot = stated_weather("chilly", "rainy")
    assert snapshot.sentence == "Chilly and rainy, as you said."
    assert snapshot.is_wet
    assert snapshot.format_temperatures() == snapshot.format_wind() == ""
    assert snapshot.min_temperature_c is snapshot.precipitation_probability is None
    with pytest.raises(ValueError, match="Not a kind of weather"):
        stated_weather("balmy")


def test_units_are_the_wearers() -> None:
    weather = make_weather(8, 12, wind=34)
    assert weather.format_temperatures() == "8 to 12°"
    assert weather.format_temperatures("imperial") == "46 to 54°"
    assert (weather.format_wind(), weather.format_wind("imperial")) == ("34 km/h", "21 mph")
    assert format_temperature(-0.4) == "0°"
    assert format_wind(0, "imperial") == "0 mph"
