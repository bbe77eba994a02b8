"""How long answers take: for each task a sentence, its figures beside what is usual, and a chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from monitoring import plots, selectors
from monitoring.figures.buckets import Histogram
from monitoring.figures.calls import CallStats, get_call_stats
from monitoring.figures.changes import MIN_CALLS, Slowdown, find_slowdown
from monitoring.figures.reading import (
    Figures,
    Period,
    TimeSeries,
    is_late,
    newest_at,
    pick_step,
    read_figures,
    read_series,
)
from registry.models import Deployment, PromptVersion
from registry.selectors import list_live
from registry.tasks import AnyTask, all_tasks

SPANS = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "90d": timedelta(days=90),
}
WEEKS = 4
"""Times are compared with those of the same hours of so many weeks."""


@dataclass(frozen=True)
class Measure:
    """One row of figures: texts for now, the usual and the goal."""

    name: str
    now: str
    usual: str
    goal: str


@dataclass(frozen=True)
class TaskLatency:
    """What the page shows of one task. `level` is ok, watch or off; `plot` is None without an answer."""

    task: AnyTask
    level: str
    word: str
    sentence: str
    live: PromptVersion | None
    measures: list[Measure]
    plot: plots.Plot | None
    versions: list[CallStats]


def say_ms(ms: float | None) -> str:
    """Seconds from one on, milliseconds below; the space does not break."""
    if ms is None:
        return "–"
    return f"{ms:.0f}\u00a0ms" if ms < 1000 else f"{ms / 1000:.1f}\u00a0s"


def say_moment(moment: datetime, now: datetime) -> str:
    """A clock time, with its date when it is not today."""
    moment, now = timezone.localtime(moment), timezone.localtime(now)
    return f"{moment:%H:%M}" if moment.date() == now.date() else f"{moment:%d %b %H:%M}"


def describe_tasks(period: Period) -> list[TaskLatency]:
    """All tasks that there are; those to watch come first."""
    live = {version.prompt.name: version for version in list_live()}
    stats = get_call_stats(period.since, period.until)
    told = [
        describe_task(task, live.get(name), period, [row for row in stats if row.task == name])
        for name, task in all_tasks().items()
    ]
    return sorted(told, key=lambda one: one.level != "watch")


def describe_task(
    task: AnyTask, live: PromptVersion | None, period: Period, versions: list[CallStats]
) -> TaskLatency:
    step = pick_step(period.since, period.until, period.until)
    series = read_series(period.since, period.until, step=step, task=task.name)
    moves = list(
        selectors.get_deployments(period.since - step).filter(
            prompt__name=task.name, created_at__lt=period.until
        )
    )
    figures = Figures()
    if live is not None:
        figures = read_figures(period.since, period.until, task=task.name, version_id=live.pk)
    weeks = read_usual(task.name, period)
    usual = merge_usual(weeks)
    slowdown = find_slowdown([(at, found.latency) for at, found in series])
    level, word, sentence = say_task(task, figures, usual, slowdown, moves, step, period.until)
    return TaskLatency(
        task=task,
        level=level,
        word=word,
        sentence=sentence,
        live=live,
        measures=list_measures(task, figures, usual),
        plot=plots.build_plot(
            task, series, moves, step, period, usual=(pick_usual_step(period), weeks)
        ),
        versions=versions,
    )


def read_usual(task: str, period: Period) -> list[TimeSeries]:
    """One for each of the last four weeks, all versions together, moved to this period.

    Of hours, or of days for more than two; none where a period overlaps the week before.
    """
    if period.length > timedelta(weeks=1):
        return []
    step = pick_usual_step(period)
    weeks = []
    for number in range(1, WEEKS + 1):
        then = period.weeks_ago(number)
        found = read_series(then.since, then.until, step=step, task=task)
        weeks.append([(at + timedelta(weeks=number), figures) for at, figures in found])
    return weeks


def pick_usual_step(period: Period) -> timedelta:
    return timedelta(hours=1) if period.length <= timedelta(days=2) else timedelta(days=1)


def merge_usual(weeks: Sequence[TimeSeries]) -> Figures:
    """The times alone."""
    found = [figures for week in weeks for _, figures in week]
    return Figures(
        succeeded=sum(figures.succeeded for figures in found),
        latency=Histogram.merge(figures.latency for figures in found),
        first_word=Histogram.merge(figures.first_word for figures in found),
        word_gap=Histogram.merge(figures.word_gap for figures in found),
    )


def list_measures(task: AnyTask, figures: Figures, usual: Figures) -> list[Measure]:
    goals = task.goals

    def row(name: str, metric: str, share: float, goal: str = "") -> Measure:
        now, before = getattr(figures, metric), getattr(usual, metric)
        known = before.quantile(share) if before.total >= MIN_CALLS else None
        return Measure(name, say_ms(now.quantile(share)), say_ms(known), goal)

    return [
        row("Whole answer, p50", "latency", 0.5),
        row("Whole answer, p95", "latency", 0.95, say_ms(goals.latency_ms)),
        row("Whole answer, p99", "latency", 0.99),
        row("First word, p50", "first_word", 0.5),
        row("First word, p95", "first_word", 0.95, say_ms(goals.first_word_ms)),
        row("Between two words, p50", "word_gap", 0.5),
    ]


def say_task(
    task: AnyTask,
    figures: Figures,
    usual: Figures,
    slowdown: Slowdown | None,
    moves: Sequence[Deployment],
    step: timedelta,
    now: datetime,
) -> tuple[str, str, str]:
    """State, its word, and the sentence that answers whether a task is getting slower. `figures` are of the live version."""
    if slowdown:
        was, became = slowdown.before.quantile(0.95), slowdown.after.quantile(0.95)
        since = say_beginning(slowdown, moves, step, now)
        text = f"{task.name} is slower since {since}: p95 {say_ms(became)}, was {say_ms(was)}."
        return "watch", "Slower", text
    if figures.succeeded < MIN_CALLS:
        text = f"{task.name}: too few answers to tell, {figures.succeeded} of the live version."
        return "off", "Too few", text
    p95 = say_ms(figures.latency.quantile(0.95))
    if figures.within_goal < 0.95 * figures.succeeded:
        text = (
            f"{task.name} is above its goal: {figures.within_goal:,} of {figures.succeeded:,} answers came "
            f"within {say_ms(task.goals.latency_ms)}, 95 % should; p95 is {p95}."
        )
        return "watch", "Above goal", text
    known = usual.latency.quantile(0.95) if usual.succeeded >= MIN_CALLS else None
    compared = f"; in the same hours of the last four weeks it was {say_ms(known)}" if known else ""
    return "ok", "All right", f"{task.name} is not getting slower: p95 is {p95}{compared}."


def say_beginning(
    slowdown: Slowdown, moves: Sequence[Deployment], step: timedelta, now: datetime
) -> str:
    """The release within a step of it, the nearest, else the time."""
    near = [move for move in moves if abs(move.created_at - slowdown.at) <= step]
    if not near:
        return say_moment(slowdown.at, now)
    move = min(near, key=lambda move: abs(move.created_at - slowdown.at))
    return f"v{move.to_version.number} went live at {say_moment(move.created_at, now)}"


def say_late(now: datetime) -> str:
    """What a page says in place of a verdict while calls are not counted."""
    newest = newest_at()
    counted = (
        f"calls were counted until {say_moment(newest, now)}"
        if newest
        else "no calls were counted yet"
    )
    return f"Cannot tell. The figures are late: {counted}."


def say_all(told: Sequence[TaskLatency], now: datetime) -> tuple[str, str, str]:
    """State, word and sentence of the page: that of the worst task."""
    if is_late(now):
        return "wait", "Cannot tell", say_late(now)
    worst = next((one for one in told if one.level == "watch"), None)
    if worst:
        return worst.level, worst.word, worst.sentence
    answered = [one for one in told if one.level == "ok"]
    if not answered:
        return "off", "Too few", "Too few answers in this period to tell."
    return "ok", "All right", "No, answers are not getting slower."
