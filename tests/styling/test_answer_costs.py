"""What an answer asks of the database, from the wish to read it to the last word."""

from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.db.backends.utils import CursorWrapper

from accounts.models import User
from styling.models import Suggestion
from tests.styling.conftest import ask_for_outfit

pytestmark = pytest.mark.django_db(transaction=True)

MOST, MOST_ALONE = 16, 7
"""Fourteen, of which nine share two round trips, and two where the words of the vocabulary are a second old."""


async def test_an_answer_is_few_queries(
    alice: User,
    suggestion: Suggestion,
    script: Any,
    open_page: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    alone: list[str] = []
    execute = CursorWrapper.execute

    def note(self: CursorWrapper, sql: Any, params: Any = None) -> Any:
        asked.append(str(sql))
        if not self.db.connection.pgconn.pipeline_status:
            alone.append(str(sql))
        return execute(self, sql, params)

    first = await open_page(suggestion)  # The SQL is written, the words are read.
    await first.resume()
    await first.hear_until("done")
    another = await database_sync_to_async(ask_for_outfit)(alice)
    page = await open_page(another)
    monkeypatch.setattr(CursorWrapper, "execute", note)
    await page.resume()
    await page.hear_until("done")
    assert len(asked) <= MOST, "\n".join(sql[:100] for sql in asked)
    assert len(alone) <= MOST_ALONE, "\n".join(sql[:100] for sql in alone)
