"""Log lines that are looked for: fields in place of sentences, ids and codes in place of words.

No name, address, prompt or answer is a field.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from django.db import transaction

moves = logging.getLogger("dresscode.moves")
told: ContextVar[list[str] | None] = ContextVar("told", default=None)


@contextmanager
def collect_moves() -> Iterator[list[str]]:
    """The names of the moves that are told meanwhile."""
    found: list[str] = []
    token = told.set(found)
    try:
        yield found
    finally:
        told.reset(token)


def log_fields(logger: logging.Logger, event: str, **fields: Any) -> None:
    """One line; fields that are None or empty are left out."""
    told = {name: value for name, value in fields.items() if value not in (None, "", [])}
    logger.info("%s", event, extra={"event": event, "fields": told})


def log_move(move: str, *, actor: Any, **fields: Any) -> None:
    """Somebody, or a rule of theirs, changed what runs: one line, once it is committed.

    `actor` is a user, told by primary key; None for a job.
    """
    if (found := told.get()) is not None:
        found.append(move)
    by = getattr(actor, "pk", None)
    line = partial(log_fields, moves, move, actor=by, **fields)
    transaction.on_commit(line, robust=True)
