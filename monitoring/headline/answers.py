"""Inputs of the headline: whether calls are counted, what wearers saw, and how long they waited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse

from monitoring.figures.building import LENGTHS, Grain, floor_to
from monitoring.figures.calls import Asked
from monitoring.figures.reading import Columns, Figures, Period, TimeSeries, add_up_by, is_late
from monitoring.headline.levels import Input, Level, Link, pick_worst
from monitoring.headline.live import LiveVersion
from monitoring.latency import TaskLatency, say_late
from monitoring.links import VIEW_CALLS, link_calls
from monitoring.models import Rollup
from registry.models import PromptVersion
from registry.tasks import find_never_shown, name_code

HOUR = timedelta(hours=1)
STEP = LENGTHS[Grain.FIVE_MINUTES]
ANSWERS = Columns(
    counts=(
        "calls", "succeeded", "failed", "stopped", "within_goal", "builtin", "shown_with_fault",
        "stopped_by_check",
    ),
    metrics=("latency", "first_word"),
    named=("shown", "withheld"),
)  # fmt: skip
FAULTS = Columns(counts=("calls", "shown_with_fault", "stopped_by_check"), metrics=(), named=())
SLOWER = "Slower"
"""What the page on latency calls a slowdown."""


def last_hour(now: datetime, newest: datetime | None) -> Period:
    """From whole 5 minutes on, as rollups begin, up to where calls were counted: links count the same calls."""
    since = floor_to(now - HOUR, STEP)
    return Period(since, max(since, newest or now))


def judge_figures(now: datetime, newest: datetime | None) -> Input:
    """Whether the others that read figures say anything of now."""
    if is_late(now, newest):
        reason = "Are the scheduler and a worker of maintenance running?"
        return Input("Figures", Level.UNKNOWN, say_late(now, newest), reason)
    return Input("Figures", Level.OK, "Calls are counted each minute.")


@dataclass(frozen=True)
class Answers:
    """The calls of one version in a period. `is_answering`: it still answers wearers, live or as a canary."""

    version: PromptVersion
    figures: Figures
    is_answering: bool


def find_rollups(period: Period) -> QuerySet[Rollup]:
    """Those of 5 minutes of a period that begins with one."""
    return Rollup.objects.filter(
        grain=Grain.FIVE_MINUTES, starts_at__gte=period.since, starts_at__lt=period.until
    )


def read_versions(period: Period) -> dict[Asked, Figures]:
    """The counts and times of each version."""
    return add_up_by(find_rollups(period), "task", "version_id", columns=ANSWERS)


def read_steps(period: Period) -> TimeSeries:
    """Calls and faults of all tasks together, by 5 minutes."""
    return list(add_up_by(find_rollups(period), "starts_at", columns=FAULTS).items())


def list_answers(figures: Mapping[Asked, Figures], live: Sequence[LiveVersion]) -> list[Answers]:
    """By task, the newest version first."""
    held = {version_id: found for (_, version_id), found in figures.items()}
    answering = {one.version.pk for one in live}
    answering |= {one.canary.version_id for one in live if one.canary}
    versions = PromptVersion.objects.filter(pk__in=held).select_related("prompt").defer("bundle")
    found = [Answers(version, held[version.pk], version.pk in answering) for version in versions]
    return sorted(found, key=lambda one: (one.version.prompt.name, -one.version.number))


def judge_faults(answers: Sequence[Answers], period: Period) -> Input:
    """What wearers were shown: bad is what a version that still answers must never show."""
    found = [judge_shown(one, period) for one in answers if one.figures.shown]
    calls = sum(one.figures.calls for one in answers)
    if not calls:
        return Input("Shown faults", Level.NONE, "Nobody asked in the last hour.")
    stopped = sum(one.figures.stopped_by_check for one in answers)
    text = f"0 of {calls:,} answers were shown with a fault in the last hour."
    reason = f"In {stopped:,} something was withheld." if stopped else ""
    return pick_worst(found, Input("Shown faults", Level.OK, text, reason))


def judge_shown(one: Answers, period: Period) -> Input:
    """Those that must never be shown come first, then the commonest."""
    version, shown = one.version, one.figures.shown
    never = find_never_shown(version.prompt.name)
    codes = sorted(shown, key=lambda code: (code not in never, -shown[code]))
    level = Level.BAD if one.is_answering and codes[0] in never else Level.WATCH
    verb = "shows" if one.is_answering else "showed"
    names = [name_code(code, version.prompt.name) for code in codes]
    text = f"{version} {verb} {names[0]}: {shown[codes[0]]:,} of {one.figures.calls:,} in the last hour."
    reason = "" if one.is_answering else "It answers nobody any more."
    rest = ", ".join(
        f"{name} {shown[code]:,}" for code, name in zip(codes[1:], names[1:], strict=True)
    )
    reason = " ".join(part for part in [reason, f"Besides: {rest}." if rest else ""] if part)
    address = link_calls(
        period=period,
        task=version.prompt.name,
        version=version.pk,
        violation=codes[0],
        seen="shown",
    )
    link = Link(f"The {shown[codes[0]]:,} calls", address, VIEW_CALLS)
    return Input("Shown faults", level, text, reason, link)


def is_slower(one: TaskLatency) -> bool:
    """Whether a test found a slowdown, and not only more time than the goal allows."""
    return one.word == SLOWER


def is_told(one: TaskLatency) -> bool:
    """Whether there were enough answers to say anything, wherever in the period."""
    return one.level != "off"


def judge_latency(told: Sequence[TaskLatency]) -> Input:
    """A slowdown that a test names. Answers above the goal are for the rule of alerts."""
    page = Link("Latency", reverse("monitoring:latency"), VIEW_CALLS)
    found = [
        Input("Latency", Level.WATCH, one.sentence, "", page) for one in told if is_slower(one)
    ]
    if not any(map(is_told, told)):
        return pick_worst(found, Input("Latency", Level.NONE, "Too few answers to tell.", "", page))
    return pick_worst(found, Input("Latency", Level.OK, "No task is getting slower.", "", page))


def doubt(one: Input, figures: Input) -> Input:
    """The same while calls are not counted: no green, and what is known to be wrong stays."""
    if figures.level is not Level.UNKNOWN or one.level >= Level.WATCH:
        return one
    return Input(one.name, Level.UNKNOWN, figures.title, "", one.link)
