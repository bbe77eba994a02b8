"""How an answer ends: what is stored, and the last events that its readers get."""

from dataclasses import dataclass

from styling.models import Suggestion
from styling.streaming.cards import label_slots, render_prose
from styling.streaming.draft import Draft
from styling.streaming.leases import Claim, Closing
from styling.streaming.transcript import StreamEvent
from styling.tasks import OutfitAnswer

RESTART, RECALLED = "restart", "recalled"
MESSAGES = {
    "engine": "The stylist lost the thread. Your event and the weather are kept: ask once more.",
    "not_yours": "That answer was not made of your clothes, so we held it back. Ask once more.",
    "process_lost": "This answer broke off more than once. Your event is kept: ask once more.",
    "abandoned": "Nobody was here to read this answer, so it was not written. Ask once more.",
    "crowded": "You asked for several outfits at once, so this one was put aside.",
    "recalled": "The stylist was set back while it wrote this. Your event is kept: ask once more.",
    "unexpected": "A seam came undone. That was us, not you. Your event is kept: ask once more.",
}


@dataclass(frozen=True)
class Ending:
    """How it ends: what is stored, and the last events that readers get once it is."""

    closing: Closing
    events: list[StreamEvent]


def failed(code: str) -> Ending:
    message = MESSAGES[code]
    closing = Closing(status=Suggestion.Status.FAILED, events=(), failure=message)
    return Ending(closing, [{"type": "error", "code": code, "message": message}])


def ended_by(interrupt: str, draft: Draft) -> Ending | None:
    """None for what begins anew."""
    if interrupt == RESTART:
        return None
    if interrupt == Suggestion.Interrupt.STOP:
        return stopped(draft)
    return failed(RECALLED if interrupt == RECALLED else "crowded")


def stopped(draft: Draft) -> Ending:
    """The wearer said stop: what was heard is kept."""
    closing = Closing(
        status=Suggestion.Status.STOPPED,
        events=(),
        pieces=draft.pieces,
        prose=draft.prose,
        first_word_ms=draft.first_word_ms,
    )
    return Ending(closing, [{"type": "done", "status": "stopped"}])


def complete(claim: Claim, draft: Draft, answer: OutfitAnswer) -> Ending:
    garments = [claim.garments[pk] for pk, _ in draft.pieces]
    closing = Closing(
        status=Suggestion.Status.READY,
        events=(),
        pieces=draft.pieces,
        prose=answer.prose,
        reasons=answer.reasons,
        missing=answer.missing,
        first_word_ms=draft.first_word_ms,
    )
    outfit = {
        "type": "outfit",
        "html": render_prose(answer.prose, garments),
        "reasons": answer.reasons,
        "missing": label_slots(answer.missing),
    }
    return Ending(closing, [outfit, {"type": "done", "status": "ready"}])
