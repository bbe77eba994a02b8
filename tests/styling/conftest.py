"""A wearer with enough to wear, a suggestion that waits to be written, and a socket to it."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date, time, timedelta
from typing import Any

import django
import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings as django_settings
from django.test import Client

# Named on the command line, this file is read before pytest-django has set Django up.
django.setup()

from accounts.models import User  # noqa: E402
from registry.engines import get_engine  # noqa: E402
from registry.prompts import live_versions  # noqa: E402
from registry.tasks import all_tasks  # noqa: E402
from stores import threads  # noqa: E402
from styling.models import Suggestion  # noqa: E402
from styling.services.requests import EventRequest, StatedWeather, open_suggestion  # noqa: E402
from styling.streaming.generation import running  # noqa: E402
from styling.streaming.transcript import get_redis  # noqa: E402
from tests.dresscode.processes import LONGEST_S  # noqa: E402
from tests.factories import load_vocabulary, make_garment, make_user, make_version, promote  # noqa: E402
from tests.styling.scripted import Script, answer_text, in_chunks  # noqa: E402
from wardrobe import vocabulary as wardrobe_vocabulary  # noqa: E402
from wardrobe.models import Garment  # noqa: E402

threads.REST_S = 0.02  # Each test waits for them to end.
PATH = "/ws/outfits/{}/"
ORIGIN = django_settings.SITE_URL.encode()


@pytest.fixture
def vocabulary(db: None) -> None:
    load_vocabulary()


@pytest.fixture
def alice(vocabulary: None) -> User:
    return make_user("alice@example.org")


@pytest.fixture
def charlie(vocabulary: None) -> User:
    return make_user("charlie@example.org")


@pytest.fixture
def clothes(alice: User) -> list[Garment]:
    """A whole outfit: shirt, trousers, boots."""
    return [
        make_garment(alice, name="Navy shirt"),
        make_garment(alice, name="Grey trousers", slot="bottom", type="pants", material="wool"),
        make_garment(alice, name="Brown boots", slot="shoes", type="boots", material="leather"),
    ]


def ask_for_outfit(owner: User, **changes: Any) -> Suggestion:
    """An open suggestion for this evening, in weather that the wearer stated."""
    event = EventRequest(
        kind="casual",
        date=changes.pop("date", date.today() + timedelta(days=1)),  # noqa: DTZ011
        starts_at=time(9),
        ends_at=time(17),
    )
    stated = StatedWeather("mild", "dry")
    return open_suggestion(
        owner=owner, **{"request_key": uuid.uuid4(), "event": event, "stated": stated, **changes}
    )


@pytest.fixture
def suggestion(alice: User, clothes: list[Garment]) -> Suggestion:
    return ask_for_outfit(alice)


@pytest.fixture
def script(
    clothes: list[Garment], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[type[Script]]:
    """The engine says the three clothes, in small pieces, unless a test changes its steps."""
    settings.INFERENCE_ENGINES = {
        "scripted": {"ENGINE": "tests.styling.scripted.ScriptedEngine"},
        "builtin": {"ENGINE": "registry.engines.builtin.BuiltinEngine"},
    }
    settings.VLLM_BASE_URL = "http://stylist.invalid"
    settings.INFERENCE_TASKS = ["styling.tasks.SuggestOutfit"]
    forget_everything()
    version = make_version(
        "suggest_outfit",
        engine="scripted",
        model={},
        sampling={},
        examples=[],
        enable_thinking=False,
    )
    promote(version)
    monkeypatch.setattr(Script, "steps", in_chunks(answer_text(clothes)))
    monkeypatch.setattr(Script, "calls", 0)
    yield Script
    forget_everything()


def forget_everything() -> None:
    """What a process remembers between two calls, and two tests must not share."""
    get_engine.cache_clear()
    all_tasks.cache_clear()
    live_versions._entries.clear()
    wardrobe_vocabulary.forget()


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    """Torn down after `settings`: whoever asks next sees the real ones."""
    yield
    forget_everything()


@pytest.fixture(autouse=True)
async def _no_generation_outlives_its_test() -> AsyncIterator[None]:
    yield
    tasks = [generation.task for generation in running.values()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(10):
        # What a cancelled task began goes on in its thread, of which no event tells.
        while threads._threads._busy:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await get_redis().aclose()


class Page(WebsocketCommunicator):
    """A page of `user` that shows `suggestion`: it keeps what it hears."""

    def __init__(self, suggestion_id: Any, session: str = "", origin: bytes = ORIGIN) -> None:
        from dresscode.asgi import application

        cookie = f"{django_settings.SESSION_COOKIE_NAME}={session}".encode()
        super().__init__(
            application,
            PATH.format(suggestion_id),
            headers=[(b"origin", origin), (b"cookie", cookie)],
        )
        self.events: list[dict[str, Any]] = []
        self.patience_s = LONGEST_S

    # channels' own versions keep every database connection open, for tests inside a transaction.
    send_input = ApplicationCommunicator.send_input
    receive_output = ApplicationCommunicator.receive_output

    async def resume(self, seq: int = 0, **fields: Any) -> None:
        await self.say({"type": "resume", "seq": seq, **fields})

    async def say(self, message: Any) -> None:
        await self.send_to(text_data=message if isinstance(message, str) else json.dumps(message))

    async def hear(self) -> dict[str, Any]:
        """The next event."""
        event: dict[str, Any] = json.loads(await self.receive_from(timeout=self.patience_s))
        self.events.append(event)
        return event

    async def hear_until(self, kind: str) -> list[dict[str, Any]]:
        while (await self.hear())["type"] != kind:
            pass
        return self.events

    async def closed_with(self) -> int:
        """The close code, whatever is heard before it."""
        while True:
            message = await self.receive_output(timeout=self.patience_s)
            if message["type"] == "websocket.close":
                return int(message["code"])

    @property
    def text(self) -> str:
        return "".join(event["text"] for event in self.events if event["type"] == "delta")

    @property
    def numbers(self) -> list[int]:
        return [event["seq"] for event in self.events]


def sign_in(user: User) -> str:
    """The key of a new session."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return str(client.cookies[django_settings.SESSION_COOKIE_NAME].value)


@pytest.fixture
async def open_page(alice: User) -> AsyncIterator[Callable[..., Any]]:
    """`await open_page(suggestion)` is a connected page of Alice; `user` makes it another's."""
    pages: list[Page] = []

    async def open_(suggestion: Suggestion | uuid.UUID, user: User | None = None) -> Page:
        session = await database_sync_to_async(sign_in)(user or alice)
        page = Page(getattr(suggestion, "pk", suggestion), session)
        connected, _ = await page.connect(timeout=page.patience_s)
        assert connected
        pages.append(page)
        return page

    yield open_
    for page in pages:
        await page.disconnect()
