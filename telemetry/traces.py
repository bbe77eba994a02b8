"""One id for a piece of work, from the request that asked for it to the last line of its log.

It is a W3C trace id: https://www.w3.org/TR/trace-context/. It travels as `traceparent`, in jobs and in rows.
"""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

SHORT = 10
"""So many digits of an id are told to people: one in 10^12, which they can read to somebody."""
TRACEPARENT = re.compile(
    r"00-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})"
)
META = "traceparent"
"""The key in `job.meta` of a job queue."""


@dataclass(frozen=True)
class Trace:
    """Ids in lower-case hex, 32 and 16 digits; `span_id` is of the span that was open last."""

    trace_id: str
    span_id: str
    is_sampled: bool = True

    @property
    def number(self) -> str:
        """What is told to people."""
        return self.trace_id[:SHORT]

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{'01' if self.is_sampled else '00'}"


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def new_trace() -> Trace:
    return Trace(make_id(16), make_id(8))


def make_id(size: int) -> str:
    """Random, and never all zeros, which the standard forbids."""
    while not any(data := secrets.token_bytes(size)):
        pass
    return data.hex()


def read_traceparent(text: str) -> Trace | None:
    """None for what is none, or whose ids are zero."""
    found = TRACEPARENT.fullmatch(text)
    if found is None or not int(found["trace"], 16) or not int(found["span"], 16):
        return None
    return Trace(found["trace"], found["span"], bool(int(found["flags"], 16) & 1))


def current_trace() -> Trace | None:
    return _current.get()


def current_traceparent() -> str:
    """Empty outside of any trace."""
    trace = _current.get()
    return trace.traceparent if trace else ""


@contextmanager
def within(trace: Trace) -> Iterator[Trace]:
    """What the block does belongs to a trace."""
    token = _current.set(trace)
    try:
        yield trace
    finally:
        _current.reset(token)


def in_this_trace(function: Callable[P, T]) -> Callable[P, T]:
    """The function as a thread may call it, which begins with no trace."""
    trace = _current.get()

    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        with within(trace or new_trace()):
            return function(*args, **kwargs)

    return call


def add_number(message: str, traceparent: str = "") -> str:
    """A message to a wearer with the number by which we find what happened; of a trace, or of the current one."""
    trace = read_traceparent(traceparent) or current_trace()
    return f"{message} If you write to us, add {trace.number}." if trace else message
