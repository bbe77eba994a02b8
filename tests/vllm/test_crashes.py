"""vLLM dies: in the middle of a word, and between two questions."""

from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.db.models import Q

from accounts.models import User
from registry.engines import get_engine
from registry.engines.breaker import Breaker
from registry.models import InferenceCall
from styling.streaming.notices import REWORDED
from tests.vllm.asking import ask, hear_out, make_scarf_wearer
from tests.vllm.live import go_live
from tests.vllm.server import VllmServer
from tests.vllm.test_streams import ROOM

pytestmark = [pytest.mark.vllm, pytest.mark.django_db(transaction=True)]

COOLDOWN_S = 1.0
KILLS = 5
OF_A_DEAD_SERVER = Q(outcome="failed") & ~Q(error_code="held_back")


async def test_the_builtin_engine_dresses_while_vllm_is_dead_and_not_after(
    vllm: VllmServer, settings: Any, vocabulary: None, open_page: Any
) -> None:
    options = {"engines": ["vllm", "builtin"], "cooldown_s": COOLDOWN_S}
    settings.INFERENCE_ENGINES["default"]["OPTIONS"] = options
    get_engine.cache_clear()
    await database_sync_to_async(go_live)("suggest_outfit", engine="default", sampling=ROOM)
    wearer = await database_sync_to_async(make_scarf_wearer)(1)

    events = await die_in_the_middle_of_a_word(vllm, wearer, open_page)
    assert events[-1]["status"] == "ready"
    assert REWORDED.code in {event.get("code") for event in events}
    assert Breaker("vllm").read() is not None

    page = await open_page(await ask(wearer), wearer)
    events = await hear_out(page)
    assert events[-1]["status"] == "ready"
    assert "builtin" in {event.get("code") for event in events}

    await database_sync_to_async(vllm.start)()
    await hear_out(await open_page(await ask(wearer), wearer))
    asked = InferenceCall.objects.order_by("started_at")
    killed = await asked.aget(OF_A_DEAD_SERVER)
    away, back, *_ = [call async for call in asked.filter(started_at__gt=killed.started_at)]
    assert killed.engine == "vllm"
    assert (away.outcome, away.engine) == ("succeeded", "builtin")
    assert back.engine == "vllm"  # What a model that knows nothing writes may be held back.
    assert Breaker("vllm").read() is None


async def die_in_the_middle_of_a_word(
    vllm: VllmServer, wearer: User, open_page: Any
) -> list[dict[str, Any]]:
    """The events of the answer during which vLLM was killed. Random words may all be written before
    the kill arrives: then vLLM starts again and another answer is asked for."""
    for _ in range(KILLS):
        page = await open_page(await ask(wearer), wearer)
        page.patience_s = 300.0
        await page.resume()
        await page.hear_until("delta")
        vllm.kill()
        events = await hear_out(page)
        if await InferenceCall.objects.filter(OF_A_DEAD_SERVER).aexists():
            return events
        await database_sync_to_async(vllm.start)()
    raise AssertionError(f"Each of {KILLS} answers had ended before vLLM was dead")
