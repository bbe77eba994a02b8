"""How often a piece is worn before it goes into the wash, as a table by kind."""

from collections.abc import Mapping

from styling.stylist.comfort import SPORTING_W_M2
from styling.stylist.context import Candidate

ALWAYS = 10_000
STANDS: Mapping[str, int] = {
    "turtleneck": 2,
    "sweater": 4,
    "cardigan": 5,
    "sweatshirt": 3,
    "hoodie": 3,
    "fleece": 3,
    "waistcoat": 6,
    "pants": 3,
    "chinos": 3,
    "jeans": 5,
    "sweatpants": 2,
    "shorts": 2,
    "skirt": 3,
    "dress": 2,
    "jumpsuit": 2,
}
"""Days; what is on the skin and not named here stands one."""
BY_SLOT: Mapping[str, int] = {
    "outerwear": ALWAYS, "shoes": ALWAYS, "hat": ALWAYS, "accessory": ALWAYS, "bag": ALWAYS,
}  # fmt: skip
WORN_ON_SKIN = frozenset({"socks", "underwear"})
SPARE = 1
"""Pairs of socks, and of underwear, more than there are days."""


def count_days_worn(piece: Candidate, *, longer: bool = False) -> int:
    """Days for which a piece stands clean; `longer`: one more, for who would rather carry less."""
    days = BY_SLOT.get(piece.slot) or STANDS.get(piece.type, 1)
    return days + longer if days < ALWAYS else days


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
