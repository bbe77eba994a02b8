"""What a report says in words: for the page, and for the overview."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from monitoring.drift import look
from monitoring.drift.findings import DRIFTED, GOLDEN, PREVIOUS, TOO_FEW, Finding
from monitoring.drift.properties import PROPERTIES
from monitoring.drift.statistics import NewCategory
from monitoring.drift.windows import MINIMUM_WEARERS
from monitoring.models import DriftComparison, DriftReport

LATE_AFTER = timedelta(hours=3)
"""A report is made every hour; one that is older says nothing about now."""
NAMED = 3
ALL_USUAL = "What comes in looks as it did before."


@dataclass(frozen=True)
class Verdict:
    """`level` is ok, watch or off (cannot tell)."""

    level: str
    word: str
    sentence: str
    why: str = ""


def say(report: DriftReport | None, now: datetime) -> Verdict:
    """The page's first sentence, and its reason."""
    if report is None:
        return Verdict("off", "Cannot tell", "Cannot tell: no report has been made yet.")
    if now - report.created_at > LATE_AFTER:
        return Verdict("off", "Cannot tell", say_late(report))
    return say_findings(read_findings(report))


def say_findings(findings: list[Finding]) -> Verdict:
    """What is new or drifted, else that nothing is."""
    why = say_golden(findings)
    if news := [sentence for _, sentence in list_news(findings)]:
        return Verdict("watch", "Watch", news[0], " ".join([*news[1:], why]).strip())
    previous = [one for one in findings if one.reference == PREVIOUS]
    if all(one.state == TOO_FEW for one in previous):
        return Verdict("off", "Too few", say_too_few(previous), why)
    return Verdict("ok", "All right", ALL_USUAL, why)


def read_findings(report: DriftReport | DriftComparison) -> list[Finding]:
    """Those of properties that are still watched."""
    found, watched = map(Finding.from_json, report.findings or []), titles()
    return [one for one in found if one.name in watched]


def titles() -> dict[str, str]:
    return {look.NAME: look.TITLE} | {one.name: one.title for one in PROPERTIES}


def units() -> dict[str, str]:
    return {look.NAME: "photos"} | {one.name: one.unit for one in PROPERTIES}


def find_news(report: DriftReport | None, now: datetime) -> list[tuple[str, str]]:
    """Title and text of what the operator should hear of: nothing before there is a report."""
    if report is None:
        return []
    if now - report.created_at > LATE_AFTER:
        return [("Nobody knows whether data drifted.", say_late(report))]
    return list_news(read_findings(report))


def list_news(findings: list[Finding]) -> list[tuple[str, str]]:
    """Each new value, then what drifted from the 28 days before, in one sentence."""
    news = [
        ("A value that was never seen.", say_new(finding, one))
        for finding in findings
        for one in finding.new
    ]
    names = titles()
    drifted = [
        names[one.name].split(" (")[0]
        for one in findings
        if one.state == DRIFTED and one.reference == PREVIOUS
    ]
    if drifted:
        news.append(("Data drifted.", f"Not as in the 28 days before: {join(drifted)}."))
    return news


def say_new(finding: Finding, one: NewCategory) -> str:
    title, unit = titles()[finding.name], units()[finding.name]
    return f"{title} never seen before: {one.value}, {one.uploads} {unit} of {one.wearers} wearers."


def say_golden(findings: list[Finding]) -> str:
    """The golden set is no period: what differs from it is no news, and still is to be known."""
    unlike = [titles()[one.name] for one in findings if is_unlike_golden(one)]
    return f"Unlike in the golden photos: {join(unlike)}." if unlike else ""


def is_unlike_golden(finding: Finding) -> bool:
    return finding.reference == GOLDEN and finding.is_alarm


def say_too_few(findings: list[Finding]) -> str:
    most = max((min(one.wearers, one.reference_wearers) for one in findings), default=0)
    wearers = "wearer" if most == 1 else "wearers"
    return f"Too few to tell: {most} {wearers} in one of the windows, and {MINIMUM_WEARERS} are needed."


def say_late(report: DriftReport) -> str:
    made = timezone.localtime(report.created_at)
    return f"Cannot tell: the newest report is of {made:%d %b %H:%M}, and one is made every hour."


def join(words: list[str]) -> str:
    """At most three of them, and how many there are besides."""
    lower = [word[0].lower() + word[1:] for word in words[:NAMED]]
    rest = len(words) - len(lower)
    return ", ".join([*lower, *([f"{rest} more"] if rest else [])])
