"""Every log line of this process, as people and as machines read it."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dresscode.logs import JsonFormatter, TextFormatter, TraceFilter


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.addFilter(TraceFilter())
        self.texts: list[str] = []
        self.objects: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.objects.append(JsonFormatter().format(record))
        self.texts.append(TextFormatter().format(record))

    def read(self, logger: str = "") -> list[dict[str, Any]]:
        """Of one logger, or all."""
        found = map(json.loads, self.objects)
        return [line for line in found if not logger or line["logger"] == logger]

    @property
    def all(self) -> str:
        return "\n".join([*self.texts, *self.objects])


@contextmanager
def keep_lines() -> Iterator[Kept]:
    """From the lowest level on."""
    kept, root = Kept(), logging.getLogger()
    level = root.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    try:
        yield kept
    finally:
        root.removeHandler(kept)
        root.setLevel(level)
