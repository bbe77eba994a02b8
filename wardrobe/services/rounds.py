"""Going through what grows with the site, a part a run: each run goes on where the one before stopped.

The place is kept in the cache. One that is lost costs nothing but time: the round begins anew. Whatever is there from
the beginning of a round to its end is looked at in it, whatever comes and goes meanwhile; what comes behind the place is
looked at in the next one.
"""

import logging
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from uuid import UUID

from django.core.cache import cache
from django.db.models import Model, QuerySet

logger = logging.getLogger(__name__)

Part = TypeVar("Part")
Row = TypeVar("Row", bound=Model)

PLACE_KEPT_S = 7 * 86_400
"""Of a round that nobody goes on with."""
TRIES = 3
"""Runs that may end within one part, by an error or killed: after them it is left to the next round."""
ROWS = 1_000
"""Keys that are read at once."""


def go_on(
    name: str, parts: Callable[[str], Iterator[tuple[str, Part]]], *, most_s: float
) -> Iterator[Part]:
    """Parts behind the place of the round of this name, until `most_s` seconds are over; one at least. A run that comes to
    the end of a round it did not begin goes on with the next one, so with time for all it leaves nothing out.

    `parts` yields each with the place that it ends at, in the order of places, those behind the given one ("" for all).
    A part is done with when the next one is asked for.
    """
    key = f"round:{name}"
    place, tries = cache.get(key, ("", 0))
    until = time.monotonic() + most_s
    for _ in range(2 if place else 1):
        for end, part in parts(place):
            if tries >= TRIES:
                logger.error("%s: what lies between %r and %r is left out", name, place, end)
            else:
                cache.set(key, (place, tries + 1), PLACE_KEPT_S)
                yield part
            place, tries = end, 0
            if time.monotonic() > until:
                cache.set(key, (place, tries), PLACE_KEPT_S)
                return
        place, tries = "", 0
        cache.delete(key)


def list_ranges(rows: QuerySet[Any], place: str) -> Iterator[tuple[UUID, UUID]]:
    """First and last key of ranges of ROWS rows by their UUIDs, behind the key that `place` says."""
    keys = rows.order_by("pk").values_list("pk", flat=True)
    last = UUID(place) if place else None
    while found := list((keys.filter(pk__gt=last) if last else keys)[:ROWS]):
        last = found[-1]
        yield found[0], last


def within(rows: QuerySet[Row], keys: tuple[UUID, UUID]) -> QuerySet[Row]:
    """Those of a range."""
    return rows.filter(pk__gte=keys[0], pk__lte=keys[1]).order_by("pk")
