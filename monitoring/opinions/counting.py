"""Counting rows of people's opinions by period, version and format of photo.

All figures are whole numbers, and are put in a fixed order, so that the same rows always give the same rollups.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import Count, Model, Q, QuerySet
from django.db.models.functions import TruncDay, TruncHour

from feedback.models import Correction, Rating, ReviewDecision
from monitoring.figures.building import LENGTHS, floor_to
from monitoring.models import OpinionRollup, Rollup
from registry.models import PromptVersion
from wardrobe.models import Garment
from wardrobe.services.garment_builder import find_doubtful

Grain = OpinionRollup.Grain
State = OpinionRollup.State
HOUR, DAY = LENGTHS[Rollup.Grain.HOUR], LENGTHS[Rollup.Grain.DAY]
LENGTH_OF = {Grain.HOUR: HOUR, Grain.DAY: DAY}

Key = tuple[datetime, str, int, str]
"""When a period starts, the task, the primary key of the version, the format of the photo."""

COUNTS = ("described", "asked", "corrected", "rated", "worn")
NAMED = ("changed", "corrections", "swaps", "decisions")


@dataclass
class Opinions:
    """What is in one row of `OpinionRollup`."""

    counts: Counter[str] = field(default_factory=Counter)
    named: dict[str, Counter[str]] = field(
        default_factory=lambda: {name: Counter() for name in NAMED}
    )

    def __bool__(self) -> bool:
        return any(self.counts.values()) or any(self.named.values())

    def add(self, row: OpinionRollup) -> None:
        for name in COUNTS:
            self.counts[name] += getattr(row, name)
        for name in NAMED:
            self.named[name].update(getattr(row, name))

    def make_row(self, grain: str, state: str, key: Key) -> OpinionRollup:
        starts_at, task, version, format = key
        return OpinionRollup(
            grain=grain,
            state=state,
            starts_at=starts_at,
            task=task,
            version_id=version,
            format=format,
            **{name: self.counts[name] for name in COUNTS},
            **{name: dict(sorted(self.named[name].items())) for name in NAMED},
        )


Counted = dict[Key, Opinions]


def key_of(row: OpinionRollup) -> Key:
    return row.starts_at, row.task, row.version_id, row.format


@dataclass(frozen=True)
class Periods:
    """Whole hours, or whole days of UTC."""

    grain: Grain
    starts: Collection[datetime]

    def hold(self, name: str) -> Q:
        """The condition that a time is in one of them; runs of neighbours are one range."""
        length, condition = LENGTH_OF[self.grain], Q(pk__in=[])
        since = until = None
        for start in sorted(self.starts):
            if start == until:
                until = start + length
                continue
            if since:
                condition |= Q((f"{name}__gte", since), (f"{name}__lt", until))
            since, until = start, start + length
        return (
            condition | Q((f"{name}__gte", since), (f"{name}__lt", until)) if since else condition
        )

    def start_of(self, name: str) -> TruncHour | TruncDay:
        truncate = TruncHour if self.grain == Grain.HOUR else TruncDay
        return truncate(name, tzinfo=UTC)


def count_rows(periods: Periods) -> Counted:
    """All that is there of some periods."""
    counted: Counted = defaultdict(Opinions)
    versions = read_versions()
    garments = Garment.objects.filter(periods.hold("created_at"), call__isnull=False)
    add_garments(counted, garments, periods, versions)
    corrections = Correction.objects.filter(periods.hold("created_at"))
    add_corrections(counted, corrections, periods, versions)
    add_ratings(counted, Rating.objects.filter(periods.hold("created_at")), periods, versions)
    decisions = ReviewDecision.objects.standing().filter(periods.hold("created_at"))
    add_decisions(counted, decisions, periods, versions)
    return counted


class Version(NamedTuple):
    """What opinions have to know of the version that they are of."""

    task: str
    parameters: dict[str, Any]


Versions = Mapping[int, Version]
"""By primary key."""


def read_versions(**chosen: Any) -> Versions:
    """All of them, or those that were chosen: one row's opinions ask for one version."""
    held = ("pk", "prompt__name", "bundle__parameters")
    found = PromptVersion.objects.filter(**chosen).values_list(*held)
    return {pk: Version(task, parameters or {}) for pk, task, parameters in found}


def group(rows: QuerySet[Any], periods: Periods, *names: Any) -> QuerySet[Any, Any]:
    """Rows by the start of their period and some names; nothing else orders them."""
    found: QuerySet[Any, Any] = rows.order_by().annotate(at=periods.start_of("created_at"))
    return found.values_list("at", *names)


def add_garments(
    counted: Counted, rows: QuerySet[Garment], periods: Periods, versions: Versions
) -> None:
    by = ("call__version", "photo__source_format")

    def note(name: str, found: Iterable[tuple[datetime, int, str | None, int]]) -> None:
        for at, version, format, count in found:
            counted[at, versions[version].task, version, format or ""].counts[name] += count

    note("described", group(rows, periods, *by).annotate(Count("pk")))
    corrected = rows.filter(corrections__isnull=False)
    note("corrected", group(corrected, periods, *by).annotate(Count("pk", distinct=True)))
    fields = group(corrected, periods, *by, "corrections__field")
    for at, version, format, field_, count in fields.annotate(Count("pk", distinct=True)):
        named = counted[at, versions[version].task, version, format or ""].named
        named["changed"][field_] += count
    for version in {key[2] for key, one in counted.items() if one.counts["described"]}:
        doubtful = find_doubtful(versions[version].parameters)
        asked = rows.filter(doubtful, call__version=version)
        note("asked", group(asked, periods, *by).annotate(Count("pk")))


def add_corrections(
    counted: Counted, rows: QuerySet[Correction], periods: Periods, versions: Versions
) -> None:
    found = group(rows, periods, "version", "field", "model_value", "user_value")
    for at, version, field_, said, corrected, count in found.annotate(Count("pk")):
        named = counted[at, versions[version].task, version, ""].named
        named["corrections"][field_] += count
        named["swaps"][write_swap(field_, said, corrected)] += count


def write_swap(field: str, said: Any, corrected: Any) -> str:
    return json.dumps([field, name_words(said), name_words(corrected)], ensure_ascii=False)


def name_words(value: Any) -> Any:
    """Without what is no word: of colours their names, not their shades and shares."""
    if isinstance(value, list):
        return [name_words(one) for one in value]
    return value.get("name", "") if isinstance(value, dict) else value


def add_ratings(
    counted: Counted, rows: QuerySet[Rating], periods: Periods, versions: Versions
) -> None:
    found = group(rows.exclude(version=None), periods, "version", "verdict")
    for at, version, verdict, count in found.annotate(Count("pk")):
        counts = counted[at, versions[version].task, version, ""].counts
        counts["rated"] += count
        counts["worn"] += count if verdict == Rating.Verdict.ACCEPTED else 0


def add_decisions(
    counted: Counted, rows: QuerySet[ReviewDecision], periods: Periods, versions: Versions
) -> None:
    found = group(rows, periods, "item__version", "item__field")
    for at, version, field_, count in found.annotate(Count("pk")):
        counted[at, versions[version].task, version, ""].named["decisions"][field_] += count


def hour_of(row: Model) -> datetime:
    """Of anything that was made at a time."""
    moment: datetime = row.created_at  # type: ignore[attr-defined]
    return floor_to(moment, HOUR)
