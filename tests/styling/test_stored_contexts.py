"""A question to the stylist, kept and asked again: byte for byte the same request."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from registry.evaluation.replays import ask_call, is_rebuilt
from registry.models import CallRequest
from registry.prompts import live_versions
from registry.rendering import build_request, hash_input
from registry.tasks import ExampleSource
from stores.threads import in_thread
from styling.models import Suggestion
from styling.stylist.context import OutfitContext
from styling.stylist.preferences import Preferences
from styling.tasks import SuggestOutfit
from tests.styling.test_stream_faults import list_calls

pytestmark = pytest.mark.django_db(transaction=True)

SCENARIOS = Path(settings.BASE_DIR) / "fixtures" / "golden" / "suggest_outfit"


@pytest.fixture(autouse=True)
def prompts(vocabulary: None) -> None:
    call_command("load_prompts", verbosity=0)


async def test_a_suggestion_is_rebuilt_byte_for_byte(
    suggestion: Suggestion, open_page: Any
) -> None:
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("done")
    (call,) = await in_thread(list_calls)()

    def look() -> tuple[bool, int]:
        return is_rebuilt(call, ask_call(call)), CallRequest.objects.get(call=call).owner_id

    assert await in_thread(look)() == (True, suggestion.owner_id)


def test_every_scenario_survives_being_stored() -> None:
    """With weather, notes, wishes, an outfit that was seen, pairs that were worn and what was learned."""
    task = SuggestOutfit()
    live = live_versions.resolve(task.name)
    for example in task.read_examples(SCENARIOS):
        assert isinstance(example, ExampleSource)
        context = enrich(task.example_context(example.input, b""))
        stored = json.loads(json.dumps(task.store_context(context)))
        loaded = task.load_context(stored, [])
        pinned = [task.pin_context(one, live.bundle) for one in (context, loaded)]
        assert pinned[0].wardrobe == pinned[1].wardrobe, example.key
        digests = {hash_input(build_request(task, one, live, 7)) for one in pinned}
        assert len(digests) == 1, example.key


def enrich(context: OutfitContext) -> OutfitContext:
    ids = [piece.id for piece in context.wardrobe]
    pair = frozenset(ids[:2])
    return replace(
        context,
        avoid=frozenset({frozenset(ids[:3])}),
        worn_together={pair: 2},
        preferences=Preferences({"warmth": 0.1 + 0.2, "blue": -1 / 3}, ("You run cold.",)),
    )
