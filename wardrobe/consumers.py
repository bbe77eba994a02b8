"""The doorbell socket of the photo pages: `/ws/photos/`.

The server says `{"type": "photo", "id": "<uuid>"}` when a photo of the wearer changed, and nothing
else; the page then fetches the photo's card. The page says nothing: a message closes the socket.

Close codes: 4401 signed out, 1008 the page spoke, 1013 too slow to read, or too many are open in all, 4429 too many of
this wearer's are (`dresscode.web.sockets`).
"""

import asyncio
from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from accounts.signin.sessions import find_wearer
from stores.threads import in_thread
from wardrobe.notifications import owner_group

SIGNED_OUT, REFUSED, TOO_SLOW = 4401, 1008, 1013
SESSION_CHECK_S = 45.0
SEND_TIMEOUT_S = 10.0


class PhotoConsumer(AsyncJsonWebsocketConsumer):
    group = ""
    guard: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        self.user_id = self.scope["user"].pk
        if self.user_id is None:
            await self.close(SIGNED_OUT)
            return
        self.group = owner_group(self.user_id)
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()
        self.guard = asyncio.create_task(self.guard_session())

    async def disconnect(self, code: int) -> None:
        if self.guard:
            self.guard.cancel()
        if self.group:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.close(REFUSED)

    async def photo_changed(self, event: dict[str, Any]) -> None:
        """From the channel layer. Photos change rarely enough to ask for the session each time."""
        if not await self.is_signed_in():
            await self.close(SIGNED_OUT)
            return
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await self.send_json({"type": "photo", "id": event["id"]})
        except TimeoutError:
            await self.close(TOO_SLOW)

    async def guard_session(self) -> None:
        while True:
            await asyncio.sleep(SESSION_CHECK_S)
            if not await self.is_signed_in():
                await self.close(SIGNED_OUT)

    async def is_signed_in(self) -> bool:
        """Ask the session store anew: the wearer may have left in another tab."""
        user = await in_thread(find_wearer)(self.scope["session"].session_key)
        return bool(user.pk == self.user_id)
