"""What the page on accuracy reads: rollups of calls and of opinions, and golden answers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from monitoring.figures.building import LENGTHS, Grain, floor_to
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
from monitoring.opinions.reading import Told, add_up, add_up_named
from registry.evaluation.attempts import merge_attempts
from registry.evaluation.reports import count_fields
from registry.evaluation.statistics import Proportion
from registry.models import EvaluationRun, ExampleResult, PromptVersion
from registry.selectors import list_live

NOTHING = Proportion(0, 0)
WHOLE = Columns(
    counts=("calls", "succeeded", "failed", "shown_with_fault", "stopped_by_check"),
    metrics=(),
    named=("shown", "withheld", "errors"),
)
FAULTS = Columns(counts=("calls", "shown_with_fault", "stopped_by_check"), metrics=(), named=())


def widen(period: Period, newest: datetime | None) -> Period:
    """To whole hours, or days, up to where calls were counted: links to calls and to garments count the same ones."""
    newest = newest or period.until
    now = max(period.until, newest)
    for length in (LENGTHS[Grain.HOUR], LENGTHS[Grain.DAY]):
        since = floor_to(period.since, length)
        if LENGTHS[find_finest(since, now)] <= length:
            break
    return Period(since, max(since, min(ceil_to(period.until, length), newest)))


@dataclass(frozen=True)
class VersionFigures:
    """One version of a task in a period.

    `corrected` are those of the garments that it described of which a wearer changed something, `asked` those of which
    the wearer was asked to look, `changed` by field those of which it was changed. `accepted` are outfits that were worn,
    of those with a word on them.
    """

    version: PromptVersion
    is_live: bool
    figures: Figures
    corrected: Proportion = NOTHING
    asked: Proportion = NOTHING
    accepted: Proportion = NOTHING
    changed: Counter[str] = field(default_factory=Counter)

    @property
    def shown(self) -> Proportion:
        return Proportion(self.figures.shown_with_fault, self.figures.calls)

    @property
    def withheld(self) -> Proportion:
        return Proportion(self.figures.stopped_by_check, self.figures.calls)

    def shown_code(self, code: str) -> Proportion:
        return Proportion(self.figures.shown.get(code, 0), self.figures.calls)


def read_versions(
    period: Period, newest: datetime | None, told: Sequence[Told]
) -> dict[str, list[VersionFigures]]:
    """Those that were called in the period, by task, the newest first; `told` is what people made of them."""
    rollups = find_rollups(period.since, period.until, newest)
    held = add_up_by(rollups, "version_id", columns=WHOLE)
    live = {version.pk for version in list_live()}
    found: dict[str, list[VersionFigures]] = {}
    versions = PromptVersion.objects.filter(pk__in=held).select_related("prompt")
    for version in versions.order_by("prompt__name", "-number"):
        own = [one for one in told if one.version == version.pk]
        described = add_up(own, "described")
        one = VersionFigures(
            version=version,
            is_live=version.pk in live,
            figures=held[version.pk],
            corrected=Proportion(add_up(own, "corrected"), described),
            asked=Proportion(add_up(own, "asked"), described),
            accepted=Proportion(add_up(own, "worn"), add_up(own, "rated")),
            changed=add_up_named(own, "changed"),
        )
        found.setdefault(version.prompt.name, []).append(one)
    return found


def read_faults(period: Period, step: timedelta) -> dict[str, TimeSeries]:
    """The calls of each step, and those with a fault, by task."""
    return read_series_by(find_steps(step, period), "task", FAULTS)


@dataclass(frozen=True)
class Group:
    """What was corrected of one kind: `corrections` and `decisions` of reviewers in the period; `part` of the garments
    described in it."""

    name: str
    corrections: int
    decisions: int
    part: Proportion


def count_by_field(told: Sequence[Told]) -> list[Group]:
    described, changed = add_up(told, "described"), add_up_named(told, "changed")
    made, decided = add_up_named(told, "corrections"), add_up_named(told, "decisions")
    return [
        Group(name, made[name], decided[name], Proportion(changed[name], described))
        for name in sorted({*made, *changed, *decided}, key=lambda name: (-changed[name], name))
    ]


def count_by_format(told: Sequence[Told]) -> list[Group]:
    """Garments of each format of photo, and those of which something was corrected."""
    groups = []
    for name in sorted({one.format for one in told if one.described}):
        own = [one for one in told if one.format == name]
        part = Proportion(add_up(own, "corrected"), add_up(own, "described"))
        groups.append(Group(name or "none", part.hits, 0, part))
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


def compare_with_golden(one: VersionFigures) -> list[FieldAccuracy]:
    """The fields that wearers corrected and golden labels name, of a version that was evaluated."""
    total = one.corrected.total
    golden = count_golden(one.version) if total else {}
    return [
        FieldAccuracy(name, Proportion(total - one.changed[name], total), part)
        for name, part in sorted(golden.items())
        if one.changed[name]
    ]


def count_golden(version: PromptVersion) -> Mapping[str, Proportion]:
    """Right answers by field of the newest evaluation that was completed, with any engine."""
    completed = version.evaluations.filter(ending=EvaluationRun.Ending.COMPLETED)
    run = completed.order_by("-ended_at").values_list("pk", flat=True).first()
    return {} if run is None else count_run(run)


@lru_cache(maxsize=32)
def count_run(pk: int) -> Mapping[str, Proportion]:
    """By field. What a completed run found never changes: its thousand results are read once in a process."""
    results = ExampleResult.objects.filter(run=pk).select_related("example")
    return count_fields(merge_attempts(results.defer("output", "example__input")))
