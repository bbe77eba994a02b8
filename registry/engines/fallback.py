"""Composition: the next engine answers when one is away, as long as nothing was emitted yet."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import aclosing
from dataclasses import replace

from registry.engines import get_engine
from registry.engines.base import (
    Asked,
    Completion,
    EngineEvent,
    EngineRequest,
    EngineUnavailableError,
    ModelMissingError,
    OutputError,
)
from registry.engines.breaker import COOLDOWN_S, Breaker

logger = logging.getLogger(__name__)


class FallbackEngine:
    """Tries `engines` in order. An engine that is away or talks nonsense is passed over and rests; one
    that refused the input, or that has begun to speak, has decided the call."""

    def __init__(
        self, name: str = "default", *, engines: Sequence[str], cooldown_s: float = COOLDOWN_S
    ) -> None:
        self.name = name
        self.engines = tuple(engines)
        self.breakers = {
            engine: Breaker(engine, cooldown_s=cooldown_s) for engine in self.engines[:-1]
        }

    async def candidates(self, allowed: Collection[str] | None = None) -> list[str]:
        """Engines to try now, of those that may answer: those that are well, one that is probed, the last.

        Raises EngineUnavailableError.
        """
        known = [name for name in self.engines if is_allowed(name, allowed)]
        if not known:
            raise EngineUnavailableError("No engine may answer under this version")
        *first, last = known
        well = [name for name in first if await asyncio.to_thread(self.breakers[name].allows)]
        return [*well, last]

    async def stream(self, request: EngineRequest) -> AsyncGenerator[EngineEvent, None]:
        names = await self.candidates(request.allowed)
        wanted = next(name for name in self.engines if is_allowed(name, request.allowed))
        passed_over = "" if names[0] == wanted else EngineUnavailableError.code
        for name in names:
            breaker = self.breakers.get(name)
            emitted = False
            yield Asked(name)
            try:
                async with aclosing(get_engine(name).stream(request)) as events:
                    async for event in events:
                        if not emitted:
                            emitted = True
                            if breaker:
                                await asyncio.to_thread(breaker.close)
                        if isinstance(event, Completion):
                            event = replace(event, passed_over=passed_over)
                        yield event
                return
            except (EngineUnavailableError, OutputError) as error:
                if breaker and not emitted and isinstance(error, ModelMissingError):
                    await asyncio.to_thread(
                        breaker.close
                    )  # It is well, and answers other versions.
                elif breaker and (not emitted or isinstance(error, EngineUnavailableError)):
                    # Also after its first words: the next call shall have an answer.
                    await asyncio.to_thread(breaker.open, str(error))
                if emitted or name == names[-1]:
                    raise
                passed_over = error.code
                logger.warning("Engine %s gave no answer (%s); trying the next", name, error)


def is_allowed(engine: str, allowed: Collection[str] | None) -> bool:
    return allowed is None or engine in allowed
