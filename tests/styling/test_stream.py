"""An answer over its socket: pieces, then words, then the end, each event numbered once."""

from typing import Any

import pytest
from channels.db import database_sync_to_async

from registry.canary.service import start_canary
from registry.models import Canary, CanaryCall, InferenceCall, Prompt
from registry.prompts import live_versions
from registry.services.versions import create_version
from styling.models import Suggestion
from tests.factories import promote
from tests.styling.scripted import PROSE

pytestmark = pytest.mark.django_db(transaction=True)


@database_sync_to_async
def stored(suggestion: Suggestion) -> Suggestion:
    """The row as it is now, with its call and pieces."""
    rows = Suggestion.objects.select_related("call").prefetch_related("pieces")
    return rows.get(pk=suggestion.pk)


async def test_pieces_come_before_words_and_the_outfit_last(
    suggestion: Suggestion, script: Any, open_page: Any
) -> None:
    page = await open_page(suggestion)
    await page.resume()
    kinds = [event["type"] for event in await page.hear_until("done")]
    assert kinds[:4] == ["weather", "piece", "piece", "piece"]
    assert set(kinds[4:-2]) == {"delta"}
    assert kinds[-2:] == ["outfit", "done"]


async def test_what_was_heard_is_what_is_stored(
    suggestion: Suggestion, script: Any, open_page: Any
) -> None:
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("done")
    row = await stored(suggestion)
    assert row.status == Suggestion.Status.READY
    assert row.events == page.events
    assert row.prose == page.text == PROSE
    assert page.numbers == list(range(1, len(page.events) + 1))


async def test_the_outfit_is_kept_with_the_call_that_made_it(
    suggestion: Suggestion, clothes: Any, script: Any, open_page: Any
) -> None:
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("done")
    row = await stored(suggestion)
    assert [piece.garment_id for piece in row.pieces.all()] == [one.pk for one in clothes]
    assert row.call and row.call.outcome == InferenceCall.Outcome.SUCCEEDED
    assert row.call.subject == f"suggestion:{row.pk}"
    assert row.first_word_ms and row.first_word_ms > 0


@database_sync_to_async
def try_earlier_stylist() -> Canary:
    """A canary of the version that was live before, for half of the wearers."""
    prompt = Prompt.objects.get(name="suggest_outfit")
    first = prompt.production().version  # type: ignore[union-attr]
    bundle = {**first.bundle, "system": "Be brief."}
    promote(create_version(prompt=prompt, bundle=bundle))
    return start_canary(version=first, share=0.5, actor=None, reason="see")


async def test_a_wearer_is_asked_for_by_their_own_number_in_a_canary(
    suggestion: Suggestion, script: Any, open_page: Any
) -> None:
    canary = await try_earlier_stylist()
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("done")
    side = await CanaryCall.objects.select_related("call").aget()
    assert side.wearer == live_versions.draw_token(canary.pk, suggestion.owner_id)
    assert side.call.version_id == (
        canary.version_id if side.is_candidate else canary.live_version_id
    )
