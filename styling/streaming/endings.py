"""How an answer ends: what is stored, and the last events that its readers get."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from styling.checks.violations import check_outfit
from styling.models import Suggestion
from styling.streaming.cards import label_slots, render_prose
from styling.streaming.draft import Draft
from styling.streaming.leases import Claim, Closing
from styling.streaming.transcript import StreamEvent
from styling.stylist.judgement import judge_outfit
from styling.stylist.verdict import say_verdict
from styling.tasks import OutfitAnswer
from telemetry.traces import add_number

RESTART, RECALLED = "restart", "recalled"
MESSAGES = {
    "engine": gettext_lazy(
        "The stylist lost the thread. Your event and the weather are kept: ask once more."
    ),
    "process_lost": gettext_lazy(
        "This answer broke off more than once. Your event is kept: ask once more."
    ),
    "abandoned": gettext_lazy(
        "Nobody was here to read this answer, so it was not written. Ask once more."
    ),
    "crowded": gettext_lazy("You asked for several outfits at once, so this one was put aside."),
    "recalled": gettext_lazy(
        "The stylist was set back while it wrote this. Your event is kept: ask once more."
    ),
    "unexpected": gettext_lazy(
        "A seam came undone. That was us, not you. Your event is kept: ask once more."
    ),
}

OURS = {"engine", "process_lost", "unexpected"}
"""What went wrong with us: the message has the number by which we find it."""


@dataclass(frozen=True)
class Ending:
    """How it ends: what is stored, and the last events that readers get once it is."""

    closing: Closing
    events: list[StreamEvent]


Ended = Ending | Callable[[], Ending]
"""One may be made by whoever stores it: it takes a thread."""


def failed(code: str) -> Ending:
    said = str(MESSAGES[code])
    message = add_number(said) if code in OURS else said
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


def complete(claim: Claim, draft: Draft, answer: OutfitAnswer, *, held_back: int) -> Ending:
    """`held_back`: how many answers were, before this one."""
    garments = [claim.garments[pk] for pk, _ in draft.pieces]
    closing = Closing(
        status=Suggestion.Status.READY,
        events=(),
        pieces=draft.pieces,
        prose=answer.prose,
        reasons=answer.reasons,
        missing=answer.missing,
        first_word_ms=draft.first_word_ms,
        checked=describe_checks(draft, answer, held_back=held_back),
    )
    outfit = {
        "type": "outfit",
        "html": render_prose(answer.prose, garments),
        "line": say_line(draft),
        "reasons": answer.reasons,
        "missing": label_slots(answer.missing),
    }
    return Ending(closing, [outfit, {"type": "done", "status": "ready"}])


def say_line(draft: Draft) -> str:
    context = draft.review.context
    return say_verdict(context.weather, draft.worn or (), language=context.language)


def describe_checks(draft: Draft, answer: OutfitAnswer, *, held_back: int) -> dict[str, Any]:
    """What the checks found in what is shown, and what they kept from being shown."""
    pieces = [(piece.garment_id, piece.slot) for piece in answer.pieces]
    faults = check_outfit(draft.review.context, pieces, answer.missing, answer.prose)
    worn = draft.worn or ()
    return {
        "judged": judge_outfit(worn, draft.review.context).to_json() if worn else {},
        "faults": sorted({fault.code for fault in faults}),
        "withheld": draft.review.withheld,
        "language": draft.review.context.language,
        "held_back": held_back,
    }
