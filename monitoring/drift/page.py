"""The page's rows and small multiples, as coordinates that a template draws."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from monitoring.drift import look
from monitoring.drift.findings import DRIFTED, NEW, PREVIOUS, SMALL, TOO_FEW, USUAL, Bar, Finding
from monitoring.drift.properties import PROPERTIES, Property
from monitoring.drift.sentences import is_unlike_golden, titles
from monitoring.drift.statistics import NewCategory
from monitoring.drift.windows import Window

BASE, TOP = 92.0, 8.0
"""The bars' plot area inside a height of 112, in pixels."""
MOST_BARS = 6
LETTERS = 9

STATES = {
    NEW: ("watch", "New value"),
    DRIFTED: ("watch", "Drifted"),
    SMALL: ("ok", "Small"),
    USUAL: ("ok", "Usual"),
    TOO_FEW: ("off", "Too few"),
}


@dataclass(frozen=True)
class Row:
    """One value of a property: shares of votes in per cent, and the admin's list behind it, if there is one."""

    value: str
    now: int
    now_percent: float
    reference: int
    reference_percent: float
    address: str

    @property
    def rise(self) -> float:
        return self.now_percent - self.reference_percent


@dataclass(frozen=True)
class Column:
    """The two bars of a value: x and width in per cent, y and height in pixels."""

    label: str
    reference_x: float
    now_x: float
    middle: float
    width: float
    reference_y: float
    reference_height: float
    now_y: float
    now_height: float


@dataclass(frozen=True)
class News:
    """A value that was never seen, with all its rows behind it."""

    title: str
    seen: NewCategory
    unit: str
    address: str


@dataclass(frozen=True)
class Entry:
    """A finding as the page shows it. `photos`: how many of the value that rose can be sent to review; those of looks have a
    place of their own."""

    finding: Finding
    title: str
    against: str
    level: str
    word: str
    change: str
    rows: list[Row]
    columns: list[Column]
    top_percent: int
    photos: int


def build_entry(finding: Finding, now: Window) -> Entry:
    rows = build_rows(finding, now)
    level, word = STATES[finding.state]
    is_golden = finding.reference != PREVIOUS
    if is_unlike_golden(finding):
        word = "Unlike"
    drawn = [] if finding.state == TOO_FEW else rows[:MOST_BARS]
    top = find_top(drawn)
    return Entry(
        finding=finding,
        title=titles()[finding.name],
        against="the golden photos" if is_golden else "the 28 days before",
        level=level,
        word=word,
        change=say_change(finding, rows),
        rows=rows,
        columns=[build_column(row, i, len(rows), top) for i, row in enumerate(drawn)],
        top_percent=top,
        photos=0 if finding.name == look.NAME else len(finding.photos),
    )


def build_news(findings: list[Finding], now: Window) -> list[News]:
    properties = {one.name: one for one in PROPERTIES}
    return [
        News(
            titles()[finding.name],
            seen,
            properties[finding.name].unit,
            find_address(properties[finding.name], Bar(seen.value, 0, 0), now),
        )
        for finding in findings
        for seen in finding.new
    ]


def build_rows(finding: Finding, now: Window) -> list[Row]:
    one = next((one for one in PROPERTIES if one.name == finding.name), None)
    is_listed = finding.reference == PREVIOUS or not (one and one.read_as_golden)
    return [
        Row(
            value=bar.value,
            now=bar.now,
            now_percent=percent(bar.now, finding.wearers),
            reference=bar.reference,
            reference_percent=percent(bar.reference, finding.reference_wearers),
            address=find_address(one, bar, now) if one and is_listed else "",
        )
        for bar in finding.bars
    ]


def percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def find_address(one: Property, bar: Bar, now: Window) -> str:
    """The admin's list of the rows of the window that have this value: all of them, votes or not."""
    if not one.listing:
        return ""
    chosen = one.filter_by(bar.value, bar.low, bar.high)
    period = {"created_at__gte": now.since.isoformat(), "created_at__lt": now.until.isoformat()}
    return f"{reverse(one.listing)}?{urlencode(chosen | period)}"


def say_change(finding: Finding, rows: list[Row]) -> str:
    """The value whose share moved most, or what tells new vectors from earlier ones."""
    if finding.new:
        return f"{', '.join(one.value for one in finding.new)}: never seen"
    if finding.auc is not None:
        return f"told apart {100 * finding.auc:.0f} % of the time (AUC)"
    if finding.state not in {DRIFTED, SMALL} or not rows:
        return ""
    most = max(rows, key=lambda row: (abs(row.rise), row.rise))
    return f"{most.value}: {most.now_percent:.0f} % now, {most.reference_percent:.0f} % before"


def find_top(rows: list[Row]) -> int:
    """The scale's end in per cent: the highest bar's next ten."""
    peak = max((max(row.now_percent, row.reference_percent) for row in rows), default=0.0)
    return max(10, 10 * -(-int(peak + 0.999) // 10))


def build_column(row: Row, place: int, count: int, top: int) -> Column:
    slot = 100 / min(count, MOST_BARS)
    width = slot * 0.36
    heights = [
        round((BASE - TOP) * value / top, 2) for value in (row.reference_percent, row.now_percent)
    ]
    return Column(
        label=shorten(row.value),
        reference_x=round(slot * (place + 0.12), 2),
        now_x=round(slot * (place + 0.5), 2),
        middle=round(slot * (place + 0.5), 2),
        width=round(width, 2),
        reference_y=round(BASE - heights[0], 2),
        reference_height=heights[0],
        now_y=round(BASE - heights[1], 2),
        now_height=heights[1],
    )


def shorten(value: str) -> str:
    """Few letters that still tell values apart: bins as "<109", "109–120", "≥120", others by the letters that begin
    their words."""
    short = value.replace("below ", "<").replace("from ", "≥").replace(" to ", "–")
    if len(short) > LETTERS:
        words = re.findall(r"[^\s,()]+", short)
        short = " ".join(word[:4] for word in words[:2]) if words[1:] else short
    return short if len(short) <= LETTERS else f"{short[: LETTERS - 1]}…"
