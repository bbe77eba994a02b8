"""Outfits of a model with random weights, streamed to the page: any id may come, but of those on offer."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from channels.db import database_sync_to_async

from accounts.models import User
from registry.models import InferenceCall
from styling.models import Suggestion
from tests.vllm.asking import ask, hear_out, make_scarf_wearer, make_wearer, owned_ids
from tests.vllm.live import go_live
from tests.vllm.server import VllmServer

pytestmark = [pytest.mark.vllm, pytest.mark.django_db(transaction=True)]

AT_ONCE = 32
ANSWERS = 100
STOPS = 5
ROOM = {"temperature": 0.7, "top_p": 0.95, "max_tokens": 3000}
"""Random words are short of nothing but an end: the schema ends them, not the number of tokens."""


async def test_a_hundred_answers_name_only_clothes_of_the_wearer(
    vllm: VllmServer, vocabulary: None, open_page: Any
) -> None:
    """32 wearers at once, each asking on as soon as the last answer has ended. Random choices give
    two pairs of trousers more often than not: those answers are held back and asked for again, and
    are answers as well."""
    await database_sync_to_async(go_live)("suggest_outfit", engine="vllm", sampling=ROOM)
    wearers = [await database_sync_to_async(make_wearer)(number) for number in range(AT_ONCE)]
    endings: list[str] = []

    async def keep_asking(wearer: User) -> None:
        owned = await owned_ids(wearer)
        while await count_asked() < ANSWERS:
            suggestion = await ask(wearer)
            events = await hear_out(await open_page(suggestion, wearer))
            named = {event["garment"] for event in events if event["type"] == "piece"}
            assert named | await database_sync_to_async(answered_ids)(suggestion) <= owned
            endings.append(events[-1].get("status") or events[-1]["code"])

    await asyncio.gather(*map(keep_asking, wearers))
    assert set(endings) == {"ready"}
    calls = [call async for call in InferenceCall.objects.all()]
    assert {call.error_code for call in calls if call.outcome == "failed"} <= {"held_back"}
    assert "unowned_item" not in {found["code"] for call in calls for found in call.violations}
    assert any(call.output["pieces"] for call in calls if call.output)


@database_sync_to_async
def count_asked() -> int:
    """How often the model was asked: all that the built-in stylist did not answer in its place."""
    return InferenceCall.objects.exclude(engine="builtin").count()


def answered_ids(suggestion: Suggestion) -> set[str]:
    """Every garment in any answer to the question, those that were held back among them."""
    calls = InferenceCall.objects.filter(subject=f"suggestion:{suggestion.pk}")
    outputs = [call.output or {} for call in calls]
    return {
        str(UUID(piece["garment_id"])) for output in outputs for piece in output.get("pieces", [])
    }


async def test_stop_ends_the_writing_in_vllm(
    vllm: VllmServer, vocabulary: None, open_page: Any
) -> None:
    """On a busy machine random words may end before Stop arrives: then another answer is stopped."""
    await database_sync_to_async(go_live)("suggest_outfit", engine="vllm", sampling=ROOM)
    wearer = await database_sync_to_async(make_scarf_wearer)(1)
    for _ in range(STOPS):
        page = await open_page(await ask(wearer), wearer)
        page.patience_s = 300.0
        await page.resume()
        await page.hear_until("delta")
        await page.say({"type": "stop"})
        await page.hear_until("done")
        await wait_for(lambda: vllm.read_metric("num_requests_running") == 0)
        call = await InferenceCall.objects.alatest("started_at")
        if call.outcome != "succeeded":
            break
    assert (call.outcome, call.engine, call.output) == ("cancelled", "vllm", None)


async def test_the_stable_part_of_a_prompt_is_read_once(
    vllm: VllmServer, vocabulary: None, open_page: Any
) -> None:
    """By vLLM's own count, for a second wearer: whole blocks of 128 tokens before the wardrobe begins."""
    await database_sync_to_async(go_live)("suggest_outfit", engine="vllm", sampling=ROOM)
    names = ("prefix_cache_queries_total", "prefix_cache_hits_total")
    for number in (1, 2):
        before = [vllm.read_metric(name) for name in names]
        wearer = await database_sync_to_async(make_wearer)(number)
        await hear_out(await open_page(await ask(wearer), wearer))
        asked, hit = (
            vllm.read_metric(name) - then for name, then in zip(names, before, strict=True)
        )
    assert hit >= 256
    assert hit / asked > 0.25


async def test_two_hundred_garments_fit_into_eight_thousand_tokens(
    vllm: VllmServer, vocabulary: None, open_page: Any
) -> None:
    """Counted by vLLM, with a tokenizer of 2,048 pieces, which needs more of them than Gemma's own."""
    await database_sync_to_async(go_live)("suggest_outfit", engine="vllm", sampling=ROOM)
    wearer = await database_sync_to_async(make_wearer)(1, garments=240)
    before = vllm.read_metric("prompt_tokens_total")
    await hear_out(await open_page(await ask(wearer), wearer))
    read = vllm.read_metric("prompt_tokens_total") - before
    assert 3000 < read / await count_asked() < 8192


async def wait_for(condition: Any, seconds: float = 300.0) -> None:
    for _ in range(int(seconds / 0.05)):
        if await asyncio.to_thread(condition):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"waited {seconds:.0f} s")
