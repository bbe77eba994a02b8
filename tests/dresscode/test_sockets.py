"""Websockets at the edge, asked of a web process over bare sockets: how many, and clients that go without a word."""

import base64
import os
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings

from accounts.models import User
from tests.dresscode.processes import wait_until
from tests.dresscode.web_processes import Caller, sign_in, web_process
from tests.factories import make_photo, make_user
from wardrobe import notifications

pytestmark = pytest.mark.django_db(transaction=True)

IN_ALL = 24
PHOTOS = "/ws/photos/"
TEXT, CLOSE, PING = 1, 8, 9
TOO_MANY, BUSY = 4429, 1013


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("web") / "log"


@pytest.fixture(scope="module")
def port(django_db_setup: None, log: Path) -> Iterator[int]:
    with web_process(log, MAXIMUM_SOCKETS=str(IN_ALL)) as port:
        yield port


@pytest.fixture
def alice() -> User:
    return make_user("alice@example.org")


class Page(Caller):
    """A browser's page with a websocket."""

    def __init__(self, port: int, path: str, cookies: str) -> None:
        super().__init__(port)
        self.ask(
            f"GET {path}",
            Connection="Upgrade",
            Upgrade="websocket",
            Sec_WebSocket_Version=13,
            Sec_WebSocket_Key=base64.b64encode(os.urandom(16)).decode(),
            Origin=settings.SITE_URL,
            Cookie=cookies,
        )

    def open(self) -> "Page":
        assert " 101 " in self.read_head()
        return self

    def frame(self, data: bytes, kind: int = TEXT, *, whole: bool = True) -> bytes:
        """As clients send it: masked."""
        mask = os.urandom(4)
        length = (
            bytes([0x80 | len(data)]) if len(data) < 126 else struct.pack(">BH", 254, len(data))
        )
        body = bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))
        return bytes([(0x80 if whole else 0) | kind]) + length + mask + body

    def hear(self) -> tuple[int, bytes]:
        """The next frame's kind and what it says."""
        kind, length = self.read(2)
        return kind & 15, self.read(length)

    def close_code(self) -> int:
        kind, data = self.hear()
        assert kind == CLOSE, (kind, data)
        return int(struct.unpack(">H", data[:2])[0])


def read_faults(log: Path) -> list[str]:
    return [
        line
        for line in log.read_text().splitlines()
        if " ERROR " in line or "Traceback" in line or " CRITICAL " in line
    ]


ABRUPT = {
    "before the answer": lambda page: page.reset(),
    "nonsense before the answer": lambda page: (
        page.say(b"\xff" * 50),
        time.sleep(0.3),
        page.reset(),
    ),
    "a frame before the answer": lambda page: (
        page.say(page.frame(b"{}")),
        time.sleep(0.3),
        page.reset(),
    ),
    "at once": lambda page: page.open().reset(),
    "closed at once": lambda page: page.open().socket.close(),
    "within a frame": lambda page: (page.open().say(page.frame(b"x" * 90)[:20]), page.reset()),
    "after two messages": lambda page: (page.open().say(page.frame(b"{}") * 2), page.reset()),
    "two messages, listening": lambda page: (
        page.open().say(page.frame(b"{}") * 2),
        page.hear(),
        page.reset(),
    ),
    "no UTF-8": lambda page: (page.open().say(page.frame(b"\xff\xfe")), page.hear(), page.reset()),
    "an unmasked frame": lambda page: (page.open().say(b"\x81\x02{}"), page.hear(), page.reset()),
    "nonsense": lambda page: (page.open().say(b"\xff" * 50), page.hear(), page.reset()),
    "a frame too long": lambda page: (
        page.open().say(b"\x81\xff" + b"\x7f" * 8 + bytes(4)),
        page.hear(),
        page.reset(),
    ),
    "half closed": lambda page: (page.open().socket.shutdown(1), page.reset()),
    "a close code of its own": lambda page: (
        page.open().say(page.frame(struct.pack(">H", 9), CLOSE)),
        page.reset(),
    ),
}


@pytest.mark.parametrize("path", [PHOTOS, f"/ws/outfits/{uuid4()}/"], ids=["photos", "outfit"])
@pytest.mark.parametrize("way", ABRUPT)
def test_a_client_that_goes_without_a_word_is_no_error(
    port: int, alice: User, log: Path, way: str, path: str
) -> None:
    cookies = sign_in(alice)
    before = read_faults(log)
    page = Page(port, path, cookies)
    ABRUPT[way](page)
    notifications.notify_photo_changed(make_photo(alice))  # Something is to be said to it.
    with Page(port, PHOTOS, cookies).open() as other:
        other.say(other.frame(b"", PING))
        other.hear()
    assert read_faults(log) == before


def test_a_twenty_first_socket_of_a_wearer_is_told_so(port: int, alice: User, log: Path) -> None:
    cookies = sign_in(alice)
    with ExitStack() as stack:
        pages = [stack.enter_context(Page(port, PHOTOS, cookies).open()) for _ in range(20)]
        with Page(port, PHOTOS, cookies).open() as one_more:
            assert one_more.close_code() == TOO_MANY
        with Page(port, PHOTOS, sign_in(make_user("bob@example.org"))).open() as bobs:
            bobs.say(bobs.frame(b"", PING))
            assert bobs.hear()[0] == 10, "nobody else is shut out"
        pages[0].say(pages[0].frame(b"", PING))
        assert pages[0].hear()[0] == 10, "those that were there stay"
        pages.pop().reset()
        wait_until(lambda: can_open(port, cookies), "the place is free again")
    assert read_faults(log) == []


def can_open(port: int, cookies: str) -> bool:
    with Page(port, PHOTOS, cookies).open() as page:
        page.say(page.frame(b"", PING))
        return page.hear()[0] == 10


def test_in_all_there_are_no_more_than_the_setting_says(port: int, alice: User) -> None:
    wait_until(lambda: can_open(port, sign_in(alice)), "places are free")
    others = [sign_in(make_user(f"w{n}@example.org")) for n in range(3)]
    with ExitStack() as stack:
        for number in range(IN_ALL):
            stack.enter_context(Page(port, PHOTOS, others[number % 3]).open())
        with Page(port, PHOTOS, sign_in(alice)).open() as one_more:
            assert one_more.close_code() == BUSY
