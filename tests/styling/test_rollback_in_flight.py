"""Up to fifty answers are being written when an operator rolls back: they end, begin anew, or are broken off."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from channels.db import database_sync_to_async

from registry.models import Deployment, InferenceCall, Prompt, PromptVersion
from registry.selectors import read_recalls
from registry.services import releases
from styling.streaming.generation import RESTARTED
from tests.factories import make_call, make_garment, make_user, make_version, promote
from tests.styling.conftest import Page, ask_for_outfit

pytestmark = pytest.mark.django_db(transaction=True)

STREAMS = {"drain": 20, "restart": 50, "stop": 20}
BEGINNING = '{"pieces": [], "missing": [], "reasons": [], "prose": "Wear '
END = 'what you like."}'

Watch = Callable[[str], Awaitable[list[Page]]]


@pytest.fixture
def earlier(script: Any) -> PromptVersion:
    """The version to go back to; one like it is live."""
    before = PromptVersion.objects.get()
    promote(make_version("suggest_outfit", **{**before.bundle, "user": "new"}))
    return before


@pytest.fixture
def watch_rollback(
    script: Any, earlier: PromptVersion, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> Watch:
    """Roll back in the middle of many answers, and hear all of them out."""
    monkeypatch.setattr("styling.streaming.generation.PIECES_WITHIN_S", 120.0)

    async def watch(in_flight: str) -> list[Page]:
        said_on = asyncio.Event()
        script.steps = [BEGINNING, said_on, END]
        pages = [await open_page(*await ask(number)) for number in range(STREAMS[in_flight])]
        for page in pages:
            await page.resume()
        for page in pages:
            await page.hear_until("delta")
        if in_flight != "drain":
            script.steps = [BEGINNING, END]
        await database_sync_to_async(roll_back)(earlier, in_flight)
        if in_flight == "drain":
            said_on.set()
        await asyncio.gather(*map(hear_out, pages))
        return pages

    return watch


@database_sync_to_async
def ask(number: int) -> tuple[Any, Any]:
    owner = make_user(f"wearer{number}@example.net")
    make_garment(owner, slot="accessory", type="scarf")  # No outfit is all there is to show.
    return ask_for_outfit(owner), owner


async def hear_out(page: Page) -> None:
    while page.events[-1]["type"] not in {"done", "error"}:
        await page.hear()


def roll_back(to: PromptVersion, in_flight: str) -> None:
    alias = to.prompt.production()
    assert alias is not None
    releases.roll_back(
        prompt=to.prompt,
        to_version=to,
        actor=None,
        reason="worse",
        expected_epoch=alias.epoch,
        in_flight=in_flight,
    )


@database_sync_to_async
def count_outcomes() -> Counter[tuple[str, int]]:
    """By the number of the version."""
    calls = InferenceCall.objects.select_related("version")
    return Counter((call.outcome, call.version.number) for call in calls)


async def test_drained_answers_end_as_they_began(watch_rollback: Watch) -> None:
    pages = await watch_rollback("drain")
    assert {page.events[-1].get("status") for page in pages} == {"ready"}
    assert await count_outcomes() == {("succeeded", 2): STREAMS["drain"]}


async def test_restarted_answers_begin_anew_and_say_why(watch_rollback: Watch) -> None:
    pages = await watch_rollback("restart")
    assert {page.events[-1].get("status") for page in pages} == {"ready"}
    for page in pages:
        [again] = [event for event in page.events if event["type"] == "superseded"]
        assert again["message"] == RESTARTED
        assert page.numbers == sorted(set(page.numbers))
    many = STREAMS["restart"]
    assert await count_outcomes() == {("superseded", 2): many, ("succeeded", 1): many}


async def test_stopped_answers_end_with_what_to_do(watch_rollback: Watch) -> None:
    pages = await watch_rollback("stop")
    assert {page.events[-1]["code"] for page in pages} == {"recalled"}
    assert all("ask once more" in page.events[-1]["message"] for page in pages)
    assert await count_outcomes() == {("superseded", 2): STREAMS["stop"]}


def test_a_call_of_the_restored_version_goes_on(earlier: PromptVersion) -> None:
    first = make_call(earlier, epoch=1)
    second = make_call(Prompt.objects.get().production().version, epoch=2)
    roll_back(earlier, "restart")
    after = make_call(earlier, epoch=3)
    recalls = dict(read_recalls([first.pk, second.pk, after.pk]))
    assert recalls == {first.pk: None, second.pk: "restart", after.pk: None}
    assert Deployment.objects.latest("epoch").in_flight == "restart"
