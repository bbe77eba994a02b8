"""An alert's life: its states one after the other, and over time its figure beside the threshold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from monitoring.alerts.counting import CallMeasure, Observation
from monitoring.alerts.measures import MEASURES
from monitoring.alerts.sentences import find_beginning, say_counts, say_objective
from monitoring.faults import BOTTOM, SCALES, TOP
from monitoring.figures.building import floor_to
from monitoring.figures.exact import STEP
from monitoring.figures.reading import ONLY_COUNTS, Period, pick_step, read_series
from monitoring.links import prepare_call_links
from monitoring.models import Alert, AlertRule, AlertTransition
from monitoring.plots import Flag, Mark, draw_flags, make_ticks, pick_scale, place_in, say_step
from monitoring.times.words import say_percent
from registry.tasks import all_tasks

Measure = AlertRule.Measure
OUTCOMES: dict[str, str] = {
    Measure.FAILED: "failed",
    Measure.BURN: "failed",
    Measure.SLOW: "succeeded",
}
SEEN = {Measure.SHOWN, Measure.NEVER_SHOWN, Measure.WITHHELD}
AROUND = timedelta(minutes=30)
"""At least so much before it began is drawn, and after it was over."""
UNCHARTED = {Measure.ABSENCE, Measure.CORRECTED}
"""Of these the figure is in no rollups."""


@dataclass(frozen=True)
class Stage:
    """One state: `css` names its mark; x and width in percent of the chart. `figure` is what was found as it began."""

    state: str
    name: str
    css: str
    since: datetime | None
    until: datetime | None
    figure: str
    x: float
    width: float


@dataclass(frozen=True)
class Point:
    """A step of the chart and its bar: x and width in percent, y and height in pixels; none without a call."""

    at: datetime
    bad: int
    total: int
    share: str
    link: str
    bad_link: str
    x: float
    width: float
    y: float
    height: float


@dataclass(frozen=True)
class LifeChart:
    points: list[Point]
    x_ticks: list[Mark]
    top_percent: int
    threshold: str
    threshold_y: float | None
    flags: list[Flag]
    step: str
    unit: str
    summary: str


@dataclass(frozen=True)
class Life:
    stages: list[Stage]
    chart: LifeChart | None


CSS = {"ok": "ok", "pending": "pend", "firing": "fire", "recovering": "rec"}


def build_life(alert: Alert, steps: Sequence[AlertTransition], now: datetime) -> Life:
    moves = [step for step in steps if step.from_state != step.to_state]
    period = find_period(alert, now)
    return Life(
        stages=build_stages(alert, moves, period, now), chart=build_chart(alert, period, now)
    )


def find_period(alert: Alert, now: datetime) -> Period:
    before = max(AROUND, timedelta(minutes=alert.rule.window_minutes))
    until = min((alert.closed_at or now) + AROUND, now)
    return Period(floor_to(alert.created_at - before, STEP), max(until, alert.created_at + STEP))


def build_stages(
    alert: Alert, moves: Sequence[AlertTransition], period: Period, now: datetime
) -> list[Stage]:
    """From "OK" before it began up to what it is now."""
    times: list[datetime | None] = [None, *(move.at for move in moves)]
    states = ["ok", *(move.to_state for move in moves)]
    figures = ["", *(say_stage(alert, move) for move in moves)]
    ends = [*times[1:], None]
    return [
        build_stage(state, since, until, figure, period)
        for state, since, until, figure in zip(states, times, ends, figures, strict=True)
    ]


def build_stage(
    state: str, since: datetime | None, until: datetime | None, figure: str, period: Period
) -> Stage:
    left, right = place_in(period, since or period.since), place_in(period, until or period.until)
    return Stage(
        state=state,
        name=str(Alert.State(state).label),
        css=CSS[state],
        since=since,
        until=until,
        figure=figure,
        x=round(left, 2),
        width=round(right - left, 2),
    )


def say_stage(alert: Alert, move: AlertTransition) -> str:
    """ "6 of 316, 1.9 %"; empty where no share was found."""
    counts = say_counts(alert.rule, move.figures)
    if not counts or not isinstance(MEASURES[alert.rule.measure], CallMeasure):
        return counts
    return f"{counts}, {say_percent(move.figures['bad'] / move.figures['total'])}"


def say_threshold(rule: AlertRule) -> str:
    """What the figure stands beside."""
    if rule.measure == AlertRule.Measure.NEVER_SHOWN:
        return "none is allowed"
    if rule.compared_with:
        return ""
    return f"{say_objective(rule)} allowed"


def build_chart(alert: Alert, period: Period, now: datetime) -> LifeChart | None:
    """The share that is bad in each step, from rollups; None of what is not in them."""
    rule, measure = alert.rule, MEASURES[alert.rule.measure]
    if not isinstance(measure, CallMeasure) or rule.measure in UNCHARTED:
        return None
    step = pick_step(period.since, period.until, now)
    version_id = alert.version_id
    series = read_series(
        period.since,
        period.until,
        step=step,
        task=alert.task,
        version_id=version_id,
        columns=ONLY_COUNTS,
    )
    found = [(at, measure.pick(figures, rule, alert.task)) for at, figures in series]
    if not found:
        return None
    allowed = 0.0 if rule.measure == AlertRule.Measure.NEVER_SHOWN else 100 * rule.objective
    peak = max((100 * one.bad / one.total for _, one in found if one.total), default=0.0)
    top = pick_scale(SCALES, max(peak, allowed))
    link = prepare_call_links(task=alert.task, version=version_id)
    beginning, chosen = find_beginning(alert), choose_bad(rule, alert.task)
    bad, total = (sum(getattr(one, name) for _, one in found) for name in ("bad", "total"))
    return LifeChart(
        points=[build_point(at, one, step, period, top, link, chosen) for at, one in found],
        x_ticks=make_ticks(period, count=2),
        top_percent=top,
        threshold=say_threshold(rule),
        threshold_y=None if rule.compared_with or not allowed else place(allowed, top),
        flags=draw_flags([beginning] if beginning else [], lambda at: place_in(period, at)),
        step=say_step(step),
        unit=measure.unit,
        summary=f"{bad:,} of {total:,} {measure.unit} were bad. {say_threshold(rule).capitalize()}.",
    )


def choose_bad(rule: AlertRule, task: str) -> dict[str, Any]:
    """The filters of the list of calls that a rule takes for bad: of one that looks at any code those of all codes."""
    known = all_tasks().get(task)
    return {
        "outcome": OUTCOMES.get(rule.measure, ""),
        "violation": rule.code,
        "seen": rule.measure if rule.measure in SEEN else "",
        "slower": known.goals.latency_ms if known and rule.measure == Measure.SLOW else None,
    }


def place(percent: float, top: int) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * min(percent / top, 1.0), 2)


def build_point(
    at: datetime,
    one: Observation,
    step: timedelta,
    period: Period,
    top: int,
    link: Callable[..., str],
    chosen: Mapping[str, Any],
) -> Point:
    left, right = place_in(period, at), place_in(period, at + step)
    y = place(100 * one.bad / one.total, top) if one.total else BOTTOM
    return Point(
        at=at,
        bad=one.bad,
        total=one.total,
        share=say_percent(one.bad / one.total) if one.total else "–",
        link=link(since=at, until=at + step),
        bad_link=link(since=at, until=at + step, **chosen),
        x=round(left, 2),
        width=round(0.8 * (right - left), 2),
        y=y,
        height=round(BOTTOM - y, 2),
    )
