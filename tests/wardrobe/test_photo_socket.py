"""The doorbell: who hears it, and what closes it."""

from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import User
from dresscode.asgi import application
from tests.dresscode.processes import LONGEST_S
from tests.factories import make_photo
from wardrobe import consumers, notifications
from wardrobe.models import Photo

pytestmark = pytest.mark.django_db(transaction=True)

ORIGIN = (b"origin", settings.SITE_URL.encode())


def dial(client: Client, *headers: tuple[bytes, bytes]) -> WebsocketCommunicator:
    cookies: SimpleCookie = client.cookies
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())
    own = [(b"cookie", cookie.encode()), *(headers or (ORIGIN,))]
    return WebsocketCommunicator(application, "/ws/photos/", headers=own)


@pytest.fixture
async def bells(as_alice: Client, as_charlie: Client) -> AsyncIterator[list[Any]]:
    """Alice's open socket, then Charlie's."""
    sockets = [dial(as_alice), dial(as_charlie)]
    for socket in sockets:
        assert (await socket.connect())[0]
    yield sockets
    for socket in sockets:
        await socket.disconnect()


@sync_to_async
def ring(owner: User) -> Photo:
    photo = make_photo(owner)
    notifications.notify_photo_changed(photo)
    return photo


async def test_only_the_owner_hears_that_a_photo_changed(bells: list[Any], alice: User) -> None:
    photo = await ring(alice)
    hers, his = bells
    assert await hers.receive_json_from() == {"type": "photo", "id": str(photo.pk)}
    assert await his.receive_nothing()


async def test_visitors_are_turned_away_before_the_socket_opens(db: None) -> None:
    connected, code = await dial(Client()).connect()
    assert (connected, code) == (False, 4401)


async def test_pages_of_others_are_turned_away(as_alice: Client) -> None:
    connected, _ = await dial(as_alice, (b"origin", b"https://evil.example")).connect()
    assert not connected


@pytest.mark.parametrize("frame", [{"text_data": "{}"}, {"bytes_data": b"\x00"}])
async def test_a_page_that_speaks_is_hung_up_on(bells: list[Any], frame: dict[str, Any]) -> None:
    await bells[0].send_to(**frame)
    assert (await bells[0].receive_output())["code"] == 1008


async def test_the_bell_is_silent_after_signing_out_in_another_tab(
    bells: list[Any], alice: User
) -> None:
    await Session.objects.all().adelete()
    await ring(alice)
    assert (await bells[0].receive_output())["code"] == 4401


async def test_an_idle_socket_closes_when_the_session_ends(
    as_alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "SESSION_CHECK_S", 0.05)
    socket = dial(as_alice)
    await socket.connect()
    await Session.objects.all().adelete()
    assert (await socket.receive_output(timeout=LONGEST_S))["code"] == 4401
