"""Calls, as counters and histograms: sums of the rollups of days, which are kept for ever and only grow."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from monitoring.alerts import evaluation
from monitoring.figures.buckets import PER_OCTAVE, Histogram, find_bucket
from monitoring.figures.reading import Columns, Figures, add_up_by, newest_at
from monitoring.models import Rollup
from registry.tasks import find_never_shown

COLUMNS = Columns(metrics=("latency", "first_word", "queue_wait"), named=("shown", "withheld"))
LABELS = ["task", "version", "engine", "side"]
OUTCOMES = ["succeeded", "failed", "stopped"]
BOUNDS_MS = [2.0**exponent for exponent in range(4, 18)]
"""16 ms to 131 s, each twice the one before: bounds of the rollups' own buckets, so that no count is a guess."""


class CallCollector:
    """`version` is the number, `side` the side of a canary."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        series = read_totals()
        yield from count(series)
        yield count_never_shown(series)
        yield measure(
            series,
            "dresscode_call_duration_seconds",
            "How long succeeded calls took, without deliberate pauses.",
            "latency",
        )
        yield measure(
            series,
            "dresscode_first_word_seconds",
            "How long succeeded calls took to the first word.",
            "first_word",
        )
        yield measure(
            series,
            "rq_job_wait_seconds",
            "How long the jobs of succeeded calls waited in their queue.",
            "queue_wait",
        )
        if newest := newest_at():
            age = GaugeMetricFamily("dresscode_figures_age_seconds", "How old these figures are.")
            age.add_metric([], max(0.0, (self.now - newest).total_seconds()))
            yield age


Series = list[tuple[list[str], Figures]]


def read_totals() -> Series:
    """The labels of each series, with all that ever happened to its calls."""
    days = Rollup.objects.filter(grain=Rollup.Grain.DAY)
    found = add_up_by(days, "task", "version__number", "engine", "side", columns=COLUMNS)
    return [([str(label) for label in labels], figures) for labels, figures in found.items()]


def count(series: Series) -> Iterator[Metric]:
    calls = CounterMetricFamily(
        "dresscode_calls", "Calls that somebody waited for.", labels=[*LABELS, "outcome"]
    )
    goal = CounterMetricFamily(
        "dresscode_calls_within_goal", "Calls that succeeded in time.", labels=LABELS
    )
    tokens = CounterMetricFamily(
        "dresscode_tokens", "Tokens that engines read and wrote.", labels=[*LABELS, "direction"]
    )
    violations = CounterMetricFamily(
        "dresscode_violations",
        "Calls that broke a rule: shown to somebody, or withheld.",
        labels=[*LABELS, "code", "seen"],
    )
    for labels, figures in series:
        for outcome in OUTCOMES:
            calls.add_metric([*labels, outcome], getattr(figures, outcome))
        goal.add_metric(labels, figures.within_goal)
        tokens.add_metric([*labels, "in"], figures.input_tokens)
        tokens.add_metric([*labels, "out"], figures.output_tokens)
        for seen in ("shown", "withheld"):
            for code, times in getattr(figures, seen).items():
                violations.add_metric([*labels, code, seen], times)
    yield from (calls, goal, tokens, violations)


def count_never_shown(series: Series) -> Metric:
    """A series of each code of each version that answers or ever did, from nought on: Prometheus sees no first step of a
    series that begins with it."""
    family = CounterMetricFamily(
        "dresscode_never_shown",
        "Calls that showed somebody what their task must never show.",
        labels=["task", "version", "code"],
    )
    times: Counter[tuple[str, str, str]] = Counter()
    asked = {(labels[0], labels[1]) for labels, _ in series}
    for task, version in sorted(asked | list_answering()):
        times.update({(task, version, code): 0 for code in sorted(find_never_shown(task))})
    for (task, version, *_), figures in series:
        for code in find_never_shown(task):
            times[task, version, code] += figures.shown.get(code, 0)
    for labels, count in times.items():
        family.add_metric(labels, count)
    return family


def list_answering() -> set[tuple[str, str]]:
    """Tasks and numbers of live versions and running canaries."""
    versions = evaluation.list_answering().values()
    return {(version.prompt.name, str(version.number)) for version in versions}


def measure(series: Series, name: str, help_text: str, metric: str) -> Metric:
    family = HistogramMetricFamily(name, help_text, labels=LABELS)
    for labels, figures in series:
        histogram: Histogram = getattr(figures, metric)
        family.add_metric(labels, cumulate(histogram), add_times(histogram) / 1000)
    return family


def cumulate(histogram: Histogram) -> list[tuple[str, float]]:
    """Each bound in seconds with how many times are below it; the last one has all."""
    bounds = [(str(ms / 1000), float(count_below(histogram, ms))) for ms in BOUNDS_MS]
    return [*bounds, ("+Inf", float(histogram.total))]


def count_below(histogram: Histogram, ms: float) -> int:
    """Of a bound of buckets: what is in those below it."""
    return sum(histogram.counts[: max(0, find_bucket(ms) - histogram.first)])


def add_times(histogram: Histogram) -> float:
    """Milliseconds in all, each time as the geometric middle of its bucket: at most 2.2 % from the truth."""
    indexes = enumerate(histogram.counts, start=histogram.first)
    return sum(times * 2 ** ((index + 0.5) / PER_OCTAVE) for index, times in indexes)
