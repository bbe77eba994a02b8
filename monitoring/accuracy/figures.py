"""What the page on accuracy reads: rollups by version, what wearers corrected and wore, golden answers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from feedback.models import Correction, Rating
from monitoring.figures.building import LENGTHS, floor_to
from monitoring.figures.reading import (
    Columns,
    Figures,
    Period,
    TimeSeries,
    add_codes,
    add_up_by,
    ceil_to,
    find_finest,
    find_rollups,
    find_steps,
    read_series_by,
)
from registry.evaluation.attempts import merge_attempts
from registry.evaluation.reports import count_fields
from registry.evaluation.statistics import Proportion
from registry.models import EvaluationRun, PromptVersion
from registry.selectors import list_live
from wardrobe.models import Garment
from wardrobe.services.garment_builder import find_doubtful

WHOLE = Columns(
    counts=("calls", "failed", "shown_with_fault", "stopped_by_check"),
    metrics=(),
    named=("shown", "withheld", "errors"),
)
FAULTS = Columns(counts=("calls", "shown_with_fault", "stopped_by_check"), metrics=(), named=())


def widen(period: Period, newest: datetime | None) -> Period:
    """To whole rollups, up to where calls were counted: links to calls count the same ones."""
    newest = newest or period.until
    now = max(period.until, newest)
    for length in LENGTHS.values():
        since = floor_to(period.since, length)
        if LENGTHS[find_finest(since, now)] <= length:
            break
    return Period(since, max(since, min(ceil_to(period.until, length), newest)))


@dataclass(frozen=True)
class VersionFigures:
    """One version of a task in a period.

    `corrected` are those of the garments that it described of which a wearer changed something, `asked` those of which
    the wearer was asked to look. `accepted` are outfits that were worn, of those with a word on them.
    """

    version: PromptVersion
    is_live: bool
    figures: Figures
    corrected: Proportion
    asked: Proportion
    accepted: Proportion

    @property
    def shown(self) -> Proportion:
        return Proportion(self.figures.shown_with_fault, self.figures.calls)

    @property
    def withheld(self) -> Proportion:
        return Proportion(self.figures.stopped_by_check, self.figures.calls)

    def shown_code(self, code: str) -> Proportion:
        return Proportion(self.figures.shown.get(code, 0), self.figures.calls)


def read_versions(period: Period, newest: datetime | None) -> dict[str, list[VersionFigures]]:
    """Those that were called in the period, by task, the newest first."""
    rollups = find_rollups(period.since, period.until, newest)
    held = add_up_by(rollups, "version_id", columns=WHOLE)
    live = {version.pk for version in list_live()}
    described, corrected = count_garments(period), count_corrected(period)
    rated, accepted = count_ratings(period), count_ratings(period, Rating.Verdict.ACCEPTED)
    found: dict[str, list[VersionFigures]] = {}
    versions = PromptVersion.objects.filter(pk__in=held).select_related("prompt")
    for version in versions.order_by("prompt__name", "-number"):
        pk = version.pk
        one = VersionFigures(
            version=version,
            is_live=pk in live,
            figures=held[pk],
            corrected=Proportion(corrected.get(pk, 0), described.get(pk, 0)),
            asked=Proportion(count_asked(version, period), described.get(pk, 0)),
            accepted=Proportion(accepted.get(pk, 0), rated.get(pk, 0)),
        )
        found.setdefault(version.prompt.name, []).append(one)
    return found


def read_faults(period: Period, step: timedelta) -> dict[str, TimeSeries]:
    """The calls of each step, and those with a fault, by task."""
    return read_series_by(find_steps(step, period), "task", FAULTS)


def find_described(period: Period) -> QuerySet[Garment]:
    """Garments that a model described in a period."""
    return Garment.objects.filter(
        call__isnull=False, created_at__gte=period.since, created_at__lt=period.until
    )


def count_garments(period: Period) -> dict[int, int]:
    rows = find_described(period).order_by().values_list("call__version").annotate(Count("pk"))
    return dict(rows)


def count_corrected(period: Period) -> dict[int, int]:
    garments = find_described(period).filter(corrections__isnull=False).order_by()
    return dict(garments.values_list("call__version").annotate(Count("pk", distinct=True)))


def count_asked(version: PromptVersion, period: Period) -> int:
    """By the confidence that the model gave, whatever the wearer settled since."""
    doubtful = find_doubtful(version.parameters)
    return int(find_described(period).filter(doubtful, call__version=version).count())


def count_ratings(period: Period, verdict: str = "") -> dict[int, int]:
    rows = Rating.objects.filter(updated_at__gte=period.since, updated_at__lt=period.until)
    if verdict:
        rows = rows.filter(verdict=verdict)
    rows = rows.exclude(version=None).order_by()
    return dict(rows.values_list("version").annotate(Count("pk")))


@dataclass(frozen=True)
class Group:
    """What was corrected of one kind: `corrections` in the period; `part` of the garments described in it."""

    name: str
    corrections: int
    part: Proportion


def count_by_field(period: Period) -> list[Group]:
    described = find_described(period).count()
    corrections = Correction.objects.filter(
        created_at__gte=period.since, created_at__lt=period.until
    )
    made = dict(corrections.order_by().values_list("field").annotate(Count("pk")))
    garments = find_described(period).filter(corrections__isnull=False).order_by()
    changed = dict(garments.values_list("corrections__field").annotate(Count("pk", distinct=True)))
    names = sorted({*made, *changed}, key=lambda name: -changed.get(name, 0))
    return [
        Group(name, made.get(name, 0), Proportion(changed.get(name, 0), described))
        for name in names
    ]


def count_by_format(period: Period) -> list[Group]:
    """Garments of each format of photo, and those of which something was corrected."""
    rows = (
        find_described(period)
        .order_by()
        .values_list("photo__source_format")
        .annotate(Count("pk", distinct=True), Count("corrections__garment", distinct=True))
    )
    groups = [
        Group(name or "none", changed, Proportion(changed, garments))
        for name, garments, changed in rows
    ]
    return sorted(groups, key=lambda group: -group.part.total)


def count_errors(versions: Sequence[VersionFigures]) -> list[tuple[str, int]]:
    """Calls that ended without an answer by their code, broken JSON among them; the commonest first."""
    return Counter(add_codes(one.figures.errors for one in versions)).most_common()


@dataclass(frozen=True)
class FieldAccuracy:
    """One field: `kept` of the garments in production nobody corrected, `golden` of the examples are right."""

    name: str
    kept: Proportion
    golden: Proportion

    @property
    def difference(self) -> float:
        return 100 * (self.kept.share - self.golden.share)


def compare_with_golden(one: VersionFigures, period: Period) -> list[FieldAccuracy]:
    """The fields that wearers corrected and golden labels name, of a version that was evaluated."""
    total = one.corrected.total
    golden = count_golden(one.version) if total else {}
    changed = dict(
        find_described(period)
        .filter(call__version=one.version, corrections__isnull=False)
        .order_by()
        .values_list("corrections__field")
        .annotate(Count("pk", distinct=True))
    )
    return [
        FieldAccuracy(name, Proportion(total - changed.get(name, 0), total), part)
        for name, part in sorted(golden.items())
        if name in changed
    ]


def count_golden(version: PromptVersion) -> dict[str, Proportion]:
    """Right answers by field of the newest evaluation that was completed, with any engine."""
    completed = version.evaluations.filter(ending=EvaluationRun.Ending.COMPLETED)
    run = completed.order_by("-ended_at").first()
    if run is None:
        return {}
    results = run.results.select_related("example").defer("output", "example__input")
    return count_fields(merge_attempts(list(results)))
