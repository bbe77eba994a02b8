"""Whether a failed request is sent again, and after how long."""

import random

from registry.engines.base import (
    ConnectionLostError,
    EngineOverloadedError,
    EngineUnavailableError,
)

FIRST_BACKOFF_S = 0.25
LONGEST_BACKOFF_S = 4.0


class Retries:
    """The tries of one call. Nothing is asked again once an answer has begun: it was shown.

    Backoff is exponential with full jitter, so that many who were refused at once do not come back at
    once (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
    """

    def __init__(self) -> None:
        self.has_begun = False
        self.overloads = 0
        self.was_lost = False

    def pause_after(self, error: EngineUnavailableError) -> float | None:
        """Seconds to wait before the next try; None when there shall be none."""
        if self.has_begun:
            return None
        if isinstance(error, EngineOverloadedError):
            longest = min(LONGEST_BACKOFF_S, FIRST_BACKOFF_S * 2**self.overloads)
            self.overloads += 1
            return max(error.retry_after_s, random.uniform(0, longest))  # noqa: S311
        if isinstance(error, ConnectionLostError) and not self.was_lost:
            self.was_lost = True
            return 0.0
        return None
