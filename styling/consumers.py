"""The socket of one answer: `/ws/outfits/<id>/`.

The page says `{"type": "resume", "seq": 7, "attempt": 1}` (what it heard last; 0 on a fresh page)
and gets the events after it, or `{"type": "stop"}`. Events are those of `styling.streaming.transcript`;
an event with `seq` 0 speaks of the socket and is no part of the answer.

Close codes: 4401 signed out, 4404 no such answer of yours, 1003 not text, 1008 not understood or
too fast, 1009 too long, 1011 our fault, 1013 too slow to read, or too many are open in all, 4429 too many of this
wearer's are (`dresscode.web.sockets`), 1000 all is said.
"""

import asyncio
import json
import logging
import time
from typing import Any
from uuid import UUID

from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from accounts.signin.sessions import find_wearer
from stores.threads import in_thread
from styling.streaming.leases import StreamState, find_owned
from styling.streaming.reading import follow, stop

logger = logging.getLogger(__name__)

MAX_FRAME = 4096
MESSAGES_PER_S = 10
MAX_SEQ = 1_000_000
SEND_TIMEOUT_S = 10.0
SESSION_CHECK_S = 45.0

SIGNED_OUT, NOT_FOUND = 4401, 4404
NOT_TEXT, REFUSED, TOO_LONG, OUR_FAULT, TOO_SLOW, ALL_SAID = 1003, 1008, 1009, 1011, 1013, 1000


class BadMessageError(Exception):
    def __init__(self, message: str, close_code: int = REFUSED) -> None:
        super().__init__(message)
        self.close_code = close_code


def parse_message(text: str | None, data: bytes | None) -> dict[str, Any]:
    """A message of the page, known to be well-formed. Raises BadMessageError."""
    if text is None:
        raise BadMessageError("Only text is understood here.", NOT_TEXT)
    if len(text) > MAX_FRAME:
        raise BadMessageError("That message is too long.", TOO_LONG)
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise BadMessageError("That message is not JSON.") from None
    if not isinstance(message, dict) or message.get("type") not in ("resume", "stop"):
        raise BadMessageError("That message is of no known type.")
    if message["type"] == "resume":
        check_number(message.get("seq"), "seq")
        if message.get("attempt") is not None:
            check_number(message["attempt"], "attempt")
    return message


def check_number(value: Any, name: str) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_SEQ:
        raise BadMessageError(f"{name} must be a number from 0 to {MAX_SEQ}.")


class TokenBucket:
    """Lets `rate` messages a second through, with a burst of as many."""

    def __init__(self, rate: float) -> None:
        self._rate = self._tokens = rate
        self._filled_at = time.monotonic()

    def take(self) -> bool:
        now = time.monotonic()
        self._tokens = min(self._rate, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class OutfitConsumer(AsyncWebsocketConsumer):
    """Reads on as a task, so that it stays open for "stop" and for the end of the session."""

    channel_layer_alias = ""
    """No doorbell: it hears of events by itself. The layer would subscribe to a channel in Redis for each socket."""

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Without a look at old connections before each message: no handler keeps any."""
        await getattr(self, get_handler_name(message))(message)

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        """Without such a look, either, which takes a turn in a thread; there are no groups to leave."""
        await self.disconnect(message["code"])
        raise StopConsumer

    async def connect(self) -> None:
        self.user_id: int = getattr(self.scope["user"], "pk", None) or 0
        self.suggestion_id: UUID = self.scope["url_route"]["kwargs"]["suggestion_id"]
        self.bucket = TokenBucket(MESSAGES_PER_S)
        self.reader: asyncio.Task[None] | None = None
        self.watcher: asyncio.Task[None] | None = None
        self.is_closed = False
        self.checked_at = time.monotonic()
        self.sending_since: float | None = None
        if not self.user_id:
            await self.close(SIGNED_OUT)
            return
        await self.accept()
        self.watcher = asyncio.create_task(self.watch())

    async def disconnect(self, code: int) -> None:
        self.is_closed = True
        for task in (self.reader, self.watcher):
            if task and task is not asyncio.current_task():
                task.cancel()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.is_closed:
            return
        try:
            if not self.bucket.take():
                raise BadMessageError("That was too fast.")
            message = parse_message(text_data, bytes_data)
        except BadMessageError as error:
            await self.refuse("bad_message", str(error), error.close_code)
            return
        if not await self.is_signed_in():
            await self.hang_up(SIGNED_OUT)
        elif not (state := await in_thread(find_owned)(self.suggestion_id, self.user_id)):
            await self.refuse("not_found", "There is no such outfit.", NOT_FOUND)
        elif message["type"] == "stop":
            await stop(self.suggestion_id)
        else:
            self.start_reading(message["seq"], message.get("attempt"), state)

    def start_reading(self, seq: int, attempt: int | None, state: StreamState) -> None:
        """A second "resume" replaces the first."""
        if self.reader:
            self.reader.cancel()
        self.sending_since = None
        self.reader = asyncio.create_task(self.read(seq, attempt, state))

    async def read(self, seq: int, attempt: int | None, state: StreamState) -> None:
        events = follow(self.suggestion_id, seq=seq, attempt=attempt, state=state)
        try:
            async for event in events:
                self.sending_since = time.monotonic()
                await self.send(json.dumps(event))
                self.sending_since = None
            await self.hang_up(ALL_SAID)
        except Exception:
            logger.exception("Reading %s failed", self.suggestion_id)
            await self.hang_up(OUR_FAULT)
        finally:
            await events.aclose()

    async def watch(self) -> None:
        """Hang up on a page that takes no event, within twice `SEND_TIMEOUT_S` (a timer for each costs as much as sending
        it), and on a wearer who has signed out."""
        while True:
            await asyncio.sleep(min(SEND_TIMEOUT_S, SESSION_CHECK_S))
            now = time.monotonic()
            if self.sending_since and now - self.sending_since >= SEND_TIMEOUT_S:
                await self.hang_up(TOO_SLOW)
            elif now - self.checked_at >= SESSION_CHECK_S and not await self.is_signed_in():
                await self.hang_up(SIGNED_OUT)

    async def is_signed_in(self) -> bool:
        """Ask the session store anew: the wearer may have left in another tab a second ago."""
        if time.monotonic() - self.checked_at < 1:
            return True
        self.checked_at = time.monotonic()
        user = await in_thread(find_wearer)(self.scope["session"].session_key)
        return bool(user.pk == self.user_id)

    async def refuse(self, code: str, message: str, close_code: int) -> None:
        event = {"seq": 0, "type": "error", "code": code, "message": message}
        await self.send(json.dumps(event))
        await self.hang_up(close_code)

    async def hang_up(self, code: int) -> None:
        """Close once; the socket may be gone already."""
        if self.is_closed:
            return
        self.is_closed = True
        for task in (self.reader, self.watcher):
            if task and task is not asyncio.current_task():
                task.cancel()
        await self.close(code)
