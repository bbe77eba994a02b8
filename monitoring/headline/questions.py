"""The three questions of the overview, each answered in one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.urls import reverse

from monitoring.drift import page, sentences
from monitoring.drift.findings import PREVIOUS
from monitoring.drift.windows import current_window
from monitoring.figures.reading import Period
from monitoring.headline.answers import Answers, is_slower, is_told
from monitoring.headline.levels import Input, Level, Link
from monitoring.latency import TaskLatency
from monitoring.links import VIEW_CALLS, link_calls
from monitoring.models import DriftReport


@dataclass(frozen=True)
class Question:
    """One of the three: `word` is its short answer, `rest` the reason."""

    text: str
    level: Level
    word: str
    rest: str
    links: Sequence[Link]


def ask_latency(told: Sequence[TaskLatency], figures: Input) -> Question:
    ask = partial(Question, "Is the latency increasing?")
    links = [
        Link("Latency", f"{reverse('monitoring:latency')}?span=1h", VIEW_CALLS),
    ]
    if figures.level is Level.UNKNOWN:
        return ask(Level.UNKNOWN, "Cannot tell.", "Calls are not counted.", links)
    slower = [one for one in told if is_slower(one)]
    if slower:
        return ask(Level.WATCH, "Yes.", slower[0].sentence, links)
    if not any(map(is_told, told)):
        return ask(Level.NONE, "Too few to say.", "A percentile needs 30 answers.", links)
    spoken = pick_spoken(told)
    return ask(Level.OK, "No.", spoken.sentence if spoken else "", links)


def pick_spoken(told: Sequence[TaskLatency]) -> TaskLatency | None:
    """The task that the sentence and the chart are of: one that is slower, else one that is told, with most answers."""
    drawn = [one for one in told if one.plot or is_told(one)]
    return max(
        drawn, key=lambda one: (is_slower(one), is_told(one), count_answers(one)), default=None
    )


def count_answers(one: TaskLatency) -> int:
    """Of all versions, as they are drawn."""
    return sum(row.calls for row in one.plot.rows) if one.plot else 0


def ask_drift(report: DriftReport | None, now: datetime) -> Question:
    ask = partial(Question, "Are people uploading what we did not expect?")
    verdict = sentences.say(report, now)
    links = [Link("Data drift", reverse("monitoring:drift"), "")]
    if verdict.level == "watch":
        return ask(Level.WATCH, "Yes.", verdict.sentence, links)
    if verdict.level == "ok":
        return ask(Level.OK, "No.", verdict.sentence, links)
    return ask(Level.NONE, f"{verdict.word}.", verdict.sentence, links)


def find_multiple(report: DriftReport | None) -> page.Entry | None:
    """The property with the strongest evidence against the 28 days before, as small bars."""
    if report is None:
        return None
    window = current_window(report.created_at)
    findings = [one for one in sentences.read_findings(report) if one.reference == PREVIOUS]
    entries = (page.build_entry(finding, window) for finding in findings)
    return next((entry for entry in entries if entry.columns), None)


def ask_faults(asked: Sequence[Answers], faults: Input, period: Period) -> Question:
    """Late figures have made `faults` unknown, unless it is known to be bad already."""
    ask = partial(Question, "Are people shown what is not so?")
    links = [
        Link("Accuracy", reverse("monitoring:accuracy"), VIEW_CALLS),
        Link("Shown with a fault", link_calls(period=period, seen="shown"), VIEW_CALLS),
    ]
    if faults.level is Level.UNKNOWN:
        return ask(Level.UNKNOWN, "Cannot tell.", "Calls are not counted.", links)
    if not asked:
        return ask(Level.NONE, "Nobody asked.", "No calls in the last hour.", links)
    rest = f"{faults.title} {faults.reason}".strip()
    if faults.level >= Level.WATCH:
        is_on = any(one.figures.shown for one in asked if one.is_answering)
        return ask(faults.level, "Yes." if is_on else "Not now.", rest, links)
    return ask(Level.OK, "No.", rest, links)
