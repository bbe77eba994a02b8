"""Seasons: of an event's day, by its hemisphere, and of garments that are tagged for some."""

from datetime import date

SEASONS = ("winter", "spring", "summer", "autumn")
"""As they follow each other, from December on in the north."""
TROPICS = 23.4
"""Between these latitudes no month is winter."""
SOUTHERN_ZONES = (
    "Antarctica/",
    "Australia/",
    "America/Argentina/",
    "America/Buenos_Aires",
    "America/Santiago",
    "America/Montevideo",
    "America/Asuncion",
    "America/Sao_Paulo",
    "Africa/Johannesburg",
    "Africa/Maputo",
    "Africa/Windhoek",
    "Africa/Harare",
    "Africa/Gaborone",
    "Africa/Maseru",
    "Africa/Mbabane",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Indian/Mauritius",
)
"""Where the latitude is not known."""
OUT_OF_SEASON = 0.6
"""For each piece that is tagged for the opposite season alone: what is beside a season is worn in it, too."""


def find_season(day: date, latitude: float | None, time_zone: str) -> str:
    """The meteorological season; empty in the tropics. Without a latitude the time zone tells the hemisphere."""
    if latitude is not None and abs(latitude) < TROPICS:
        return ""
    is_south = latitude < 0 if latitude is not None else time_zone.startswith(SOUTHERN_ZONES)
    return SEASONS[(day.month % 12 // 3 + 2 * is_south) % 4]


def judge_season(tagged: tuple[str, ...], season: str) -> float:
    """1 for what is tagged for the season or one beside it, or not at all."""
    if not season or not tagged:
        return 1.0
    opposite = SEASONS[(SEASONS.index(season) + 2) % 4]
    return OUT_OF_SEASON if set(tagged) == {opposite} else 1.0
