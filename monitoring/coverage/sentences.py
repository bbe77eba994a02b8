"""Gaps in words."""

from monitoring.coverage.gaps import Gap
from monitoring.drift.sentences import titles

ALL_COVERED = "Nothing is common among people that the golden examples hardly have."


def say_gap(gap: Gap) -> str:
    """ "3 of 132 golden examples are cold, no scarf owned; 26 % of wearers' are (13 of 50)." """
    share = 100 * gap.votes / gap.wearers
    words = ", ".join(gap.words)
    return (
        f"{gap.golden} of {gap.examples} golden examples are “{words}”; "
        f"{share:.0f}\u00a0% of wearers’ are ({gap.votes} of {gap.wearers})."
    )


def say_kind(gap: Gap) -> str:
    """The task that was asked, or the property of photos."""
    return titles().get(gap.kind, gap.kind)
