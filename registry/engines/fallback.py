"""Composition: the next engine answers when one is away, as long as nothing was emitted yet."""

import logging
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from registry.engines import get_engine
from registry.engines.base import (
    EngineEvent,
    EngineRequest,
    EngineUnavailableError,
    OutputError,
)

logger = logging.getLogger(__name__)

COOLDOWN_S = 10.0
"""A failed engine is left alone this long; then one call probes it, and its success reopens it."""


class FallbackEngine:
    """Tries `engines` in order. An engine that is away or talks nonsense is passed over and rests; one
    that refused the input, or that has begun to speak, has decided the call."""

    def __init__(
        self, name: str = "default", *, engines: Sequence[str], cooldown_s: float = COOLDOWN_S
    ) -> None:
        self.name = name
        self.engines = tuple(engines)
        self.cooldown_s = cooldown_s
        self.resting_until: dict[str, float] = {}

    def candidates(self) -> list[str]:
        """Engines to try now: those that are well, one probe of those that have rested, the last."""
        *first, last = self.engines
        return [*filter(self.is_worth_trying, first), last]

    def is_worth_trying(self, name: str) -> bool:
        until = self.resting_until.get(name)
        if until is None:
            return True
        if until > time.monotonic():
            return False
        self.rest(name)  # This call is the probe; the others pass until it has answered.
        return True

    def rest(self, name: str) -> None:
        self.resting_until[name] = time.monotonic() + self.cooldown_s

    async def stream(self, request: EngineRequest) -> AsyncGenerator[EngineEvent, None]:
        names = self.candidates()
        for name in names:
            emitted = False
            try:
                async with aclosing(get_engine(name).stream(request)) as events:
                    async for event in events:
                        if not emitted:
                            self.resting_until.pop(name, None)
                            emitted = True
                        yield event
                return
            except (EngineUnavailableError, OutputError) as error:
                is_away = isinstance(error, EngineUnavailableError)
                if name != self.engines[-1] and (is_away or not emitted):
                    # Also after its first words: the next call shall have an answer.
                    self.rest(name)
                if emitted or name == names[-1]:
                    raise
                logger.warning("Engine %s gave no answer (%s); trying the next", name, error)
