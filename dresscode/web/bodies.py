"""How large a request's body may be, and how long it may take: before Django reads, parses or writes any of it.

The limit is that of the address and, for large ones, of who is signed in: `Content-Length` is judged before the first
byte, a body without one while it is read. Whoever is not signed in never has more than what Django keeps in memory, so
nothing of theirs is written to a disk.
"""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import DatabaseError
from django.http.cookie import parse_cookie

from accounts.signin.sessions import find_wearer
from wardrobe.photos.storage import is_full

logger = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BYTES, API_BYTES = 1024 * 1024, 256 * 1024
LARGE: dict[str, Callable[[], int]] = {
    r"/photos/add/": lambda: settings.PHOTO_MAX_BYTES * settings.PHOTO_MAX_COUNT,
    r"/you/data/import/": lambda: settings.IMPORT_MAX_BYTES,
    rf"/{settings.ADMIN_PATH}registry/promptversion/\d+/try/": lambda: settings.PHOTO_MAX_BYTES,
}
"""Addresses to which somebody signed in may send so many bytes more."""

IDLE_S = 20.0
"""Without a byte."""
GRACE_S, SLOWEST_RATE = 20.0, 8 * 1024
"""A body may take so long, and a second more for so many bytes of it: 20 MB at the pace of a bad mobile network."""
LINGER_S = 2.0
"""How long what still comes is thrown away, so that a client that only sends gets to read why it was refused."""

TOO_LARGE, TOO_SLOW, TOO_MANY_FILES, UNAVAILABLE, FULL = 413, 408, 400, 503, 507
"""Why a request is refused. The last one is answered with 503."""


class BodyLimits:
    """ASGI middleware around Django. What it refuses, Django words: `refusals.RefusalMiddleware`."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        body = Body(scope, receive)
        answer = Answer(send)
        refusal = await body.judge_length()
        if not refusal:
            try:
                await self.app(scope, body.receive, answer.send)
            except OSError as error:
                if not is_full(error) or answer.has_begun:
                    raise
                logger.exception("there is no room for the body of a request")
                body.refusal = FULL
            refusal = body.refusal
        if refusal and not answer.has_begun:
            refused = {**scope, "dresscode.refusal": refusal}
            await self.app(refused, receive_nothing(), answer.close_after(body.drain))


def receive_nothing() -> Receive:
    """As of a request without a body, whose client stays."""
    messages = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Message:
        for message in messages:
            return message
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    return receive


class Answer:
    """`has_begun`: its status is out, and cannot be changed."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_begun = False

    async def send(self, message: Message) -> None:
        self.has_begun = True
        await self._send(message)

    def close_after(self, drain: Callable[[], Awaitable[None]]) -> Send:
        """Sends all of an answer, waits for `drain`, and only then closes the connection."""

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
            elif not message.get("more_body"):
                await self.send({**message, "more_body": True})
                await drain()
                message = {"type": "http.response.body", "body": b""}
            await self.send(message)

        return send


class Body:
    """One request's, as it comes. `refusal` is set once it is too large or too slow."""

    def __init__(self, scope: Message, receive: Receive) -> None:
        self.headers = dict(scope["headers"])
        self.path = scope["path"]
        self._receive = receive
        self.limit = find_limit(self.path)
        self.got = 0
        self.began_at = time.monotonic()
        self.is_whole = False
        self.refusal = 0

    async def judge_length(self) -> int:
        """What is wrong with what it says of itself, or 0. A body that is not small is the signed-in wearer's alone."""
        length = self.headers.get(b"content-length", b"")
        size = int(length) if length.isdigit() else 0
        is_open = b"transfer-encoding" in self.headers
        large = find_large_limit(self.path)
        if large > self.limit and (size > self.limit or is_open):
            try:
                if await database_sync_to_async(is_signed_in)(self.headers):
                    self.limit = large
            except DatabaseError:
                logger.warning("nobody can tell who sends a large body", exc_info=True)
                return UNAVAILABLE
        return TOO_LARGE if size > self.limit else 0

    async def receive(self) -> Message:
        """A disconnection, for Django, once it is refused: it then drops what it has."""
        if self.is_whole:
            return await self._receive()
        if not self.refusal:
            try:
                async with asyncio.timeout(self.time_left()):
                    message = await self._receive()
            except TimeoutError:
                self.refusal = TOO_SLOW
            else:
                self.got += len(message.get("body", b""))
                self.is_whole = not message.get("more_body", False)
                if self.got <= self.limit:
                    return message
                self.refusal = TOO_LARGE
        return {"type": "http.disconnect"}

    def time_left(self) -> float:
        left = GRACE_S + self.got / SLOWEST_RATE - (time.monotonic() - self.began_at)
        return max(0.0, min(IDLE_S, left))

    async def drain(self) -> None:
        if self.is_whole or self.headers.get(b"expect"):
            return
        try:
            async with asyncio.timeout(LINGER_S):
                while (await self._receive()).get("more_body"):
                    pass
        except TimeoutError:
            pass


def find_limit(path: str) -> int:
    """Bytes that anybody may send to an address."""
    return API_BYTES if path.startswith("/api/") else BYTES


def find_large_limit(path: str) -> int:
    """Bytes that somebody signed in may send to an address; 0 where that is nothing special."""
    fitting = (size() for pattern, size in LARGE.items() if re.fullmatch(pattern, path))
    return BYTES + max(fitting, default=-BYTES)


def is_signed_in(headers: dict[bytes, bytes]) -> bool:
    """Whether the cookies are those of an open session of somebody who may sign in. Raises DatabaseError."""
    cookies = parse_cookie(headers.get(b"cookie", b"").decode("latin-1"))
    return find_wearer(cookies.get(settings.SESSION_COOKIE_NAME)).is_authenticated
