"""Who may open the socket, and what happens to frames that are none of ours."""

import asyncio
import gc
import json
import logging
import time
import uuid
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.sessions.models import Session
from uvicorn.protocols.utils import ClientDisconnected

from dresscode.asgi import application
from styling import consumers
from styling.models import Suggestion
from tests.dresscode.processes import LONGEST_S
from tests.styling.conftest import PATH, Page, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

BAD_FRAMES = {
    "not JSON": ("hello", 1008),
    "half JSON": ('{"type": "resume"', 1008),
    "a list": ("[]", 1008),
    "nested": ("[" * 4000, 1008),
    "null": ("null", 1008),
    "no type": ('{"seq": 1}', 1008),
    "unknown type": ('{"type": "drop table"}', 1008),
    "type is a list": ('{"type": ["resume"]}', 1008),
    "no number": ('{"type": "resume"}', 1008),
    "negative number": ('{"type": "resume", "seq": -1}', 1008),
    "huge number": ('{"type": "resume", "seq": 1e400}', 1008),
    "far number": ('{"type": "resume", "seq": 99999999999999999999}', 1008),
    "text number": ('{"type": "resume", "seq": "1"}', 1008),
    "true": ('{"type": "resume", "seq": true}', 1008),
    "bad attempt": ('{"type": "resume", "seq": 0, "attempt": "x"}', 1008),
    "too long": (json.dumps({"type": "resume", "seq": 0, "pad": "x" * 5000}), 1009),
}


@pytest.mark.parametrize(("frame", "code"), BAD_FRAMES.values(), ids=BAD_FRAMES)
async def test_a_bad_frame_gets_one_error_and_a_close(
    suggestion: Suggestion, script: Any, open_page: Any, frame: str, code: int
) -> None:
    page = await open_page(suggestion)
    await page.say(frame)
    event = await page.hear()
    assert (event["seq"], event["type"], event["code"]) == (0, "error", "bad_message")
    assert await page.closed_with() == code
    assert script.calls == 0


async def test_bytes_are_not_understood(suggestion: Suggestion, open_page: Any) -> None:
    page = await open_page(suggestion)
    await page.send_to(bytes_data=b"\x00\xff")
    assert (await page.hear())["code"] == "bad_message"
    assert await page.closed_with() == 1003


class InOneInstant(consumers.TokenBucket):
    """As if all messages came at once: a busy machine takes them more slowly than they may come."""

    def take(self) -> bool:
        self._filled_at = time.monotonic()
        return super().take()


async def test_too_many_messages_are_refused(
    suggestion: Suggestion, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "TokenBucket", InOneInstant)
    page = await open_page(suggestion)
    for _ in range(consumers.MESSAGES_PER_S + 5):
        await page.say({"type": "stop"})
    assert await page.closed_with() == 1008


async def test_nothing_is_heard_after_the_close(
    suggestion: Suggestion, script: Any, open_page: Any
) -> None:
    page = await open_page(suggestion)
    await page.say("hello")
    await page.closed_with()
    await page.resume()
    assert await page.receive_nothing()
    assert script.calls == 0


async def test_anonymous_visitors_are_refused(suggestion: Suggestion) -> None:
    connected, _ = await Page(suggestion.pk).connect(timeout=LONGEST_S)
    assert not connected


@pytest.mark.parametrize("origin", [b"https://evil.example", b"null", b""])
async def test_pages_of_others_are_refused(
    suggestion: Suggestion, alice: Any, origin: bytes
) -> None:
    session = await database_sync_to_async(sign_in)(alice)
    connected, _ = await Page(suggestion.pk, session, origin).connect(timeout=LONGEST_S)
    assert not connected


async def test_charlie_and_a_stranger_to_the_table_get_the_same_answer(
    suggestion: Suggestion, charlie: Any, script: Any, open_page: Any
) -> None:
    answers = []
    for target in (suggestion.pk, uuid.uuid4()):
        page = await open_page(target, charlie)
        await page.resume()
        answers.append((await page.hear(), await page.closed_with()))
    assert answers[0] == answers[1]
    assert answers[0][1] == 4404
    assert script.calls == 0


async def test_charlie_cannot_stop_alices_answer(
    suggestion: Suggestion, charlie: Any, open_page: Any
) -> None:
    page = await open_page(suggestion, charlie)
    await page.say({"type": "stop"})
    assert await page.closed_with() == 4404
    row = await database_sync_to_async(Suggestion.objects.get)(pk=suggestion.pk)
    assert row.interrupt == ""


async def test_the_socket_closes_when_the_session_ends(
    suggestion: Suggestion, script: Any, open_page: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(consumers, "SESSION_CHECK_S", 1.1)
    script.steps = [asyncio.Event()]
    page = await open_page(suggestion)
    await page.resume()
    await page.hear()
    await database_sync_to_async(Session.objects.all().delete)()
    assert await page.closed_with() == 4401


async def test_a_reader_that_is_too_slow_is_let_go(
    suggestion: Suggestion, script: Any, open_page: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(consumers, "SEND_TIMEOUT_S", 0.05)

    async def stuck(self: Any, *args: Any, **kwargs: Any) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(consumers.OutfitConsumer, "send", stuck)
    page = await open_page(suggestion)
    await page.resume()
    assert await page.closed_with() == 1013


async def test_a_page_that_goes_without_a_word_is_no_error(
    suggestion: Suggestion, alice: Any, script: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """What is said to it raises from its third event on, as uvicorn does; its end is heard only later."""
    said: list[str] = []
    inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    is_gone = asyncio.Event()

    async def send(message: dict[str, Any]) -> None:
        said.append(message["type"])
        if len(said) > 3:
            is_gone.set()
            raise ClientDisconnected

    session = await database_sync_to_async(sign_in)(alice)
    cookie = f"{settings.SESSION_COOKIE_NAME}={session}"
    headers = [(b"cookie", cookie.encode()), (b"origin", settings.SITE_URL.encode())]
    scope = {"type": "websocket", "path": PATH.format(suggestion.pk), "headers": headers}
    inbox.put_nowait({"type": "websocket.connect"})
    resume = json.dumps({"type": "resume", "seq": 0, "attempt": 1})
    inbox.put_nowait({"type": "websocket.receive", "text": resume})
    page = asyncio.create_task(application(scope, inbox.get, send))
    async with asyncio.timeout(LONGEST_S):
        await is_gone.wait()
        await asyncio.sleep(0.2)
        inbox.put_nowait({"type": "websocket.disconnect", "code": 1006})
        await page
    gc.collect()  # Of a task whose exception nobody has fetched, asyncio tells as it goes.
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert len(said) == 4
