"""Time zones that a browser may name, by IANA's database."""

from functools import cache
from zoneinfo import available_timezones

OF_NOWHERE = {"Factory", "localtime", "posixrules"}


@cache
def list_zones() -> frozenset[str]:
    return frozenset(available_timezones() - OF_NOWHERE)


def read_zone(name: str) -> str:
    """The zone that was named; empty where there is none of that name."""
    return name if name in list_zones() else ""
