"""Websockets at the edge: how many may be open, and that a client which goes without a word is nobody's error.

Counted in each web process: what they cost is its memory.
"""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.http import parse_cookie
from uvicorn.protocols.utils import ClientDisconnected

from accounts.signin.sessions import find_wearer
from stores.threads import in_thread

logger = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MAXIMUM_OF_A_WEARER = 20
"""Of all pages that they have open in all their browsers."""
TOO_MANY, BUSY = 4429, 1013
"""Close codes: the wearer has too many sockets; the process has too many in all (RFC 6455's registry: try again later)."""


class SocketWearers:
    """ASGI middleware that finds `scope["user"]`, and `scope["session"]` by the cookie, unread."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        cookies = next((value for name, value in scope["headers"] if name == b"cookie"), b"")
        key = parse_cookie(cookies.decode("latin1")).get(settings.SESSION_COOKIE_NAME)
        user = await in_thread(find_wearer)(key)
        await self.app({**scope, "session": SessionStore(key), "user": user}, receive, send)


class SocketLimits:
    """ASGI middleware below the one that finds `scope["user"]`. A socket beyond a limit is opened, told why, and closed:
    one that is refused before could not be told.
    """

    def __init__(self, app: Any) -> None:
        self.app = app
        self.open_of: Counter[int | None] = Counter()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        wearer = scope["user"].pk
        code = self.find_refusal(wearer)
        if code:
            logger.info("a websocket too many", extra={"fields": {"close_code": code}})
            await refuse(receive, send, code)
            return
        self.open_of[wearer] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.open_of[wearer] -= 1
            if not self.open_of[wearer]:
                del self.open_of[wearer]

    def find_refusal(self, wearer: int | None) -> int:
        """The close code for one more; 0 if it may be."""
        if self.open_of.total() >= settings.MAXIMUM_SOCKETS:
            return BUSY
        if wearer is not None and self.open_of[wearer] >= MAXIMUM_OF_A_WEARER:
            return TOO_MANY
        return 0


async def refuse(receive: Receive, send: Send, code: int) -> None:
    if (await receive())["type"] == "websocket.connect":
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": code})


class QuietSockets:
    """ASGI middleware around everything about websockets. What is said to a client that has gone, or behind a close, is
    dropped: its consumer hears of the end by the next message and lets go.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        is_over = False

        async def say(message: Message) -> None:
            nonlocal is_over
            if is_over:
                return
            is_over = message["type"] == "websocket.close"
            try:
                await send(message)
            except ClientDisconnected:
                is_over = True

        await self.app(scope, receive, say)
