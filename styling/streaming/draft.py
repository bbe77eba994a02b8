"""An answer while it is written: what may be said already, and what is held back."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from styling.checks.claims import Claims
from styling.checks.prose_gate import ProseGate
from styling.flatlay.recipes import Lying, name_places
from styling.streaming.cards import describe_piece
from styling.streaming.partial_json import Ended, Item, Part, PartialJson, PartialJsonError, Text
from styling.streaming.reviews import (
    OutfitReview,
    explain_built_in,
    keep_missing,
    keep_true,
    say_built_in,
)
from styling.streaming.transcript import Transcript
from styling.stylist.context import Candidate
from styling.tasks import OutfitAnswer, Piece
from wardrobe.models import Garment

FindLost = Callable[[Sequence[UUID]], Awaitable[set[UUID]]]

SECONDS_PER_DELTA = 0.05
"""Twenty events a second read as flowing text; a model may well be ten times faster."""
EARLIER = 0.25
"""By this part of the time between two events a word may be early and is shown as it comes, with those that waited: a
clock that wakes the process for them only costs as much as the event."""

UNHURRIED, MOST_GATHERED = 8, 3.0
"""With more answers at once in one process than the first, words are gathered for longer, in proportion, up to so many
times as long: seven events a second still read as flowing text."""


def pace(answers: int) -> float:
    """Seconds between two events of words in a process that writes so many answers."""
    return SECONDS_PER_DELTA * min(max(answers / UNHURRIED, 1.0), MOST_GATHERED)


class HeldBackError(Exception):
    """No wearer gets to see the pieces of this answer."""


class FalseProseError(Exception):
    """Too much of the prose was withheld: somebody else has to write it."""


class Draft:
    """Turns the raw text of an answer into `piece` and `delta` events.

    `garments` are those on offer, by id; one that is shown is told of then. The pieces are judged when their list is
    whole, and shown then; the prose waits for them, whatever order the answer comes in, and goes through a
    gate. `review` hears what was stopped. `find_lost` says which of borrowed garments may not be worn any more,
    `pace` the seconds between two `delta`s.
    """

    def __init__(
        self,
        transcript: Transcript,
        garments: Mapping[UUID, Garment],
        review: OutfitReview,
        find_lost: FindLost | None = None,
        pace: Callable[[], float] = lambda: SECONDS_PER_DELTA,
    ) -> None:
        self.review = review
        self._find_lost = find_lost
        self._pace = pace
        self.worn: tuple[Candidate, ...] | None = None
        self.prose = ""
        self.first_word_ms: float | None = None
        self._transcript = transcript
        self._garments = garments
        self._reader: PartialJson | None = PartialJson()
        self._offered: list[Any] = []
        self._missing: list[str] = []
        self._reasons: list[str] = []
        self._unread = self._early = ""
        self._fault: Exception | None = None
        self._gate: ProseGate | None = None
        self._held = ""
        self._loop = asyncio.get_running_loop()
        self._started_at = self._due = self._due_early = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def pieces(self) -> list[tuple[UUID, str]]:
        """What is shown."""
        return [(UUID(piece.id), piece.slot) for piece in self.worn or ()]

    async def feed(self, text: str) -> None:
        """Take more of the raw answer. Words are read when they can be shown next. Raises HeldBackError,
        FalseProseError."""
        if self._fault:
            raise self._fault
        self._unread += text
        if self.worn is None:
            for part in self._read():
                await self._take(part)
        elif '"' in text or self._loop.time() >= self._due_early:
            self._read_on()  # At once where the prose may end: the call is closed by what was found in it.
        elif not self._timer:
            self._timer = self._loop.call_at(self._due, self._read_late)

    def complete(self, answer: OutfitAnswer) -> OutfitAnswer:
        """Say what the whole answer, as it was reviewed, holds and was not said yet. The answer as it is
        shown: a list of pieces that came twice cannot take back the first. Raises FalseProseError."""
        if self._fault:
            raise self._fault
        if self.worn is not None:
            self._read_on()
        found = self._find_pieces(answer.pieces)
        if self.worn is None:
            self._show(found)
        elif self.worn != tuple(found):
            answer = self.plan_built_in()
        if self._gate:
            self._held += self._gate.finish()
        said = self._gate.kept.strip() if self._gate else self.prose + self._held
        if said != answer.prose:
            self._replace(answer.prose)
        self._flush()
        return answer

    def plan_built_in(self) -> OutfitAnswer:
        """The built-in voice's words for the pieces that are shown. Searches: not for an event loop."""
        context, worn = self.review.context, self.worn or ()
        missing = keep_missing(self._missing, worn)
        reasons, faults = keep_true(Claims.of(context, worn), self._reasons)
        answer = OutfitAnswer(
            pieces=[Piece(garment_id=piece.id, slot=piece.slot) for piece in worn],
            missing=missing,
            reasons=reasons or explain_built_in(context, worn, missing),
            prose=say_built_in(context, worn, missing),
        )
        self.review.stopped += faults
        return answer

    def replace_prose(self, answer: OutfitAnswer) -> None:
        """Say these words in place of what was said."""
        self._reader, self._held = None, ""
        self._replace(answer.prose)
        self._flush()

    def drop(self) -> None:
        """Say nothing more, not even what is held back."""
        self._reader, self._held = None, ""
        self._flush()

    def _read(self) -> list[Part]:
        """What became known since the last time."""
        text, self._unread = self._unread, ""
        if self._reader is None:
            return []
        try:
            return self._reader.feed(text)
        except PartialJsonError:
            # The door reads the whole answer too, and has the last word on whether it is valid.
            self._reader = None
            return []

    def _rest(self) -> None:
        """No words until the next are due, or a little earlier."""
        pace = self._pace()
        self._due = self._loop.time() + pace
        self._due_early = self._due - EARLIER * pace

    def _read_on(self) -> None:
        """Once the pieces are shown: nothing here has to be waited for. Behind the first words, what the gate keeps is not
        looked at again with each. Raises FalseProseError."""
        for part in self._read():
            self._take_words(part)
        if self.prose:
            self._rest()

    def _read_late(self) -> None:
        """As above, by the clock: what is wrong is raised to whoever feeds next, or completes."""
        self._timer = None
        try:
            self._read_on()
        except Exception as error:  # noqa: BLE001 - Nobody waits for the clock; the next call raises it.
            self._fault = error
        self._flush()

    async def _take(self, part: Part) -> None:
        if isinstance(part, Ended) and part.key == "pieces":
            await self._judge_pieces()
        else:
            self._take_words(part)

    def _take_words(self, part: Part) -> None:
        match part:
            case Item("pieces", {"garment_id": garment_id, "slot": slot}):
                self._offered.append((garment_id, slot))
            case Item("pieces", value):
                self._offered.append(value)
            case Item("missing", str(slot)):
                self._missing.append(slot)
            case Item("reasons", str(reason)):
                self._reasons.append(reason)
            case Text("prose", text):
                self._hear(text)
            case Ended("prose") if self._gate:
                self._say(self._gate.finish())
                self._count()

    async def _judge_pieces(self) -> None:
        if self.worn is not None:
            return
        judged = await asyncio.to_thread(self.review.judge, self._offered)
        if self.review.is_held_back:
            raise HeldBackError(", ".join(fault.code for fault in judged.faults))
        await self._forget_lost([UUID(piece.id) for piece in judged.worn if piece.whose])
        self._show(judged.worn)
        self._hear("")

    async def _forget_lost(self, borrowed: Sequence[UUID]) -> None:
        """Of what others lend, nothing is shown that was taken back while the answer was thought of."""
        if borrowed and self._find_lost:
            lost = await self._find_lost(borrowed)
            self._garments = {
                pk: garment for pk, garment in self._garments.items() if pk not in lost
            }

    def _find_pieces(self, pieces: Sequence[Piece]) -> list[Candidate]:
        found = (self.review.context.find(piece.garment_id) for piece in pieces)
        return [piece for piece in found if piece and UUID(piece.id) in self._garments]

    def _show(self, worn: Sequence[Candidate]) -> None:
        # A garment may have been deleted since it was offered.
        self.worn = tuple(piece for piece in worn if UUID(piece.id) in self._garments)
        places = name_places([Lying(piece.slot, piece.layer) for piece in self.worn])
        filled = [place for place in places if place]
        for (key, _), place in zip(self.pieces, places, strict=True):
            card = describe_piece(self._garments[key], self.review.context.words)
            self._transcript.append("piece", **card, place=place, filled=filled)

    def _hear(self, text: str) -> None:
        self._early += text
        if self.worn is None:
            return
        if self.review.is_last:
            self._say(self._early)
            self._early = ""
            return
        if self._gate is None:
            self._gate = ProseGate.of(
                Claims.of(self.review.context, self.worn), self.review.context
            )
        early, self._early = self._early, ""
        self._say(self._gate.feed(early))
        self._count()

    def _count(self) -> None:
        gate = self._gate
        if gate is None or not gate.withheld:
            return
        self.review.note(gate.faults, gate.withheld)
        if gate.is_exhausted:
            self.review.hold_back()
            raise FalseProseError

    def _replace(self, prose: str) -> None:
        """Say it all anew."""
        if self.prose:
            self._transcript.append("reworded")
        self.prose, self._held = "", prose

    def _say(self, text: str) -> None:
        self._held += text
        if not self._held:
            return
        if self._loop.time() >= self._due_early:
            self._flush()
        elif not self._timer:
            self._timer = self._loop.call_at(self._due, self._read_late)

    def _flush(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if not self._held:
            return
        if self.first_word_ms is None:
            self.first_word_ms = (self._loop.time() - self._started_at) * 1000
        self._transcript.append("delta", text=self._held)
        self.prose += self._held
        self._held = ""
        self._rest()
