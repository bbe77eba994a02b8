"""How often a piece is worn on the way before it goes into the wash: as often as at home."""

from styling.stylist.comfort import SPORTING_W_M2
from styling.stylist.context import Candidate
from wardrobe.services.intervals import usual_interval

ALWAYS = 10_000
OUTLASTS = 14
"""Days; what stands longer, such as coats and hats, is not washed on the way, whatever it is worn to."""
WORN_ON_SKIN = frozenset({"socks", "underwear"})
SPARE = 1
"""Pairs of socks, and of underwear, more than there are days."""


def count_days_worn(piece: Candidate, *, own: int | None = None, longer: bool = False) -> int:
    """Days for which a piece stands clean, a wear each: by its wearer's `own` word, else as is usual for its type; 0 is
    never due. `longer`: one more, for who would rather carry less."""
    days = usual_interval(piece.type) if own is None else own
    return days + longer if 0 < days <= OUTLASTS else ALWAYS


def is_used_up(met_w_m2: float) -> bool:
    """Whether what is worn to an occasion goes into the wash at once."""
    return met_w_m2 >= SPORTING_W_M2


def number_stretches(days: int, wash_days: frozenset[int]) -> list[int]:
    """For each day, how many washes lie before it: a wash day's clothes are clean again on the next one."""
    return [sum(wash < day for wash in wash_days) for day in range(days)]


def count_pairs(days: int, wash_days: frozenset[int]) -> int:
    """Socks, or underwear, for the longest stretch without a wash, and a spare one."""
    stretches = number_stretches(days, wash_days)
    return max((stretches.count(one) for one in stretches), default=0) + SPARE
