"""How many wrong passwords and codes are borne: for an account, an address, a known device, and for all together.

Counted in Redis. A try is counted before it is judged, so that many at once get no more than one after the other, and
given back when it was right. Beyond its budget one try is let through after a pause, which doubles each time.

Without Redis nothing here is counted, and nobody is refused: what remains is django-axes, which counts in PostgreSQL
the wrong passwords of each account from each address.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any

from axes.helpers import get_client_ip_address
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

REMEMBERED_S = 6 * 3600
"""How long tries count: the budget is whole again after so long without one."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 60, 3600
IPV6_NETWORK_BITS = 64
"""What one household or host is given of IPv6; it can change the rest at will (RFC 6177)."""

ALARM, ALARM_S = 300, 600
"""So many wrong tries of all within so many seconds are an attack on many accounts: unknown devices get less."""
TRIES_IN_ALARM = 2

ALL = "tries:all"
LOST = (RedisError, OSError)


@dataclass(frozen=True)
class Budget:
    """`kind` and `name` say whose tries; `tries` how many of them go without a pause."""

    kind: str
    name: str
    tries: int

    @property
    def count_key(self) -> str:
        return f"tries:{self.kind}:{self.name}"

    @property
    def pause_key(self) -> str:
        return f"pause:{self.kind}:{self.name}"

    def take(self) -> int:
        """Count a try. The seconds to wait where it may not be made, else 0."""
        count = add_one(self.count_key, REMEMBERED_S)
        if count <= self.tries:
            return 0
        pause = min(FIRST_PAUSE_S * 2 ** min(count - self.tries - 1, 10), LONGEST_PAUSE_S)
        if cache.add(self.pause_key, pause, pause):
            return 0
        self.give_back()
        return read_seconds_left(self.pause_key) or pause

    def give_back(self) -> None:
        cache.decr(self.count_key)


def account(name: str) -> Budget:
    return Budget("account", name, TRIES_IN_ALARM if is_alarmed() else 10)


def address(request: HttpRequest) -> Budget:
    return Budget("address", read_network(request), TRIES_IN_ALARM if is_alarmed() else 20)


def device(name: str) -> Budget:
    """A browser that has signed in to the account before: no stranger can use its budget up."""
    return Budget("device", name, 10)


def code(user_pk: int, device: str = "") -> Budget:
    """Of the second factor: who guesses it knows the password. Six digits, one step long: five tries of a million."""
    return Budget("code", device or str(user_pk), 5)


def read_network(request: HttpRequest) -> str:
    """The address that a request comes from; of IPv6 its network."""
    found = get_client_ip_address(request) or ""
    try:
        parsed = ip_address(found)
    except ValueError:
        return found
    if not isinstance(parsed, IPv6Address):
        return found
    return str(IPv6Address(int(parsed) >> IPV6_NETWORK_BITS << IPV6_NETWORK_BITS))


@dataclass(frozen=True)
class Taken:
    """Whether a try may be made, by the seconds to wait before, and whether it was counted at all."""

    pause_s: int = 0
    is_counted: bool = True


def take_tries(budgets: Iterable[Budget]) -> Taken:
    """Count a try on each. Where one of them refuses, it counts on none."""
    taken: list[Budget] = []
    try:
        for budget in budgets:
            if seconds := budget.take():
                quietly(*((one.give_back,) for one in taken))
                return Taken(pause_s=seconds)
            taken.append(budget)
        add_one(ALL, ALARM_S)
    except LOST:
        logger.warning("tries to sign in could not be counted", exc_info=True)
        return Taken(is_counted=False)
    return Taken()


def give_back(budgets: Iterable[Budget]) -> None:
    """The try was right."""
    quietly(*((budget.give_back,) for budget in budgets), (cache.decr, ALL))


def forget(*budgets: Budget) -> None:
    """Whoever they are of has shown who they are: nothing of before counts."""
    quietly(*((cache.delete_many, [budget.count_key, budget.pause_key]) for budget in budgets))


def quietly(*calls: tuple[Any, ...]) -> None:
    for call, *values in calls:
        try:
            call(*values)
        except ValueError:  # It expired meanwhile.
            continue
        except LOST:
            logger.warning("tries to sign in could not be given back", exc_info=True)
            return


def is_alarmed() -> bool:
    try:
        return int(cache.get(ALL, 0)) > ALARM
    except LOST:
        return False


def add_one(key: str, seconds: int) -> int:
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # It expired between the two.
        return 1


def read_seconds_left(key: str) -> int:
    client = cache._cache.get_client(None, write=False)  # type: ignore[attr-defined]
    return max(int(client.ttl(cache.make_key(key))), 0)
