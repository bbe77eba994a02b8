import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from styling.models import WeatherFeatures
from styling.weather import open_meteo
from styling.weather.model import WeatherSnapshot
from styling.weather.open_meteo import NoForecastError, delete_expired_features, get_weather
from tests.fakes_weather import FakeOpenMeteo, serve_open_meteo

pytestmark = pytest.mark.django_db


@pytest.fixture
def sky(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOpenMeteo]:
    monkeypatch.setattr(open_meteo, "_rests_until", 0.0)
    with serve_open_meteo() as fake:
        settings.OPEN_METEO_URL = fake.url
        yield fake


def ask(
    *, days: int = 1, hour: int = 9, hours: float = 8, zone: str = "Europe/Lisbon", **changes: Any
) -> WeatherSnapshot:
    """The weather of an event in Porto, some days ahead by the place's calendar."""
    today = timezone.now().astimezone(ZoneInfo(zone)).date()
    starts = datetime.combine(today, datetime.min.time(), ZoneInfo(zone)) + timedelta(
        days=days, hours=hour
    )
    place: dict[str, Any] = {"latitude": 41.14961, "longitude": -8.61099, **changes}
    return get_weather(time_zone=zone, starts=starts, ends=starts + timedelta(hours=hours), **place)


def code_of(**changes: Any) -> str:
    with pytest.raises(NoForecastError) as raised:
        ask(**changes)
    return raised.value.code


def test_an_event_gets_the_hours_of_its_window(sky: FakeOpenMeteo) -> None:
    snapshot = ask()
    assert [hour.time.hour for hour in snapshot.hours] == list(range(9, 17))
    assert (snapshot.source, snapshot.categories["temperature"]) == ("open-meteo", "chilly")


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Kathmandu", "Europe/Lisbon"])
@pytest.mark.parametrize("hour", [0, 13])
def test_half_an_hour_has_a_forecast_in_every_zone(
    sky: FakeOpenMeteo, zone: str, hour: int
) -> None:
    assert len(ask(days=2, hour=hour, hours=0.5, zone=zone).hours) == 1


def test_only_rounded_coordinates_and_dates_leave_the_house(sky: FakeOpenMeteo) -> None:
    ask()
    [query] = sky.requests
    assert (query["latitude"], query["longitude"], query["timezone"]) == ("41.1", "-8.6", "UTC")
    assert set(query) == {
        "latitude", "longitude", "hourly", "daily", "timezone", "timeformat", "start_date", "end_date",
    }  # fmt: skip


def test_a_second_question_is_answered_from_the_store(sky: FakeOpenMeteo) -> None:
    first = ask()
    assert ask(hour=12, hours=3).fetched_at == first.fetched_at
    assert len(sky.requests) == 1


def test_an_old_reading_is_read_again(sky: FakeOpenMeteo) -> None:
    ask()
    WeatherFeatures.objects.update(fetched_at=timezone.now() - timedelta(hours=2))
    ask()
    assert len(sky.requests) == 2


def test_an_old_reading_serves_while_the_service_is_down(sky: FakeOpenMeteo) -> None:
    ask()
    read_at = timezone.now() - timedelta(hours=2)
    WeatherFeatures.objects.update(fetched_at=read_at)
    sky.failures = [500] * 9
    assert ask().fetched_at == read_at


def test_an_expired_reading_is_no_forecast(sky: FakeOpenMeteo) -> None:
    ask()
    WeatherFeatures.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    sky.failures = [500] * 9
    assert code_of() == "unavailable"
    assert delete_expired_features() > 0


def test_a_hiccup_is_tried_again(sky: FakeOpenMeteo) -> None:
    sky.failures = [503, 429]
    assert ask().hours
    assert len(sky.requests) == 3


def test_a_service_that_takes_longer_than_is_allowed_has_no_forecast(
    sky: FakeOpenMeteo, settings: Any
) -> None:
    settings.WEATHER_TIMEOUT_S = 0.1
    answered = threading.Event()
    sky.change = lambda answer: (answered.wait(3), answer)[1]
    assert code_of() == "unavailable"
    answered.set()


def test_after_a_failure_the_service_is_left_alone(sky: FakeOpenMeteo) -> None:
    sky.failures = [500] * 9
    assert code_of() == code_of() == "unavailable"
    assert len(sky.requests) == 3


@pytest.mark.parametrize("answer", [[], "rain", {"hourly": {}}, {"error": True}, None])
def test_nonsense_is_not_weather(sky: FakeOpenMeteo, answer: Any) -> None:
    sky.change = lambda _: answer
    assert code_of() == "unavailable"
    assert not WeatherFeatures.objects.exists()


def test_a_day_without_a_plausible_hour_is_not_remembered(sky: FakeOpenMeteo) -> None:
    sky.set_hours("temperature_2m", lambda _: None)
    assert code_of() == "unavailable"
    assert not WeatherFeatures.objects.exists()


SIDES = [
    "apparent_temperature", "precipitation", "precipitation_probability", "weather_code", "wind_speed_10m",
    "uv_index", "is_day",
]  # fmt: skip
WRONG = {
    "null": None,
    "a word": "rain",
    "too short": [1.0],
    "nulls": [None] * 400,
    "words": ["x"] * 400,
}


@pytest.mark.parametrize("name", SIDES)
@pytest.mark.parametrize("wrong", [*WRONG, "missing"])
def test_a_side_variable_that_is_not_said_is_unknown(
    sky: FakeOpenMeteo, name: str, wrong: str
) -> None:
    def change(answer: dict[str, Any]) -> dict[str, Any]:
        kept = {key: values for key, values in answer["hourly"].items() if key != name}
        return {**answer, "hourly": kept if wrong == "missing" else {**kept, name: WRONG[wrong]}}

    sky.change = change
    weather = ask()
    assert (weather.min_temperature_c, weather.max_temperature_c) == (12.0, 12.0)


@pytest.mark.parametrize("temperatures", [None, "warm", {}])
def test_without_temperatures_there_is_no_forecast_and_the_service_rests(
    sky: FakeOpenMeteo, temperatures: Any
) -> None:
    sky.change = lambda answer: {
        **answer,
        "hourly": {**answer["hourly"], "temperature_2m": temperatures},
    }
    assert [code_of() for _ in range(3)] == ["unavailable"] * 3
    assert len(sky.requests) == 1


def test_a_broken_sunrise_does_no_harm(sky: FakeOpenMeteo) -> None:
    sky.change = lambda answer: {
        **answer,
        "daily": {"sunrise": ["x", None, 0], "sunset": None},
    }
    assert ask().hours
    assert WeatherFeatures.objects.get().sunrise is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"latitude": None}, "no_place"),
        ({"longitude": None}, "no_place"),
        ({"days": -2}, "past"),
        ({"days": 16}, "too_far"),
        ({"days": 400}, "too_far"),
    ],
)
def test_where_there_is_no_forecast_nobody_asks(
    sky: FakeOpenMeteo, changes: dict[str, Any], code: str
) -> None:
    assert code_of(**changes) == code
    assert sky.requests == []


def test_the_sixteenth_day_still_has_a_forecast(sky: FakeOpenMeteo) -> None:
    assert ask(days=15, hours=4).hours
    assert (
        sky.requests[0]["end_date"]
        <= (timezone.now().astimezone(UTC).date() + timedelta(days=15)).isoformat()
    )


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu"])
def test_an_event_over_midnight_has_all_its_hours_anywhere(sky: FakeOpenMeteo, zone: str) -> None:
    snapshot = ask(hour=22, hours=5, zone=zone)
    days = sorted({hour.time.date() for hour in snapshot.hours})
    assert len(days) == 2
    assert len(snapshot.hours) in {5, 6}
    assert WeatherFeatures.objects.count() == 2
    assert len(sky.requests) == 1


def test_features_are_kept_by_local_day_with_their_sun(sky: FakeOpenMeteo) -> None:
    ask()
    [row] = WeatherFeatures.objects.all()
    assert len(row.hours) == 24
    assert {datetime.fromisoformat(hour["time"]).date() for hour in row.hours} == {row.date}
    assert row.sunrise is not None
    assert row.sunset is not None
    assert row.sunrise < row.sunset


def test_sensitivity_changes_words_and_not_the_store(sky: FakeOpenMeteo) -> None:
    assert ask(sensitivity=-2).categories["temperature"] == "cold"
    assert ask(sensitivity=2).categories["temperature"] == "mild"
    assert len(sky.requests) == 1


def test_an_error_that_comes_as_an_answer_rests_like_a_failure(sky: FakeOpenMeteo) -> None:
    sky.change = lambda answer: {"error": True, "reason": "Minutely API request limit exceeded."}
    assert [code_of() for _ in range(5)] == ["unavailable"] * 5
    assert len(sky.requests) == 1
