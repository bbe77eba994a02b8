"""Seasons: of an event's day, by its hemisphere, and of garments that are tagged for some."""

from datetime import date
from functools import cache
from importlib import resources

SEASONS = ("winter", "spring", "summer", "autumn")
"""As they follow each other, from December on in the north."""
TROPICS = 23.4
"""Between these latitudes no month is winter."""
OUT_OF_SEASON = 0.6
"""For each piece that is tagged for the opposite season alone: what is beside a season is worn in it, too."""


def find_season(day: date, latitude: float | None, time_zone: str) -> str:
    """The meteorological season; empty in the tropics. Without a latitude that of the time zone's city counts, and of a
    zone without one, as UTC, the north's, where most people live."""
    if latitude is None:
        latitude = read_latitudes().get(time_zone, 90.0)
    if abs(latitude) < TROPICS:
        return ""
    return SEASONS[(day.month % 12 // 3 + 2 * (latitude < 0)) % 4]


@cache
def read_latitudes() -> dict[str, float]:
    """Degrees north of each time zone's city, from the table of the zone database; a zone's former names are its own."""
    zones = resources.files("tzdata") / "zoneinfo"
    rows = [line.split("\t") for line in (zones / "zone.tab").read_text().splitlines()]
    known = {row[2]: read_latitude(row[1]) for row in rows if not row[0].startswith("#")}
    links = [line.split() for line in (zones / "tzdata.zi").read_text().splitlines()]
    names = {link[2]: known[link[1]] for link in links if link[0] == "L" and link[1] in known}
    return names | known


def read_latitude(coordinates: str) -> float:
    """Of ISO 6709's "+5230+01322": degrees and minutes; seconds tell no season."""
    degrees, minutes = int(coordinates[1:3]), int(coordinates[3:5])
    return (degrees + minutes / 60) * (-1 if coordinates[0] == "-" else 1)


def judge_season(tagged: tuple[str, ...], season: str) -> float:
    """1 for what is tagged for the season or one beside it, or not at all."""
    if not season or not tagged:
        return 1.0
    opposite = SEASONS[(SEASONS.index(season) + 2) % 4]
    return OUT_OF_SEASON if set(tagged) == {opposite} else 1.0
