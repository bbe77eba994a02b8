"""Gaps in words."""

from collections.abc import Sequence

from monitoring.coverage.gaps import MIN_WEARERS, Gap, Mix
from monitoring.drift.sentences import titles

ALL_COVERED = "Nothing is common among people that the golden examples hardly have."


def say(mixes: Sequence[Mix]) -> str:
    """The widest gap, or that there is none, or that it cannot be told."""
    gaps = [gap for mix in mixes for gap in mix.gaps]
    if gaps:
        return say_gap(max(gaps, key=lambda gap: gap.votes / gap.wearers))
    if any(mix.can_tell for mix in mixes):
        return ALL_COVERED
    most = max((mix.wearers for mix in mixes), default=0)
    counted = "1 wearer" if most == 1 else f"{most} wearers"
    return f"Too few to tell: {counted}, and {MIN_WEARERS} are needed."


def say_gap(gap: Gap) -> str:
    """ "3 of 132 golden examples are “cold, no scarf owned”; 26 % of wearers’ are (13 of 50)." """
    share = 100 * gap.votes / gap.wearers
    words = ", ".join(gap.words)
    return (
        f"{gap.golden} of {gap.examples} golden examples are “{words}”; "
        f"{share:.0f}\u00a0% of wearers’ are ({gap.votes} of {gap.wearers})."
    )


def say_kind(kind: str) -> str:
    """The task that was asked, or the property of photos."""
    return titles().get(kind, kind)
