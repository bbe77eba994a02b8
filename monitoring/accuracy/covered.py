"""What people ask beside what the golden examples ask, as rows of the page."""

from dataclasses import dataclass

from monitoring.accuracy import links
from monitoring.accuracy.comparison import say_share
from monitoring.coverage.gaps import Gap, Mix
from monitoring.coverage.sentences import say_gap, say_kind
from monitoring.drift.windows import Window
from monitoring.links import link_row
from monitoring.times.words import say_p
from registry.evaluation.statistics import Proportion


@dataclass(frozen=True)
class GapRow:
    kind: str
    sentence: str
    p: str
    calls: list[tuple[str, str]]
    """Number and page of a few calls of that kind."""


def build_gap(gap: Gap) -> GapRow:
    pages = [link_row("registry_inferencecall", pk) for pk in gap.rows]
    return GapRow(
        kind=say_kind(gap.kind),
        sentence=say_gap(gap),
        p=say_p(gap.p),
        calls=[(str(number), page) for number, page in enumerate(pages, 1)],
    )


@dataclass(frozen=True)
class MixTable:
    """Of each value the shares of wearers and of golden examples, in words."""

    title: str
    wearers: int
    rows: list[tuple[str, str, str, str]]
    """The value, its shares, and the list of what wearers uploaded with it, where there is one."""


def build_mix(mix: Mix, window: Window) -> MixTable:
    rows = [
        (
            word,
            say_share(Proportion(votes, mix.wearers)),
            say_share(Proportion(golden, mix.examples)),
            links.link_value(mix.kind, word, window),
        )
        for word, votes, golden in mix.rows
    ]
    return MixTable(say_kind(mix.kind), mix.wearers, rows)
