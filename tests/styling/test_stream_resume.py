"""A reader may leave at any event and come back: it hears the rest, once, of the same answer."""

import asyncio
from typing import Any

import pytest

from registry.models import InferenceCall
from stores.threads import in_thread
from styling.models import Suggestion
from styling.streaming import leases
from styling.streaming.generation import running
from tests.styling.scripted import PROSE, answer_text, in_chunks

pytestmark = pytest.mark.django_db(transaction=True)


def halting(text: str, at: str) -> tuple[list[Any], asyncio.Event]:
    """Steps that say the text, but wait for the event before the words `at`."""
    gate = asyncio.Event()
    before, _, after = text.partition(at)
    return [*in_chunks(before), gate, *in_chunks(at + after)], gate


async def test_leaving_at_each_event_and_coming_back_tells_everything_once(
    suggestion: Suggestion, clothes: Any, script: Any, open_page: Any
) -> None:
    script.steps = [step for chunk in in_chunks(answer_text(clothes), 25) for step in (chunk, 0.06)]
    heard: list[dict[str, Any]] = []
    while not heard or heard[-1]["type"] != "done":
        page = await open_page(suggestion)
        await page.resume(len(heard))
        heard.append(await page.hear())
        await page.disconnect()
    assert [event["seq"] for event in heard] == list(range(1, len(heard) + 1))
    assert "".join(event["text"] for event in heard if event["type"] == "delta") == PROSE
    assert script.calls == 1


@pytest.mark.parametrize("seq", [0, 1, 4, 5])
async def test_an_answer_that_has_ended_is_told_from_its_row(
    suggestion: Suggestion, script: Any, open_page: Any, seq: int
) -> None:
    first = await open_page(suggestion)
    await first.resume()
    await first.hear_until("done")
    later = await open_page(suggestion)
    await later.resume(seq)
    assert await later.hear_until("done") == first.events[seq:]
    assert await later.closed_with() == 1000


async def test_two_tabs_hear_the_same(
    suggestion: Suggestion, clothes: Any, script: Any, open_page: Any
) -> None:
    script.steps, gate = halting(answer_text(clothes), "The grey")
    one = await open_page(suggestion)
    await one.resume()
    await one.hear_until("delta")
    two = await open_page(suggestion)
    await two.resume()
    gate.set()
    assert await one.hear_until("done") == await two.hear_until("done")
    assert script.calls == 1


async def test_two_tabs_that_start_at_once_start_one_answer(
    suggestion: Suggestion, script: Any, open_page: Any
) -> None:
    pages = [await open_page(suggestion) for _ in range(4)]
    await asyncio.gather(*(page.resume() for page in pages))
    await asyncio.gather(*(page.hear_until("done") for page in pages))
    assert all(page.events == pages[0].events for page in pages)
    assert await in_thread(InferenceCall.objects.count)() == 1


async def test_a_second_resume_replaces_the_first(
    suggestion: Suggestion, clothes: Any, script: Any, open_page: Any
) -> None:
    script.steps, gate = halting(answer_text(clothes), "The grey")
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("delta")
    await page.resume(0)
    while (await page.hear())["seq"] != 1:
        pass  # What the first reader had still to say.
    page.events = page.events[-1:]
    gate.set()
    await page.hear_until("done")
    assert page.numbers == list(range(1, len(page.events) + 1))


async def test_the_answer_is_written_on_when_nobody_listens(
    suggestion: Suggestion, clothes: Any, script: Any, open_page: Any
) -> None:
    script.steps, gate = halting(answer_text(clothes), "The grey")
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("delta")
    await page.disconnect()
    gate.set()
    await running[suggestion.pk].task
    row = await in_thread(Suggestion.objects.get)(pk=suggestion.pk)
    assert (row.status, row.prose) == (Suggestion.Status.READY, PROSE)


async def test_a_number_that_was_never_given_gets_nothing(
    suggestion: Suggestion, script: Any, open_page: Any
) -> None:
    first = await open_page(suggestion)
    await first.resume()
    await first.hear_until("done")
    page = await open_page(suggestion)
    await page.resume(999_999)
    assert await page.closed_with() == 1000
    assert page.events == []


async def test_a_reader_in_another_process_hears_it_through_redis(
    suggestion: Suggestion, clothes: Any, script: Any, open_page: Any
) -> None:
    script.steps, gate = halting(answer_text(clothes), "The grey")
    here = await open_page(suggestion)
    await here.resume()
    await here.hear_until("delta")
    generation = running.pop(suggestion.pk)  # As if another process wrote it.
    there = await open_page(suggestion)
    await there.resume()
    assert [await there.hear() for _ in here.events] == here.events
    gate.set()
    await there.hear_until("done")
    await generation.task
    assert there.text == PROSE
    assert there.numbers == list(range(1, len(there.events) + 1))


async def test_only_one_process_gets_the_claim(suggestion: Suggestion) -> None:
    claim = in_thread(leases.claim_suggestion)
    found = await asyncio.gather(*(claim(suggestion.pk) for _ in range(6)))
    assert sum(one is not None for one in found) == 1
