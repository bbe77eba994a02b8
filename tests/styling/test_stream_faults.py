"""What breaks while an answer is written, and what the wearer hears then."""

import asyncio
import uuid
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from registry.engines.base import EngineUnavailableError, OutputError
from registry.models import InferenceCall
from stores.threads import in_thread
from styling.jobs import sweep_suggestions_job
from styling.models import Suggestion
from styling.services.requests import open_another
from styling.streaming import leases
from styling.streaming.generation import running
from styling.streaming.transcript import Log, Transcript
from styling.tasks import SuggestOutfit
from tests.factories import make_garment
from tests.styling.conftest import ask_for_outfit
from tests.styling.scripted import PROSE, answer_text, in_chunks
from tests.styling.test_stream import stored
from tests.styling.test_stream_resume import halting
from wardrobe.models import Garment

pytestmark = pytest.mark.django_db(transaction=True)


def pretend_to_die(suggestion: Suggestion) -> leases.Claim:
    """A claim whose process has not been heard of since."""
    claim = leases.claim_suggestion(suggestion.pk)
    assert claim is not None
    long_ago = timezone.now() - timedelta(minutes=10)
    Suggestion.objects.filter(pk=suggestion.pk).update(leased_until=long_ago, created_at=long_ago)
    return claim


def list_calls() -> list[InferenceCall]:
    return list(InferenceCall.objects.order_by("started_at"))


async def test_an_engine_that_says_nothing_leaves_the_answer_to_the_built_in_one(
    suggestion: Suggestion, script: Any, open_page: Any
) -> None:
    script.steps = [EngineUnavailableError("gone")]
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("done")
    assert [event["code"] for event in page.events if event["type"] == "notice"] == ["builtin"]
    assert "gone" not in str(page.events)
    row = await stored(suggestion)
    assert (row.status, row.pieces.count()) == (Suggestion.Status.READY, 3)
    calls = [(call.outcome, call.engine) for call in await in_thread(list_calls)()]
    assert calls == [("failed", "scripted"), ("succeeded", "builtin")]


@pytest.mark.parametrize("words", ["The navy", "The grey"])
async def test_words_that_break_off_are_written_anew_for_the_same_pieces(
    suggestion: Suggestion, clothes: Any, script: Any, open_page: Any, words: str
) -> None:
    before = answer_text(clothes).partition(words)[0]
    script.steps = [*in_chunks(before), EngineUnavailableError("gone")]
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("done")
    kinds = [event["type"] for event in page.events]
    assert (kinds.count("piece"), kinds.count("superseded")) == (3, 0)
    assert [event["code"] for event in page.events if event["type"] == "notice"] == ["reworded"]
    row = await stored(suggestion)
    assert (row.status, row.pieces.count()) == (Suggestion.Status.READY, 3)
    assert page.text.endswith(row.prose)
    assert [call.outcome for call in await in_thread(list_calls)()] == ["failed"]


async def test_the_thread_is_lost_only_when_the_built_in_stylist_fails(
    suggestion: Suggestion, script: Any, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> Any:
        raise RuntimeError("a bug")

    monkeypatch.setattr(SuggestOutfit, "offline", fail)
    script.steps = [OutputError("Broke off", "truncated")]
    page = await open_page(suggestion)
    await page.resume()
    error = (await page.hear_until("error"))[-1]
    assert error["code"] == "engine"
    assert "ask once more" in error["message"]
    again = await in_thread(open_another)(previous=suggestion, request_key=uuid.uuid4())
    assert again.event_id == suggestion.event_id
    assert again.weather == suggestion.weather


async def test_garments_of_others_never_reach_the_page(
    suggestion: Suggestion, clothes: Any, charlie: Any, script: Any, open_page: Any
) -> None:
    foreign = await in_thread(make_garment)(charlie, name="Charlie’s coat", slot="outerwear")
    script.steps = in_chunks(answer_text([*clothes, foreign], prose="Take the coat."))
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("done")
    assert [event["code"] for event in page.events if event["type"] == "notice"] == ["held_back"]
    assert "coat" not in page.text
    assert str(foreign.pk) not in str(page.events)
    first, second, last = await in_thread(list_calls)()
    for call in (first, second):
        assert (call.outcome, call.error_code) == ("failed", "held_back")
        [found] = call.violations
        assert (found["code"], found["shown"]) == ("unowned_item", False)
    assert (last.outcome, last.engine, last.violations) == ("succeeded", "builtin", [])
    assert {call.subject for call in (first, second, last)} == {f"suggestion:{suggestion.pk}"}
    row = await stored(suggestion)
    assert (row.call_id, row.checked["held_back"]) == (last.pk, 2)


async def test_an_answer_that_was_held_back_is_tried_once_more_with_another_seed(
    suggestion: Suggestion, clothes: Any, charlie: Any, script: Any, open_page: Any
) -> None:
    foreign = await in_thread(make_garment)(charlie, name="Charlie’s coat", slot="outerwear")
    good = in_chunks(answer_text(clothes))

    def mend() -> None:
        script.steps = good

    script.steps = [mend, *in_chunks(answer_text([foreign]))]
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("done")
    kinds = [event["type"] for event in page.events]
    assert (kinds.count("superseded"), kinds.count("weather"), kinds.count("notice")) == (0, 1, 0)
    assert [event["seq"] for event in page.events] == list(range(1, len(kinds) + 1))
    row = await stored(suggestion)
    assert (row.status, row.prose) == (Suggestion.Status.READY, PROSE)
    first, second = await in_thread(list_calls)()
    assert (first.seed, second.seed) == (row.seed, row.seed + 1)
    assert row.call_id == second.pk


@pytest.mark.parametrize(
    "case", ["wrong slot", "not an id", "no piece", "empty", "no shoes", "two of a slot"]
)
async def test_an_outfit_that_is_none_is_held_back(
    suggestion: Suggestion, clothes: list[Garment], script: Any, open_page: Any, case: str
) -> None:
    shirt, trousers, boots = ({"garment_id": str(one.pk), "slot": one.slot} for one in clothes)
    pieces = {
        "wrong slot": [{**shirt, "slot": "shoes"}],
        "not an id": [{**shirt, "garment_id": "the blue one"}],
        "no piece": [{"garment_id": 7, "slot": "top"}],
        "empty": [],
        "no shoes": [shirt, trousers],
        "two of a slot": [shirt, trousers, boots, {**boots, "slot": "top"}],
    }[case]
    script.steps = in_chunks(answer_text([], pieces=pieces, prose="You own nothing."))
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("done")
    assert "own nothing" not in page.text
    assert [event["code"] for event in page.events if event["type"] == "notice"] == ["held_back"]
    assert len([event for event in page.events if event["type"] == "piece"]) == 3


async def test_a_garment_that_is_named_twice_is_shown_once(
    suggestion: Suggestion, clothes: list[Garment], script: Any, open_page: Any
) -> None:
    script.steps = in_chunks(answer_text([one for one in clothes for _ in range(2)]))
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("done")
    assert len([event for event in page.events if event["type"] == "piece"]) == 3
    row = await stored(suggestion)
    assert (row.status, row.prose, row.pieces.count()) == ("ready", PROSE, 3)
    assert row.call and (row.call.outcome, row.call.violations) == ("succeeded", [])


async def test_words_wait_for_the_pieces_whatever_comes_first(
    suggestion: Suggestion, clothes: Any, script: Any, open_page: Any
) -> None:
    head, _, prose = answer_text(clothes).partition(', "prose": ')
    script.steps = in_chunks('{"prose": ' + prose[:-1] + ", " + head[1:] + "}")
    page = await open_page(suggestion)
    await page.resume()
    kinds = [event["type"] for event in await page.hear_until("done")]
    assert kinds.index("delta") > max(i for i, kind in enumerate(kinds) if kind == "piece")
    assert page.text == PROSE


async def test_prose_cannot_carry_markup(
    suggestion: Suggestion, clothes: Any, script: Any, open_page: Any
) -> None:
    script.steps = in_chunks(answer_text(clothes, prose="The <img src=x onerror=x> navy shirt."))
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("done")
    (outfit,) = [event for event in page.events if event["type"] == "outfit"]
    assert "&lt;img" in outfit["html"]
    assert outfit["html"].count("<a href=") == 1


async def test_stop_ends_the_call_and_keeps_what_was_heard(
    suggestion: Suggestion, clothes: Any, script: Any, open_page: Any
) -> None:
    script.steps, _never = halting(answer_text(clothes), "The grey")
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("delta")
    await page.say({"type": "stop"})
    await page.hear_until("done")
    row = await stored(suggestion)
    assert page.events[-1]["status"] == row.status == "stopped"
    assert row.events == page.events
    assert row.prose == page.text
    assert [call.outcome for call in await in_thread(list_calls)()] == ["cancelled"]


async def test_an_answer_that_is_stopped_before_it_was_asked_for_ends_so(
    suggestion: Suggestion, script: Any, open_page: Any
) -> None:
    await in_thread(leases.request_stop)(suggestion.pk)
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("done")
    assert page.events[-1]["status"] == "stopped"
    assert script.calls == 0


async def test_stop_reaches_the_process_that_writes(
    suggestion: Suggestion, clothes: Any, script: Any, open_page: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("styling.streaming.heartbeats.HEARTBEAT_S", 0.1)
    script.steps, _never = halting(answer_text(clothes), "The grey")
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("delta")
    generation = running.pop(suggestion.pk)  # As if another process wrote it.
    await page.say({"type": "stop"})
    await generation.task
    assert (await stored(suggestion)).status == Suggestion.Status.STOPPED


async def test_the_oldest_of_too_many_answers_gives_way(
    alice: Any, clothes: Any, script: Any, open_page: Any
) -> None:
    script.steps, gate = halting(answer_text(clothes), "The grey")
    pages = []
    for _ in range(leases.MAX_RUNNING + 1):
        page = await open_page(await in_thread(ask_for_outfit)(alice))
        await page.resume()
        await page.hear_until("delta")
        pages.append(page)
    assert (await pages[0].hear_until("error"))[-1]["code"] == "crowded"
    gate.set()
    for page in pages[1:]:
        await page.hear_until("done")


async def test_two_answers_do_not_disturb_each_other(
    alice: Any, clothes: Any, script: Any, open_page: Any
) -> None:
    script.steps, gate = halting(answer_text(clothes), "The grey")
    pages = [await open_page(await in_thread(ask_for_outfit)(alice)) for _ in range(2)]
    for page in pages:
        await page.resume()
        await page.hear_until("delta")
    await pages[0].say({"type": "stop"})
    await pages[0].hear_until("done")
    gate.set()
    await pages[1].hear_until("done")
    assert pages[1].text == PROSE


# A process that died


async def test_another_process_starts_again_after_the_last_number(
    suggestion: Suggestion, script: Any, open_page: Any
) -> None:
    await in_thread(pretend_to_die)(suggestion)
    told = Transcript()
    for text in ("Words ", "of the ", "dead"):
        told.append("delta", text=text)
    await Log(suggestion.pk, attempt=1).write(told.events)
    page = await open_page(suggestion)
    await page.resume(5, attempt=1)  # It heard two more than had reached Redis.
    events = await page.hear_until("done")
    assert events[0] == {"seq": 6, "type": "superseded", "attempt": 2, "message": "Started again."}
    assert page.numbers == list(range(6, 6 + len(events)))
    row = await stored(suggestion)
    assert [event["seq"] for event in row.events] == list(range(1, len(row.events) + 1))
    assert row.events[:3] == told.events
    assert row.prose == page.text == PROSE


async def test_a_reader_that_is_ahead_is_taken_back(
    suggestion: Suggestion, script: Any, open_page: Any
) -> None:
    await in_thread(pretend_to_die)(suggestion)
    first = await open_page(suggestion)
    await first.resume(2, attempt=1)
    await first.hear_until("done")
    ahead = await open_page(suggestion)
    await ahead.resume(4, attempt=1)
    await ahead.hear_until("done")
    assert ahead.events[0]["type"] == "superseded"
    assert ahead.text == PROSE


async def test_the_call_of_a_dead_process_is_closed(
    suggestion: Suggestion, clothes: Any, script: Any, open_page: Any
) -> None:
    script.steps, _never = halting(answer_text(clothes), "The grey")
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("delta")
    lost = running.pop(suggestion.pk)
    past = timezone.now() - timedelta(seconds=1)
    row = Suggestion.objects.filter(pk=suggestion.pk)
    await in_thread(row.update)(leased_until=past)
    script.steps = in_chunks(answer_text(clothes))
    again = await open_page(suggestion)
    await again.resume(len(page.events))
    await again.hear_until("done")
    outcomes = [(call.outcome, call.error_code) for call in await in_thread(list_calls)()]
    assert outcomes == [("failed", "process_lost"), ("succeeded", "")]
    lost.interrupt("stop")  # A process that was only paused: its end is refused.
    await lost.task
    assert (await stored(suggestion)).status == Suggestion.Status.READY


async def test_after_three_attempts_the_wearer_is_told(
    suggestion: Suggestion, script: Any, open_page: Any
) -> None:
    for _ in range(leases.MAX_ATTEMPTS):
        await in_thread(pretend_to_die)(suggestion)
    page = await open_page(suggestion)
    await page.resume()
    assert (await page.hear_until("error"))[-1]["code"] == "process_lost"
    assert script.calls == 0


def test_the_sweep_closes_what_nobody_came_back_for(suggestion: Suggestion) -> None:
    pretend_to_die(suggestion)
    sweep_suggestions_job()
    suggestion.refresh_from_db()
    assert suggestion.status == Suggestion.Status.FAILED
    assert suggestion.events[-1]["type"] == "error"


def test_the_sweep_leaves_what_is_being_written(suggestion: Suggestion) -> None:
    leases.claim_suggestion(suggestion.pk)
    sweep_suggestions_job()
    suggestion.refresh_from_db()
    assert suggestion.status == Suggestion.Status.OPEN


def test_a_late_end_is_refused(suggestion: Suggestion) -> None:
    pretend_to_die(suggestion)
    late = Suggestion(pk=suggestion.pk, owner_id=suggestion.owner_id, attempt=1)
    leases.claim_suggestion(suggestion.pk)
    closing = leases.Closing(status=Suggestion.Status.READY, events=[{"seq": 1, "type": "done"}])
    assert not leases.close_suggestion(late, closing)
    suggestion.refresh_from_db()
    assert suggestion.status == Suggestion.Status.OPEN


async def test_a_process_that_stops_lets_go_at_once(
    suggestion: Suggestion, clothes: Any, script: Any, open_page: Any
) -> None:
    script.steps, _never = halting(answer_text(clothes), "The grey")
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("delta")
    task = running[suggestion.pk].task
    await page.disconnect()  # A page that stays has it written again at once.
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    state = await in_thread(leases.read_stream_state)(suggestion.pk)
    assert state.is_claimable


async def test_an_answer_ends_though_its_log_swallows_a_cancellation(
    suggestion: Suggestion, script: Any, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As redis-py does now and then while it connects: nothing is waited for after the end."""
    began = asyncio.Event()

    async def write(self: Log, events: list[Any]) -> None:
        if began.is_set():
            return
        began.set()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)

    monkeypatch.setattr(Log, "write", write)
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("done")
    assert began.is_set()
    async with asyncio.timeout(30):
        while running:  # noqa: ASYNC110 - Nothing tells of it.
            await asyncio.sleep(0.05)
