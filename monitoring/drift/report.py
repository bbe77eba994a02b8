"""The report: every property compared, each p controlled for their number, and stored."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from django.utils import timezone

from monitoring.drift.findings import GOLDEN, PREVIOUS, Bar, Finding, control
from monitoring.drift.golden import GoldenPhotos, measure_golden
from monitoring.drift.look import MOST_PHOTOS, compare_look
from monitoring.drift.properties import PROPERTIES, Property, choose_share, find_photos
from monitoring.drift.statistics import (
    NewCategory,
    Observation,
    cast_votes,
    cut_bins,
    find_bin,
    find_new,
    hash_key,
    permutation_test,
)
from monitoring.drift.windows import (
    MINIMUM_WEARERS,
    REFERENCE,
    Window,
    current_window,
    previous_window,
)
from monitoring.models import DriftComparison, DriftReport
from monitoring.times.words import say_number

KEPT = timedelta(days=28)
KNOWN_FROM = 20
"""Rows of the reference from which on a value that it lacks is a new one."""


def make_report(at: datetime | None = None) -> DriftReport:
    """Compare the week before `at` (now), store what was found, and delete reports of 28 days ago."""
    at = at or timezone.now()
    golden = GoldenPhotos()
    measure_golden(golden.examples)
    DriftReport.objects.filter(created_at__lt=at - KEPT).delete()
    DriftComparison.objects.filter(asked_at__lt=at - KEPT).delete()
    stored = find_all(current_window(at), previous_window(at), golden)
    return DriftReport.objects.create(created_at=at, findings=stored)


def carry_out(comparison: DriftComparison) -> None:
    """What an operator asked for: some days against the 28 before them."""
    now = Window(comparison.since, comparison.until)
    before = Window(now.since - REFERENCE, now.since)
    comparison.findings = find_all(now, before, GoldenPhotos())
    comparison.save(update_fields=["findings"])


def find_all(now: Window, previous: Window, photos: GoldenPhotos) -> list[dict[str, Any]]:
    """Every property against the days before, and against the golden photos where these show it; of a sample of the wearers,
    where there are many."""
    one_of = choose_share(previous.since, now.until)
    now, previous = replace(now, one_of=one_of), replace(previous, one_of=one_of)
    findings = [compare_look(now, previous)]
    for one in PROPERTIES:
        rows = list(one.read(now))
        golden = list(one.golden(photos)) if one.golden else []
        findings.append(compare(one, rows, list(one.read(previous)), PREVIOUS, known=golden))
        if golden:
            seen = list(one.read_as_golden(now)) if one.read_as_golden else rows
            findings.append(compare(one, seen, golden, GOLDEN))
    found = (replace(finding, one_of=one_of) for finding in control(findings))
    return [name_photos(finding, now).to_json() for finding in found]


def name_photos(finding: Finding, now: Window) -> Finding:
    """With a few photos behind the value that rose most, of what drifted from the days before; a wearer has one at most."""
    one = next((one for one in PROPERTIES if one.name == finding.name), None)
    if one is None or not finding.is_alarm or finding.reference != PREVIOUS:
        return finding
    risen = finding.risen
    votes = cast_votes(seen for seen in one.read(now) if risen and is_in(seen, risen))
    keys = [vote.key for vote in sorted(votes, key=lambda vote: hash_key(vote.key))[:MOST_PHOTOS]]
    photos = find_photos(one.unit, keys).order_by("pk").values_list("pk", flat=True)
    return replace(finding, photos=tuple((str(pk), 1.0) for pk in photos))


def is_in(seen: Observation, bar: Bar) -> bool:
    """Whether it is of a value, or in a bin."""
    if bar.low is None and bar.high is None:
        return str(seen.value) == bar.value
    low = -math.inf if bar.low is None else bar.low
    high = math.inf if bar.high is None else bar.high
    return low <= float(seen.value) < high


def find_unknown(one: Property, now: Window) -> list[NewCategory]:
    """New values of a week: what uploads of two wearers have, and neither the 28 days before nor the golden photos."""
    rows = list(one.read(now))
    frequent = find_new(rows, [])
    if not frequent:
        return []
    earlier = list(one.read(previous_window(now.until, one_of=now.one_of)))
    if len(earlier) < KNOWN_FROM:
        return []
    golden = list(one.golden(GoldenPhotos())) if one.golden else []
    return find_new(rows, [seen.value for seen in (*earlier, *golden)])


def compare(
    one: Property,
    rows: Sequence[Observation],
    earlier: Sequence[Observation],
    reference: str,
    *,
    known: Sequence[Observation] = (),
) -> Finding:
    """One property against one reference; without a p where either side has too few wearers.

    `known` are values that are not new either. Only the 28 days can tell what is new.
    """
    votes, earlier_votes = cast_votes(rows), cast_votes(earlier)
    bars = count_bars(one, votes, earlier_votes)
    finding = Finding(
        one.name,
        reference,
        wearers=len(votes),
        reference_wearers=len(earlier_votes),
        rows=len(rows),
        bars=tuple(bars),
    )
    if reference == PREVIOUS and not one.bins and len(earlier) >= KNOWN_FROM:
        new = find_new(rows, [seen.value for seen in (*earlier, *known)])
        finding = replace(finding, new=tuple(new))
    if min(len(votes), len(earlier_votes)) < MINIMUM_WEARERS:
        return finding
    now, before = np.array([bar.now for bar in bars]), np.array([bar.reference for bar in bars])
    p, distance = permutation_test(now, before)
    return replace(finding, p=p, distance=distance)


def count_bars(
    one: Property, votes: Sequence[Observation], earlier: Sequence[Observation]
) -> list[Bar]:
    """The values, most votes first, or the bins in order; empty without a vote."""
    if one.bins and (votes or earlier):
        return count_bins(one.bins, read_numbers(votes), read_numbers(earlier))
    now, before = Counter(vote.value for vote in votes), Counter(vote.value for vote in earlier)
    return [Bar(str(value), now[value], before[value]) for value, _ in (now + before).most_common()]


def read_numbers(votes: Sequence[Observation]) -> list[float]:
    return [float(vote.value) for vote in votes]


def count_bins(bins: int, votes: list[float], earlier: list[float]) -> list[Bar]:
    edges = cut_bins([*votes, *earlier], bins)
    now, before = (Counter(find_bin(v, edges) for v in values) for values in (votes, earlier))
    bounds = [None, *edges, None]
    return [
        Bar(say_bin(low, high), now[i], before[i], low, high)
        for i, (low, high) in enumerate(pairwise(bounds))
    ]


def say_bin(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return "any"
    bounds = [say_number(bound).replace(",", "") for bound in (low, high) if bound is not None]
    if low is None:
        return f"below {bounds[0]}"
    return f"from {bounds[0]}" if high is None else " to ".join(bounds)
