"""How long answers take: for each task a sentence, its figures beside what is usual, and a chart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitoring import plots
from monitoring.figures.building import LENGTHS, floor_to
from monitoring.figures.calls import Asked, CallStats, make_stats
from monitoring.figures.changes import MIN_CALLS, Slowdown, find_slowdown
from monitoring.figures.reading import (
    Columns,
    Figures,
    Period,
    TimeSeries,
    add_up_by,
    find_finest,
    find_rollups,
    find_steps,
    is_late,
    pick_step,
    read_series_by,
)
from monitoring.times.comparison import Difference, compare
from monitoring.times.releases import Release, read_releases
from monitoring.times.slowest import find_slowest
from monitoring.times.steps import Step, list_steps
from monitoring.times.words import say_moment, say_ms
from registry.calls.links import link_to_calls
from registry.models import InferenceCall, PromptVersion
from registry.selectors import list_live
from registry.tasks import AnyTask, all_tasks

WEEKS = 4
"""Times are compared with those of the same hours of so many weeks."""

BRIEF = Columns(counts=("succeeded",), metrics=("latency",), named=())
SERIES = Columns(counts=("succeeded",), metrics=("latency", "first_word"), named=())
WHOLE = Columns(counts=("calls", "succeeded", "within_goal"), named=("step_calls", "step_us"))


@dataclass(frozen=True)
class Measure:
    """One row of figures: texts for now, the usual and the goal."""

    name: str
    now: str
    usual: str
    goal: str


@dataclass(frozen=True)
class Comparison:
    """Two versions of a task over the same period."""

    versions: tuple[PromptVersion, PromptVersion]
    stats: tuple[CallStats, CallStats]
    differences: list[Difference]


@dataclass(frozen=True)
class TaskLatency:
    """What the page shows of one task. `level` is ok, watch, or off with too few answers; `plot` is None with too few."""

    task: AnyTask
    level: str
    word: str
    sentence: str
    version: PromptVersion | None
    is_live: bool
    answers: int
    calls_url: str
    measures: list[Measure]
    steps: list[Step]
    plot: plots.Plot | None
    versions: list[tuple[CallStats, str]]
    comparison: Comparison | None
    slowest: list[InferenceCall]


@dataclass(frozen=True)
class Usual:
    """The same hours of the last four weeks, all versions of a task together: the times of all, and the series of each week
    moved to the period, with its latency alone."""

    figures: Figures = Figures()
    weeks: Sequence[TimeSeries] = ()


@dataclass(frozen=True)
class Reading:
    """What rollups say of a period: of each task the series of all its versions, that of each where two are compared,
    the figures of each version, the numbers of versions by primary key, what was usual, and the releases since a step
    before the period. A brief one has no times but those of whole answers, and no numbers."""

    period: Period
    counted: Period
    step: timedelta
    series: Mapping[str, TimeSeries]
    by_version: Mapping[int, TimeSeries]
    figures: Mapping[Asked, Figures]
    numbers: Mapping[int, int]
    usual: Mapping[str, Usual]
    releases: Mapping[str, Sequence[Release]]


def describe_tasks(
    period: Period,
    newest: datetime | None,
    *,
    task: str = "",
    version: PromptVersion | None = None,
    against: PromptVersion | None = None,
) -> list[TaskLatency]:
    """All tasks that there are, or the one that was chosen; those to watch come first. Calls are counted until `newest`."""
    chosen = version.prompt.name if version else task
    live = {one.prompt.name: one for one in list_live()}
    reading = read_period(period, newest, is_compared=against is not None)
    told = [
        describe_task(one, reading, version or live.get(name), live.get(name), against)
        for name, one in all_tasks().items()
        if chosen in {"", name}
    ]
    return put_worst_first(told)


def describe_briefly(
    period: Period,
    newest: datetime | None,
    *,
    figures: Mapping[Asked, Figures],
    live: Iterable[PromptVersion],
) -> list[TaskLatency]:
    """The same without figures, versions and slowest calls: a sentence and a chart of each task. `figures` are those of the
    period, and `live` the live versions, which the caller knows already."""
    answering = {one.prompt.name: one for one in live}
    reading = read_period(period, newest, known=figures)
    told = [
        describe_task(one, reading, answering.get(name), answering.get(name), is_brief=True)
        for name, one in all_tasks().items()
    ]
    return put_worst_first(told)


def put_worst_first(told: Iterable[TaskLatency]) -> list[TaskLatency]:
    return sorted(told, key=lambda one: one.level != "watch")


def read_period(
    period: Period,
    newest: datetime | None,
    *,
    is_compared: bool = False,
    known: Mapping[Asked, Figures] | None = None,
) -> Reading:
    """As many queries for all tasks as for one, and as many for millions of calls as for none. What is read for `known`
    figures of the period is brief."""
    now = max(period.until, newest) if newest else period.until
    step = pick_step(period.since, period.until, now)
    steps = find_steps(step, period)
    finest = LENGTHS[find_finest(period.since, now)]
    figures = read_versions(period, newest) if known is None else known
    return Reading(
        period=period,
        counted=Period(floor_to(period.since, finest), period.until),
        step=step,
        series=read_series_by(steps, "task", SERIES),
        by_version=read_series_by(steps, "version_id", SERIES) if is_compared else {},
        figures=figures,
        numbers=read_numbers(pk for _, pk in figures) if known is None else {},
        usual=read_usual(period, WHOLE if known is None else BRIEF),
        releases=read_releases(period.since - step, period.until),
    )


def read_versions(period: Period, newest: datetime | None) -> dict[Asked, Figures]:
    rollups = find_rollups(period.since, period.until, newest)
    return add_up_by(rollups, "task", "version_id", columns=WHOLE)


def read_numbers(versions: Iterable[int]) -> dict[int, int]:
    found = PromptVersion.objects.filter(pk__in=[*versions])
    return dict(found.order_by("-number").values_list("pk", "number"))


def read_usual(period: Period, columns: Columns) -> dict[str, Usual]:
    """By task: of hours, or of days for more than two; none where a period overlaps the week before."""
    if period.length > timedelta(weeks=1):
        return {}
    step = pick_usual_step(period)
    then = [period.weeks_ago(number) for number in range(1, WEEKS + 1)]
    steps = find_steps(step, *then)
    series = read_series_by(steps, "task", BRIEF)
    figures = add_up_by(steps, "task", columns=columns)
    return {
        name: Usual(figures[name], [move(past, week, period, step) for week in then])
        for name, past in series.items()
    }


def move(past: TimeSeries, week: Period, period: Period, step: timedelta) -> TimeSeries:
    """The steps of a week, moved to the period that is compared with it."""
    later = period.since - week.since
    return [(at + later, one) for at, one in past if week.since - step < at < week.until]


def pick_usual_step(period: Period) -> timedelta:
    return timedelta(hours=1) if period.length <= timedelta(days=2) else timedelta(days=1)


def describe_task(
    task: AnyTask,
    reading: Reading,
    version: PromptVersion | None,
    live: PromptVersion | None,
    against: PromptVersion | None = None,
    *,
    is_brief: bool = False,
) -> TaskLatency:
    period, step = reading.period, reading.step
    series = reading.series.get(task.name, [])
    releases = reading.releases.get(task.name, [])
    figures = reading.figures.get((task.name, version.pk if version else 0), Figures())
    known = reading.usual.get(task.name, Usual())
    usual = known.figures
    slowdown = find_slowdown([(at, found.latency) for at, found in series])
    level, word, sentence = say_task(task, figures, usual, slowdown, releases, step, period.until)
    return TaskLatency(
        task=task,
        level=level,
        word=word,
        sentence=sentence,
        version=version,
        is_live=version is not None and version == live,
        answers=figures.succeeded,
        calls_url=link_answers(task, reading.counted, version.pk if version else None),
        measures=[] if is_brief else list_measures(task, figures, usual),
        steps=list_steps(figures, usual),
        plot=plots.build_plot(
            task,
            plots.pick_curves(series, pick_compared(reading, version, against)),
            releases,
            step,
            period,
            usual=(pick_usual_step(period), known.weeks),
        ),
        versions=[] if is_brief else list_versions(task, reading),
        comparison=compare_versions(task, reading, version, against),
        slowest=[] if is_brief else list_slowest(task, series, step),
    )


def link_answers(task: AnyTask, period: Period, version_id: int | None) -> str:
    """The calls that times are of."""
    return link_to_calls(
        task=task.name,
        version=version_id,
        outcome="succeeded",
        since=period.since,
        until=period.until,
    )


def pick_compared(
    reading: Reading, version: PromptVersion | None, against: PromptVersion | None
) -> list[tuple[PromptVersion, TimeSeries]]:
    """Two versions to draw; none where none are compared."""
    if version is None or against is None:
        return []
    return [(one, reading.by_version.get(one.pk, [])) for one in (version, against)]


def list_versions(task: AnyTask, reading: Reading) -> list[tuple[CallStats, str]]:
    """Those that answered, newest first, with the address of their calls."""
    return [
        (
            make_stats((task.name, pk), number, reading.figures[task.name, pk]),
            link_answers(task, reading.counted, pk),
        )
        for pk, number in reading.numbers.items()
        if (task.name, pk) in reading.figures
    ]


def list_slowest(task: AnyTask, series: TimeSeries, step: timedelta) -> list[InferenceCall]:
    return find_slowest(task.name, [(at, figures.latency) for at, figures in series], step)


def compare_versions(
    task: AnyTask,
    reading: Reading,
    version: PromptVersion | None,
    against: PromptVersion | None,
) -> Comparison | None:
    if version is None or against is None:
        return None
    versions = (version, against)
    first, second = (reading.figures.get((task.name, one.pk), Figures()) for one in versions)
    stats = (
        make_stats((task.name, version.pk), version.number, first),
        make_stats((task.name, against.pk), against.number, second),
    )
    return Comparison(versions, stats, compare(first, second))


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
        row("First word, p99", "first_word", 0.99),
        row("Between two words, p50", "word_gap", 0.5),
        row("Wait in the queue, p95", "queue_wait", 0.95),
    ]


def say_task(
    task: AnyTask,
    figures: Figures,
    usual: Figures,
    slowdown: Slowdown | None,
    releases: Sequence[Release],
    step: timedelta,
    now: datetime,
) -> tuple[str, str, str]:
    """State, its word, and the sentence that answers whether a task is getting slower. `figures` are of the live version."""
    if slowdown:
        was, became = slowdown.before.quantile(0.95), slowdown.after.quantile(0.95)
        since = say_beginning(slowdown, releases, step, now)
        text = f"{task.name} is slower since {since}: p95 {say_ms(became)}, was {say_ms(was)}."
        return "watch", "Slower", text
    if figures.succeeded < MIN_CALLS:
        text = f"{task.name}: too few answers to tell, {figures.succeeded}."
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
    slowdown: Slowdown, releases: Sequence[Release], step: timedelta, now: datetime
) -> str:
    """The release within a step of it, the nearest, else the time."""
    near = [one for one in releases if abs(one.at - slowdown.at) <= step]
    if not near:
        return say_moment(slowdown.at, now)
    release = min(near, key=lambda one: abs(one.at - slowdown.at))
    return f"{release.beginning} at {say_moment(release.at, now)}"


def say_late(now: datetime, newest: datetime | None) -> str:
    """What a page says in place of a verdict while calls are not counted."""
    counted = (
        f"calls were counted until {say_moment(newest, now)}"
        if newest
        else "no calls were counted yet"
    )
    return f"Cannot tell. The figures are late: {counted}."


def say_all(
    told: Sequence[TaskLatency], now: datetime, newest: datetime | None
) -> tuple[str, str, str]:
    """State, word and sentence of the page: that of the worst task. `now` is the end of the period."""
    if is_late(now, newest):
        return "wait", "Cannot tell", say_late(now, newest)
    worst = next((one for one in told if one.level == "watch"), None)
    if worst:
        return worst.level, worst.word, worst.sentence
    answered = [one for one in told if one.level == "ok"]
    if not answered:
        return "off", "Too few", "Too few answers in this period to tell."
    return "ok", "All right", "No, answers are not getting slower."
