"""Forecasts of Open-Meteo, read through the store of weather features."""

from datetime import datetime

from styling.weather import WeatherSnapshot

FORECAST_DAYS = 16


class NoForecastError(Exception):
    """Nobody knows the weather: `code` is unavailable, too_far, past or no_place."""

    def __init__(self, reason: str, code: str) -> None:
        super().__init__(reason)
        self.code = code


def get_weather(
    *,
    latitude: float | None,
    longitude: float | None,
    time_zone: str,
    starts: datetime,
    ends: datetime,
    sensitivity: int = 0,
) -> WeatherSnapshot:
    """The weather of an event, both times aware. Raises NoForecastError; never invents."""
    raise NotImplementedError
