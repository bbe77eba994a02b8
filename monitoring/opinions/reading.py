"""Opinions of a period, from rollups alone: what a page costs does not grow with garments or corrections."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg
from django.db import connection
from django.db.models import Q, QuerySet, Sum

from monitoring.figures.building import KEPT
from monitoring.figures.reading import Period, add_codes, cover
from monitoring.models import OpinionRollup, Rollup
from monitoring.opinions.counting import COUNTS, State

NAMED = ("changed", "corrections", "decisions")


@dataclass(frozen=True)
class Told:
    """Of one version and format of photo in a period; see `OpinionRollup`."""

    version: int
    format: str
    described: int
    asked: int
    corrected: int
    rated: int
    worn: int
    changed: dict[str, int]
    corrections: dict[str, int]
    decisions: dict[str, int]


def find_opinions(period: Period, newest: datetime) -> QuerySet[OpinionRollup]:
    """The fewest rollups that hold a period: days inside it, hours at its ends as long as these are kept."""
    hour, day = Rollup.Grain.HOUR, Rollup.Grain.DAY
    is_kept = period.since >= max(period.until, newest) - KEPT[hour]
    held = Q(pk__in=[])
    for grain, start, end in cover(period.since, period.until, [hour, day] if is_kept else [day]):
        held |= Q(grain=str(grain), starts_at__gte=start, starts_at__lt=end)
    return OpinionRollup.objects.filter(held).exclude(state=State.LEAVING).order_by()


def read_opinions(period: Period, newest: datetime) -> list[Told]:
    """One for each version and format of which something was said."""
    rows = (
        find_opinions(period, newest)
        .values_list("version", "format")
        .annotate(
            **{f"all_{name}": Sum(name) for name in COUNTS},
            **{f"all_{name}": JSONBAgg(name) for name in NAMED},
        )
    )
    return [
        Told(version, format, *values[: len(COUNTS)], *map(add_codes, values[len(COUNTS) :]))
        for version, format, *values in rows
    ]


def count_corrected_garments(task: str, period: Period) -> int:
    """Of those described in a period, in whole hours, those of which the wearer changed something."""
    rows = find_opinions(period, period.until).filter(task=task)
    return int(rows.aggregate(corrected=Sum("corrected", default=0))["corrected"])


def add_up(told: Iterable[Told], name: str) -> int:
    return sum(getattr(one, name) for one in told)


def add_up_named(told: Iterable[Told], name: str) -> Counter[str]:
    return Counter(add_codes(getattr(one, name) for one in told))


@dataclass(frozen=True)
class Swap:
    """What a model said of a field, and what wearers changed it to: words, or lists of them."""

    field: str
    said: Any
    corrected: Any
    times: int


def read_swaps(period: Period, newest: datetime, *, limit: int) -> list[Swap]:
    """The commonest first."""
    found, params = find_opinions(period, newest).values("pk").query.sql_with_params()
    statement = f"""
        SELECT swap.key, sum(swap.value::int) AS times
        FROM monitoring_opinionrollup AS rollup, jsonb_each_text(rollup.swaps) AS swap
        WHERE rollup.id IN ({found})
        GROUP BY swap.key ORDER BY times DESC, swap.key LIMIT %s
    """  # noqa: S608 what Django made
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, limit])
        rows = [(json.loads(key), int(times)) for key, times in cursor.fetchall()]
    return [Swap(field, said, corrected, times) for (field, said, corrected), times in rows]
