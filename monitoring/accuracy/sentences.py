"""What the page on accuracy says first: of each task, and of all."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitoring.accuracy.comparison import Change, compare, say_share
from monitoring.accuracy.figures import VersionFigures
from monitoring.times.words import say_p, say_percent
from registry.evaluation.statistics import Proportion
from registry.tasks import name_code

MIN_CALLS = 30
"""Under so many calls of the live version nothing is said of it but what is certainly wrong."""


@dataclass(frozen=True)
class Verdict:
    """`level` is bad, watch, off or ok."""

    level: str
    word: str
    sentence: str


def say_task(task: str, versions: Sequence[VersionFigures], never_shown: Sequence[str]) -> Verdict:
    """The first of these that holds: the live version showed what must never be shown; it is worse than the version
    before; another version showed it; too few; all right. `versions` come newest first."""
    live = next((one for one in versions if one.is_live), None)
    if live and (code := find_never_shown(live, never_shown)):
        text = say_shown(live, code)
        return Verdict("bad", "Not all right", text)
    if live and (worse := say_worse(live, find_before(live, versions))):
        return Verdict("watch", "Watch", f"{task} {worse}.")
    for one in versions:
        if code := find_never_shown(one, never_shown):
            text = say_shown(one, code)
            return Verdict("watch", "Watch", f"{text} It is not live.")
    if live is None or live.figures.calls < MIN_CALLS:
        calls = live.figures.calls if live else 0
        text = f"{task}: too few calls to tell, {calls} of the live version."
        return Verdict("off", "Too few", text)
    if never_shown:
        part = count_never_shown(live, never_shown)
        names = " nor ".join(name_code(code, task) for code in never_shown)
        text = f"{live.version} never showed {names}: {say_share(part)}."
    else:
        text = f"{live.version} was shown with a fault in {say_share(live.shown)}."
    return Verdict("ok", "All right", text)


def say_shown(one: VersionFigures, code: str) -> str:
    """ "suggest_outfit v2 showed a garment that is not owned: 1 of 40, 2.5 %." """
    name = name_code(code, one.version.prompt.name)
    return f"{one.version} showed {name}: {say_share(one.shown_code(code))}."


def find_never_shown(one: VersionFigures, never_shown: Sequence[str]) -> str:
    """The commonest code that it showed and must not; empty for none."""
    found = [code for code in never_shown if one.figures.shown.get(code)]
    return max(found, key=lambda code: one.figures.shown[code], default="")


def count_never_shown(one: VersionFigures, never_shown: Sequence[str]) -> Proportion:
    """The commonest: a call may have shown several."""
    parts = [one.shown_code(code) for code in never_shown]
    return max(parts, key=lambda part: part.hits)


def find_before(one: VersionFigures, versions: Sequence[VersionFigures]) -> VersionFigures | None:
    """The version with the next lower number that was called in the period."""
    older = [other for other in versions if other.version.number < one.version.number]
    return max(older, key=lambda other: other.version.number, default=None)


def say_worse(live: VersionFigures, before: VersionFigures | None) -> str:
    """The first figure in which the live version is worse than the one before by more than chance; empty for none."""
    if before is None:
        return ""
    pairs = [
        ("is shown with a fault", live.shown, before.shown, True),
        ("describes garments that are corrected", live.corrected, before.corrected, True),
        ("suggests outfits that are worn", live.accepted, before.accepted, False),
    ]
    for what, now, was, is_bad_if_more in pairs:
        change = compare(now, was)
        if change.is_more if is_bad_if_more else change.is_fewer:
            rate = "more often" if is_bad_if_more else "less often"
            return (
                f"v{live.version.number} {what} {rate} than v{before.version.number}: "
                f"{say_share(now)}, was {say_percent(was.share)} ({say_p(change.p)})"
            )
    return ""


def say_change(change: Change) -> str:
    """ "more, p = 0.002", or that it cannot be told."""
    return f"{change.word}, {say_p(change.p)}" if change.p is not None else change.word


ORDER = ("bad", "watch", "off", "ok")


def say_all(verdicts: Sequence[Verdict], late: str) -> Verdict:
    """The worst task's. `late` is what is said while calls are not counted; empty otherwise."""
    worst = min(verdicts, key=lambda one: ORDER.index(one.level), default=None)
    if worst and worst.level == "bad":
        return worst
    if late:
        return Verdict("off", "Cannot tell", late)
    if worst is None:
        return Verdict("off", "Too few", "Nobody asked in this period.")
    told = [one for one in verdicts if one.level == "ok"]
    return told[0] if worst.level == "off" and told else worst
