"""The page on accuracy: for each task its versions, its faults, and where its figures lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import QueryDict

from feedback.values import show_value
from monitoring.accuracy import figures, links, sentences
from monitoring.accuracy.comparison import compare, say_bound, say_share
from monitoring.accuracy.covered import build_gap, build_mix
from monitoring.accuracy.figures import FieldAccuracy, Group, VersionFigures
from monitoring.accuracy.reviewed import build_estimate
from monitoring.accuracy.sentences import Verdict, find_before, say_change
from monitoring.accuracy.versions import VersionPair, compare_versions
from monitoring.coverage.reading import MONTH, read_mixes
from monitoring.coverage.sentences import say as say_coverage
from monitoring.drift.windows import Window
from monitoring.faults import FaultChart, build_fault_chart
from monitoring.figures.reading import Period, is_late, pick_step
from monitoring.latency import say_late
from monitoring.links import link_calls, prepare_call_links
from monitoring.models import DriftReport
from monitoring.opinions.reading import Swap, Told, read_opinions, read_swaps
from monitoring.plots import pick_scale
from monitoring.times.forms import VersionsForm
from monitoring.times.releases import read_releases
from monitoring.times.words import say_percent
from registry.evaluation.statistics import Proportion
from registry.tasks import all_tasks, find_never_shown, name_code

SPANS = {
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "28d": timedelta(days=28),
    "90d": timedelta(days=90),
}
SCALES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Ends of the scale of intervals."""


class AccuracyForm(VersionsForm):
    """Two versions are compared only where both are chosen: each is beside the one before it anyway."""

    spans = SPANS
    default_span = "7d"

    def __init__(self, data: QueryDict, *, now: datetime) -> None:
        super().__init__(data, now=now)
        version: Any = self.fields["version"]
        version.empty_label = "None"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        version, against = cleaned.get("version"), cleaned.get("against")
        if version and not against and "against" not in self.errors:
            self.add_error("against", "Choose the version to compare it with.")
        elif version and version == against:
            self.add_error("against", "That is the same version.")
        return cleaned


@dataclass(frozen=True)
class Cell:
    """A share with its 95 % interval: texts, and places in percent of a scale that ends at `top`."""

    text: str
    interval: str
    low: float
    width: float
    at: float


def draw(part: Proportion, top: float) -> Cell | None:
    """None of nothing."""
    if not part.total:
        return None
    low, high = part.interval
    left, right = 100 * min(low / top, 1.0), 100 * min(high / top, 1.0)
    return Cell(
        text=say_rate(part),
        interval=f"{say_percent(low)} to {say_percent(high)}",
        low=round(left, 2),
        width=round(right - left, 2),
        at=round(100 * min(part.share / top, 1.0), 2),
    )


def say_rate(part: Proportion) -> str:
    """Beside its count: 2.3 %, or below 0.3 %."""
    return say_percent(part.share) if part.hits else f"below {say_bound(part.interval[1])}"


@dataclass(frozen=True)
class VersionRow:
    """A version beside the one before it; each link opens as many calls as its count."""

    one: VersionFigures
    before: int
    cell: Cell | None
    change: str
    corrected: str
    corrected_change: str
    accepted: str
    accepted_change: str
    asked: str
    calls_link: str
    shown_link: str
    withheld_link: str
    corrected_link: str
    asked_link: str
    accepted_link: str


@dataclass(frozen=True)
class CodeRow:
    """A rule that calls broke, of all versions: shown and withheld are never added up."""

    code: str
    name: str
    is_never_shown: bool
    shown: int
    withheld: int
    share: str
    change: str
    shown_link: str
    withheld_link: str


@dataclass(frozen=True)
class ErrorRow:
    """Calls that ended without an answer, of one code."""

    name: str
    count: int
    link: str


@dataclass(frozen=True)
class TaskAccuracy:
    name: str
    title: str
    verdict: Verdict
    top: str
    versions: list[VersionRow]
    codes: list[CodeRow]
    errors: list[ErrorRow]
    failed: int
    failed_link: str
    faults: FaultChart | None
    golden: list[FieldAccuracy]
    live: VersionFigures | None


def describe_tasks(
    period: Period, newest: datetime | None, versions: Mapping[str, list[VersionFigures]]
) -> list[TaskAccuracy]:
    """All tasks that there are; the worst comes first. Calls are counted until `newest`."""
    charts = build_charts(period, newest or period.until)
    told = [
        describe_task(name, versions.get(name, []), charts.get(name), period)
        for name in all_tasks()
    ]
    return sorted(told, key=lambda one: sentences.ORDER.index(one.verdict.level))


def build_charts(period: Period, counted_until: datetime) -> dict[str, FaultChart]:
    """Of the tasks of which an answer had a fault."""
    step = pick_step(period.since, period.until, max(period.until, counted_until))
    releases = read_releases(period.since, period.until)
    return {
        name: build_fault_chart(series, period, step, counted_until, name, releases.get(name, ()))
        for name, series in figures.read_faults(period, step).items()
        if any(one.shown_with_fault or one.stopped_by_check for _, one in series)
    }


def build_errors(name: str, versions: Sequence[VersionFigures], period: Period) -> list[ErrorRow]:
    link = prepare_call_links(period=period, task=name, outcome="failed")
    return [
        ErrorRow(name_code(code, name), count, link(error=code))
        for code, count in figures.count_errors(versions)
    ]


def describe_task(
    name: str, versions: list[VersionFigures], faults: FaultChart | None, period: Period
) -> TaskAccuracy:
    task = all_tasks()[name]
    never = list(task.never_shown)
    live = next((one for one in versions if one.is_live), None)
    peak = max((one.shown.interval[1] for one in versions if one.figures.calls), default=0.0)
    top = pick_scale(SCALES, peak)
    errors = build_errors(name, versions, period)
    return TaskAccuracy(
        name=name,
        title=task.title,
        verdict=sentences.say_task(name, versions, never),
        top=say_percent(top),
        versions=[build_version(one, versions, top, period) for one in versions],
        codes=build_codes(name, versions, never, period),
        errors=errors,
        failed=sum(one.figures.failed for one in versions),
        failed_link=link_calls(period=period, task=name, outcome="failed"),
        faults=faults,
        golden=figures.compare_with_golden(live) if live else [],
        live=live,
    )


def build_version(
    one: VersionFigures, versions: Sequence[VersionFigures], top: float, period: Period
) -> VersionRow:
    before = find_before(one, versions)
    name = one.version.prompt.name
    link = prepare_call_links(period=period, task=name, version=one.version.pk)

    def change(figure: str) -> str:
        if before is None:
            return ""
        now, was = getattr(one, figure), getattr(before, figure)
        return say_change(compare(now, was)) if now.total and was.total else ""

    return VersionRow(
        one=one,
        before=before.version.number if before else 0,
        cell=draw(one.shown, top),
        change=change("shown"),
        corrected=say_part(one.corrected),
        corrected_change=change("corrected"),
        accepted=say_part(one.accepted),
        accepted_change=change("accepted"),
        asked=say_part(one.asked),
        calls_link=link(),
        shown_link=link(seen="shown"),
        withheld_link=link(seen="withheld"),
        corrected_link=links.link_garments(
            period, call__version=one.version.pk, corrections__isnull="False"
        ),
        asked_link=links.link_garments(period, call__version=one.version.pk, was_asked="True"),
        accepted_link=links.link_worn(period, one.version.pk),
    )


def say_part(part: Proportion) -> str:
    """With its interval, except of none, which has a bound already."""
    if not part.total or not part.hits:
        return say_share(part)
    low, high = part.interval
    return f"{say_share(part)} ({say_percent(low)} to {say_percent(high)})"


def build_codes(
    name: str, versions: Sequence[VersionFigures], never: Sequence[str], period: Period
) -> list[CodeRow]:
    """What must never be shown first, seen or not; then what was shown most, then withheld most."""
    live = next((one for one in versions if one.is_live), None)
    before = find_before(live, versions) if live else None
    calls = sum(one.figures.calls for one in versions)
    shown = add(one.figures.shown for one in versions)
    withheld = add(one.figures.withheld for one in versions)
    codes = sorted(
        {*shown, *withheld, *never},
        key=lambda code: (code not in never, -shown.get(code, 0), -withheld.get(code, 0), code),
    )
    link = prepare_call_links(period=period, task=name)
    return [
        CodeRow(
            code=code,
            name=name_code(code, name),
            is_never_shown=code in never,
            shown=shown.get(code, 0),
            withheld=withheld.get(code, 0),
            share=say_share(Proportion(shown.get(code, 0), calls)),
            change=say_code_change(code, live, before),
            shown_link=link(violation=code, seen="shown"),
            withheld_link=link(violation=code, seen="withheld"),
        )
        for code in codes
    ]


def say_code_change(code: str, live: VersionFigures | None, before: VersionFigures | None) -> str:
    """Shown by the live version, against the one before."""
    if live is None or before is None:
        return ""
    return say_change(compare(live.shown_code(code), before.shown_code(code)))


def add(counts: Any) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in counts:
        for code, count in one.items():
            total[code] = total.get(code, 0) + count
    return total


@dataclass(frozen=True)
class GroupRow:
    group: Group
    text: str
    link: str


def list_fields(period: Period, told: Sequence[Told]) -> list[GroupRow]:
    return [
        GroupRow(group, say_part(group.part), links.link_corrections(period, field=group.name))
        for group in figures.count_by_field(told)
    ]


def list_formats(period: Period, told: Sequence[Told]) -> list[GroupRow]:
    return [
        GroupRow(group, say_part(group.part), links.link_format(period, group.name))
        for group in figures.count_by_format(told)
    ]


@dataclass(frozen=True)
class SwapRow:
    """What a model said, and what wearers changed it to, in words."""

    field: str
    said: str
    corrected: str
    times: int
    link: str


def build_swap(swap: Swap, period: Period) -> SwapRow:
    return SwapRow(
        field=swap.field,
        said=show_value(swap.said),
        corrected=show_value(swap.corrected),
        times=swap.times,
        link=links.link_swap(period, swap),
    )


def build_pair(
    form: AccuracyForm, versions: Mapping[str, list[VersionFigures]], period: Period
) -> VersionPair | None:
    """Of two versions that were chosen; None without any."""
    chosen = form.cleaned_data if form.is_valid() else {}
    first, second = chosen.get("version"), chosen.get("against")
    if not (first and second):
        return None
    task = first.prompt.name
    known = versions.get(task, [])
    return compare_versions(first, second, known, find_never_shown(task), period)


def build_context(query: QueryDict, now: datetime, newest: datetime | None) -> dict[str, Any]:
    """What the template shows. Calls are counted until `newest`."""
    form = AccuracyForm(query, now=now)
    period = figures.widen(form.read_period(), newest)
    opinions = read_opinions(period, newest or now)
    versions = figures.read_versions(period, newest, opinions)
    told = describe_tasks(period, newest, versions)
    verdicts = [one.verdict for one in told]
    late = say_late(now, newest) if is_late(now, newest) else ""
    report = DriftReport.objects.first()
    mixes = read_mixes(report.mixes if report else [])
    month = Window(report.created_at - MONTH, report.created_at) if report else Window(now, now)
    return {
        "form": form,
        "period": period,
        "report": report,
        "covered": say_coverage(mixes),
        "gaps": [build_gap(gap) for mix in mixes for gap in mix.gaps],
        "mixes": [build_mix(mix, month) for mix in mixes],
        "spans": SPANS,
        "span": form.span,
        "told": told,
        "pair": build_pair(form, versions, period),
        "verdict": sentences.say_all(verdicts, late),
        "reviewed": [build_estimate(one) for one in (report.reviewed if report else [])],
        "fields": list_fields(period, opinions),
        "formats": list_formats(period, opinions),
        "confusions": [
            build_swap(swap, period) for swap in read_swaps(period, newest or now, limit=12)
        ],
    }
