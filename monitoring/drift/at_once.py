"""Whether a value has just come up that nobody ever sent: looked for each minute, so that no alarm waits for the hour."""

from collections.abc import Iterator
from datetime import datetime

from monitoring.drift.findings import PREVIOUS, Finding
from monitoring.drift.properties import GARMENTS, PROPERTIES, UPLOADS, Property
from monitoring.drift.report import find_unknown
from monitoring.drift.sentences import read_findings
from monitoring.drift.windows import Window, current_window
from monitoring.models import DriftReport

INDEXED = {UPLOADS, GARMENTS}


def has_news(now: datetime) -> bool:
    """Whether a report of now would have a new value that the newest one has not, of the wearers that it read.

    Rows that came since that report are read, and the windows only for a value that none of its earlier votes had. Without a
    report there is nothing to know new values by: the hour's comes first.
    """
    report = DriftReport.objects.defer("mixes", "reviewed").first()
    if report is None or report.created_at >= now:
        return False
    findings = {one.name: one for one in read_findings(report) if one.reference == PREVIOUS}
    return any(
        list_new(one, findings[one.name], Window(report.created_at, now, findings[one.name].one_of))
        for one in list_watched(findings)
    )


def list_watched(findings: dict[str, Finding]) -> Iterator[Property]:
    """Categories of uploads and of garments, which have an index by time. What people ask about is chosen of words of ours."""
    return (
        one
        for one in PROPERTIES
        if one.name in findings and one.listing in INDEXED and not one.bins
    )


def list_new(one: Property, finding: Finding, since: Window) -> list[str]:
    seen = {str(row.value) for row in one.read(since)}
    seen -= {bar.value for bar in finding.bars if bar.reference}
    seen -= {new.value for new in finding.new}
    if not seen:
        return []
    found = find_unknown(one, current_window(since.until, one_of=since.one_of))
    return [new.value for new in found if new.value in seen]
