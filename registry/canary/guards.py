"""What a canary is watched for, and what was found so far.

A batch is what ended since the last one, on both sides. In a batch a wearer counts once, for one evening of
somebody's photos is one piece of luck. What lies in the wearer (violations, corrections, the time that a large
wardrobe takes) counts once in the whole canary, with the first batch the wearer is in; what lies in the engine
(broken JSON, failures) counts anew in each, so that a handful of wearers is enough, but one whose every answer
breaks is not. Calls that were stopped say nothing and are left out.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.module_loading import import_string

from registry.canary import sequential
from registry.evaluation.statistics import Proportion
from registry.inference import OUTPUT_VIOLATIONS
from registry.models import Canary, CanaryCall, InferenceCall

MIN_CALLS = 10
"""So many calls of the candidate have ended before anything reverts it."""

MIN_BAD_WEARERS = 3
"""So many of the candidate's wearers have met with it: what follows one wearer around is not the version's."""

BATCH_WEARERS, BATCH_AGE = 40, timedelta(minutes=1)
"""A batch is weighed when it has so many wearers, or that age and wearers on both sides. Neither looks at how
their calls ended, or the evidence would be worth nothing."""

LATENCY_TOLERANCE = 1.2
"""A candidate that takes a fifth longer is no worse."""

SLOW_SHARE = 0.2
"""The slowest fifth of a batch is slow: a rank has no unit, so that any engine and any task can be watched."""

CORRECTED_WITHIN = timedelta(hours=1)
"""So long a wearer has to correct what was answered, before the answer is weighed."""

FAILED, SUCCEEDED = InferenceCall.Outcome.FAILED, InferenceCall.Outcome.SUCCEEDED


class Call(NamedTuple):
    """A call of a canary that ended by itself."""

    pk: UUID
    wearer: int
    is_candidate: bool
    outcome: str
    error_code: str
    has_violations: bool
    latency_ms: float


@dataclass(frozen=True)
class Guard:
    """One thing to watch: `find_bad` gives the wearers of a batch who met with it."""

    name: str
    title: str
    find_bad: Callable[[Sequence[Call]], set[int]]
    outcomes: tuple[str, ...] = (SUCCEEDED,)
    once: bool = True
    settles: timedelta = timedelta()


@dataclass
class Evidence:
    """What a guard has found: bad and all wearers of each side, and the logarithms for each odds.

    `judged_until` is an ISO 8601 time; what ended later is yet to be weighed.
    """

    judged_until: str
    candidate: list[int] = field(default_factory=lambda: [0, 0])
    live: list[int] = field(default_factory=lambda: [0, 0])
    logs: list[float] = field(default_factory=lambda: [0.0] * len(sequential.ODDS))

    @property
    def ratio(self) -> float:
        """How much likelier all this is if the candidate is worse; below 1 it speaks for it."""
        return math.exp(min(sequential.mix(self.logs), 700.0))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def find_violations(calls: Sequence[Call]) -> set[int]:
    return {call.wearer for call in calls if call.has_violations}


def find_broken(calls: Sequence[Call]) -> set[int]:
    return {call.wearer for call in calls if call.error_code in OUTPUT_VIOLATIONS}


def find_failed(calls: Sequence[Call]) -> set[int]:
    return {
        call.wearer
        for call in calls
        if call.outcome == FAILED and call.error_code not in OUTPUT_VIOLATIONS
    }


def find_slow(calls: Sequence[Call]) -> set[int]:
    """The slowest fifth of the wearers, by their first call, the candidate's time shortened by what is
    tolerated. Who ties with the last of them is slow, too."""
    times: dict[int, float] = {}
    for call in calls:
        allowed = LATENCY_TOLERANCE if call.is_candidate else 1.0
        times.setdefault(call.wearer, call.latency_ms / allowed)
    slowest = sorted(times.values(), reverse=True)
    least = slowest[max(1, round(SLOW_SHARE * len(slowest))) - 1]
    return {wearer for wearer, time in times.items() if time >= least}


def find_corrected(calls: Sequence[Call]) -> set[int]:
    find: Callable[[Iterable[UUID]], set[UUID]] = import_string(settings.CORRECTION_FINDER)
    corrected = find([call.pk for call in calls])
    return {call.wearer for call in calls if call.pk in corrected}


GUARDS = (
    Guard("violations", "Broke a check", find_violations),
    Guard("broken", "Was no JSON", find_broken, (SUCCEEDED, FAILED), once=False),
    Guard("failures", "Failed otherwise", find_failed, (SUCCEEDED, FAILED), once=False),
    Guard("latency", "Was slow", find_slow),
    Guard("corrections", "Was corrected or refused", find_corrected, settles=CORRECTED_WITHIN),
)
LIMIT = sequential.limit(len(GUARDS))


def read_evidence(canary: Canary, guard: Guard) -> Evidence:
    """What was found so far; of a new canary, nothing."""
    known = canary.evidence.get(guard.name)
    return Evidence(**known) if known else Evidence(canary.started_at.isoformat())


Batch = tuple[bool, tuple[str, ...], datetime, datetime]
"""Whether its wearers count once, which outcomes it has, and between which times its calls ended."""


def weigh_all(canary: Canary, *, now: datetime) -> dict[str, Evidence]:
    """The evidence of every guard, with what has ended and settled since; guards that look at the same
    calls read them once."""
    read: dict[Batch, list[Call]] = {}
    return {guard.name: weigh(canary, guard, now=now, read=read) for guard in GUARDS}


def weigh(
    canary: Canary, guard: Guard, *, now: datetime, read: dict[Batch, list[Call]]
) -> Evidence:
    """The evidence with what has ended and settled since, once that is a batch."""
    evidence = read_evidence(canary, guard)
    since, until = datetime.fromisoformat(evidence.judged_until), now - guard.settles
    calls = read_batch(canary, (guard.once, guard.outcomes, since, until), read)
    sides = {call.wearer: call.is_candidate for call in calls}
    candidates = sum(sides.values())
    is_old = until - since >= BATCH_AGE
    if not 0 < candidates < len(sides) or not (is_old or len(sides) >= BATCH_WEARERS):
        return evidence
    bad = guard.find_bad(calls)
    hits = sum(sides[wearer] for wearer in bad)
    mine = Proportion(hits, candidates)
    theirs = Proportion(len(bad) - hits, len(sides) - candidates)
    return add_batch(evidence, mine, theirs, until)


def read_batch(canary: Canary, batch: Batch, read: dict[Batch, list[Call]]) -> list[Call]:
    """Its calls; none as long as the candidate has none, before all that was asked of the live version
    meanwhile is read."""
    if batch not in read:
        rows = find_batch(canary, batch)
        read[batch] = read_calls(rows) if rows.filter(is_candidate=True).exists() else []
    return read[batch]


def add_batch(
    evidence: Evidence, candidate: Proportion, live: Proportion, until: datetime
) -> Evidence:
    weights = sequential.weigh_batch(candidate, live)
    return Evidence(
        judged_until=until.isoformat(),
        candidate=[evidence.candidate[0] + candidate.hits, evidence.candidate[1] + candidate.total],
        live=[evidence.live[0] + live.hits, evidence.live[1] + live.total],
        logs=[known + new for known, new in zip(evidence.logs, weights, strict=True)],
    )


def find_batch(canary: Canary, batch: Batch) -> QuerySet[CanaryCall]:
    """Calls that ended after `since`, up to `until`; where a wearer counts once, without the wearers who
    were counted."""
    once, outcomes, since, until = batch
    rows = CanaryCall.objects.filter(canary=canary, call__outcome__in=outcomes)
    found = rows.filter(call__finished_at__gt=since, call__finished_at__lte=until)
    if once:
        counted = rows.filter(call__finished_at__lte=since)
        found = found.exclude(wearer__in=counted.values("wearer"))
    return found


def read_calls(rows: QuerySet[CanaryCall]) -> list[Call]:
    """In the order in which they ended. There may be tens of thousands: columns, and no models."""
    has_violations = ExpressionWrapper(~Q(call__violations=[]), output_field=BooleanField())
    wanted = rows.order_by("call__finished_at").values_list(
        "call_id",
        "wearer",
        "is_candidate",
        Coalesce("call__outcome", Value("")),
        "call__error_code",
        has_violations,
        Coalesce("call__latency_ms", 0.0),
    )
    return [Call._make(row) for row in wanted.iterator(chunk_size=10_000)]


def count_calls(canary: Canary, *, is_candidate: bool) -> int:
    return ended_calls(canary).filter(is_candidate=is_candidate).count()


def ended_calls(canary: Canary) -> QuerySet[CanaryCall]:
    """Those that say something."""
    return CanaryCall.objects.filter(canary=canary, call__outcome__in=(SUCCEEDED, FAILED))


def explain_worse(canary: Canary, found: dict[str, Evidence]) -> str:
    """Why a canary has to go, in words; empty as long as it need not."""
    if canary.calls < MIN_CALLS:
        return ""
    for guard in GUARDS:
        evidence = found[guard.name]
        if evidence.ratio >= LIMIT and count_bad_wearers(canary, guard) >= MIN_BAD_WEARERS:
            return (
                f"{guard.title}: {describe_side(evidence.candidate)} of the candidate, "
                f"{describe_side(evidence.live)} of the live version. {evidence.ratio:.3g} times "
                f"likelier if it is worse; {LIMIT:.0f} are enough."
            )
    return ""


def count_bad_wearers(canary: Canary, guard: Guard) -> int:
    """Of the candidate, in all that was weighed."""
    evidence = read_evidence(canary, guard)
    if guard.once:
        return evidence.candidate[0]
    until = datetime.fromisoformat(evidence.judged_until)
    rows = CanaryCall.objects.filter(
        canary=canary,
        is_candidate=True,
        call__outcome__in=guard.outcomes,
        call__finished_at__lte=until,
    )
    return len(guard.find_bad(read_calls(rows)))


@dataclass(frozen=True)
class CanaryTally:
    """One guard as a row to read. `evidence` is how much likelier it all is if the candidate is worse."""

    title: str
    candidate: Proportion
    live: Proportion
    evidence: float

    @property
    def is_worse(self) -> bool:
        return self.evidence >= LIMIT

    @property
    def word(self) -> str:
        if not self.candidate.total:
            return "Nothing yet"
        return "Worse" if self.is_worse else "No proof against it"


def list_tallies(canary: Canary) -> list[CanaryTally]:
    """How a canary stood when it was checked last."""
    found = {guard.title: read_evidence(canary, guard) for guard in GUARDS}
    return [
        CanaryTally(
            title, Proportion(*evidence.candidate), Proportion(*evidence.live), evidence.ratio
        )
        for title, evidence in found.items()
    ]


def describe_side(counts: list[int]) -> str:
    bad, total = counts
    return f"{bad} of {total}"
