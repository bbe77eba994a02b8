"""How long a stream is waited for."""

import time


class Patience:
    """How long to wait for the next token: for the first, between two, and never past the end."""

    def __init__(self, first_s: float, between_s: float, total_s: float) -> None:
        now = time.monotonic()
        self.until = now + first_s
        self.end = now + total_s
        self.between_s = between_s

    def left_s(self) -> float:
        return max(0.0, min(self.until, self.end) - time.monotonic())

    def renew(self) -> None:
        self.until = time.monotonic() + self.between_s

    def shorten(self, seconds: float) -> None:
        self.end = min(self.end, time.monotonic() + seconds)

    def forgive(self, seconds: float) -> None:
        """A slow reader's time is not the engine's."""
        self.until += seconds
