"""Where the time of a call went, in milliseconds by step."""

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Self

STEP_SEGMENTS: Mapping[str, str] = {
    "queue": "c", "decode": "b", "engine": "a", "checks": "d", "database": "b",
}  # fmt: skip
"""The classes of their bars: neighbours differ."""
STEPS: Mapping[str, str] = {
    "queue": "Waited in the queue",
    "decode": "Photo decoded",
    "engine": "Engine",
    "checks": "Checks",
    "database": "Database",
}
"""What people read for each step, in the order of time: the first two are before a call. Others are not counted."""


class Steps:
    """The steps of one piece of work, none inside another: their sum is at most the time that it took."""

    def __init__(self) -> None:
        self.ms: dict[str, float] = {}

    def add(self, name: str, ms: float) -> None:
        self.ms[name] = self.ms.get(name, 0.0) + max(0.0, ms)

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self.add(name, (time.monotonic() - began) * 1000)

    def rounded(self, pauses: Mapping[str, float]) -> dict[str, float]:
        """To microseconds, rounded down, without the pauses that a step made for its readers."""
        without = {name: ms - pauses.get(name, 0.0) for name, ms in self.ms.items()}
        return {name: math.floor(max(0.0, ms) * 1000) / 1000 for name, ms in without.items()}


class Waiting:
    """The time inside its block but for its pauses, as one step: of a stream, what its events were waited for, and not
    what their reader did with them. A context of its own at each word would cost as much as the rest."""

    def __init__(self, steps: Steps, name: str) -> None:
        self._steps, self._name = steps, name
        self._waited_s = 0.0
        self._since: float | None = None

    def __enter__(self) -> Self:
        self.resume()
        return self

    def __exit__(self, *fault: object) -> None:
        self.pause()
        self._steps.add(self._name, self._waited_s * 1000)

    def pause(self) -> None:
        if self._since is not None:
            self._waited_s += time.monotonic() - self._since
            self._since = None

    def resume(self) -> None:
        self._since = time.monotonic()


_before: ContextVar[Steps | None] = ContextVar("steps_before_the_call", default=None)


@contextmanager
def collect_steps() -> Iterator[Steps]:
    """Steps before a call: the next call that the block makes takes them over, and only that one."""
    steps = Steps()
    token = _before.set(steps)
    try:
        yield steps
    finally:
        _before.reset(token)


def take_steps() -> Steps:
    """What was collected before this call; nothing is left for the next."""
    steps, before = Steps(), _before.get()
    if before is not None:
        steps.ms, before.ms = before.ms, {}
    return steps
