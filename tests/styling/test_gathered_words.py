"""Words on their way are read once for all that can be shown at a time, and lose nothing by that."""

import asyncio
import json
from collections.abc import Callable
from uuid import UUID

import pytest

from styling.checks.prose_gate import ProseGate
from styling.streaming.draft import SECONDS_PER_DELTA, Draft, FalseProseError
from styling.streaming.reviews import OutfitReview
from styling.streaming.transcript import Transcript
from styling.tasks import OutfitAnswer, Piece
from tests.styling.wardrobes import ask, make_wardrobe, make_weather
from wardrobe.models import Garment

CONTEXT = ask(make_wardrobe(), make_weather(18))
NAMES = ("Green polo", "Beige chinos", "White sneakers")
PROSE = "You look ready for the day, all in all. The Green polo leads and the Beige chinos follow."
LIES = "Take a red scarf. Mind the snow. Wear the golden umbrella. "


def choose() -> list[Piece]:
    by_name = {piece.name: piece for piece in CONTEXT.wardrobe}
    return [
        Piece(garment_id=by_name[name].id, slot=by_name[name].slot)
        for name in NAMES
        if name in by_name
    ]


def make_draft(pace: Callable[[], float] = lambda: SECONDS_PER_DELTA) -> Draft:
    garments = {
        UUID(one.id): Garment(pk=UUID(one.id), name=one.name, slot=one.slot, type=one.type)
        for one in CONTEXT.wardrobe
    }
    return Draft(Transcript(), garments, OutfitReview(CONTEXT), pace=pace)


async def begin(draft: Draft) -> None:
    """Feed what comes before the prose."""
    pieces = [piece.model_dump() for piece in choose()]
    await draft.feed(json.dumps({"pieces": pieces, "missing": [], "reasons": []})[:-1])
    await draft.feed(', "prose": "')
    assert len(draft.pieces) == len(pieces) >= 2


def told(draft: Draft) -> str:
    events = draft._transcript.events
    return "".join(event["text"] for event in events if event["type"] == "delta")


def count_reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    read: list[str] = []
    feed = ProseGate.feed

    def note(self: ProseGate, text: str) -> str:
        read.append(text)
        return feed(self, text)

    monkeypatch.setattr(ProseGate, "feed", note)
    return read


@pytest.mark.parametrize("pace_s", [SECONDS_PER_DELTA, 0.15])
async def test_words_are_read_together_and_none_is_lost(
    monkeypatch: pytest.MonkeyPatch, pace_s: float
) -> None:
    draft = make_draft(lambda: pace_s)
    await begin(draft)
    read = count_reads(monkeypatch)
    began = asyncio.get_running_loop().time()
    words = [f"{word} " for word in PROSE.split()]
    for word in words:
        await draft.feed(word)
        await asyncio.sleep(0.02)
    took = asyncio.get_running_loop().time() - began
    await draft.feed('"}')
    draft.complete(OutfitAnswer(pieces=choose(), prose=PROSE))
    assert told(draft).strip() == PROSE
    assert "".join(read).strip() == PROSE
    assert len(read) <= took / pace_s * 1.5 + 3
    assert len(read) < len(words)


async def test_a_word_that_comes_a_little_early_takes_those_that_waited_along() -> None:
    draft = make_draft(lambda: 10.0)
    await begin(draft)
    await draft.feed("You ")
    await draft.feed("look ")
    assert told(draft).strip() == "You"
    draft._due_early = asyncio.get_running_loop().time()
    await draft.feed("ready ")
    assert told(draft).strip() == "You look ready"


async def test_words_are_shown_by_the_clock_when_nothing_follows() -> None:
    draft = make_draft()
    await begin(draft)
    for word in ("You ", "will ", "look ", "relaxed ", "and ", "ready "):
        await draft.feed(word)
    await asyncio.sleep(0.3)
    assert told(draft).split() == ["You", "will", "look", "relaxed", "and", "ready"]


async def test_lies_that_the_clock_finds_are_raised_to_whoever_feeds_next() -> None:
    draft = make_draft(lambda: 0.06)
    await begin(draft)
    await draft.feed("Enjoy the day. ")
    await draft.feed(LIES)
    await asyncio.sleep(0.2)
    assert draft.review.is_held_back
    with pytest.raises(FalseProseError):
        await draft.feed("And more.")
    with pytest.raises(FalseProseError):
        draft.complete(OutfitAnswer(pieces=choose(), prose=LIES))
    assert not any(word in told(draft) for word in ("scarf", "snow", "umbrella"))


async def test_lies_at_the_end_are_found_before_the_answer_is_over() -> None:
    draft = make_draft(lambda: 10.0)
    await begin(draft)
    await draft.feed("Enjoy the day. ")
    await draft.feed(LIES)
    with pytest.raises(FalseProseError):
        await draft.feed('"}')


async def test_a_fault_of_ours_that_the_clock_meets_is_raised_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    draft = make_draft()
    await begin(draft)
    await draft.feed("Enjoy ")

    def fail(self: ProseGate, text: str) -> str:
        raise ArithmeticError

    monkeypatch.setattr(ProseGate, "feed", fail)
    await draft.feed("the day. ")
    await asyncio.sleep(0.2)
    with pytest.raises(ArithmeticError):
        await draft.feed("And more.")


async def test_what_is_dropped_is_not_shown_by_the_clock() -> None:
    draft = make_draft(lambda: 0.1)
    await begin(draft)
    await draft.feed("Enjoy the day. ")
    before = told(draft)
    await draft.feed("You look ready. ")
    draft.drop()
    await asyncio.sleep(0.25)
    assert told(draft) == before
