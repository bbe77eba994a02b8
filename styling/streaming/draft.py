"""An answer while it is written: what may be said already, and what is held back."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from styling.streaming.partial_json import Ended, Item, Part, PartialJson, PartialJsonError, Text
from styling.streaming.transcript import Transcript
from styling.tasks import OutfitAnswer

SECONDS_PER_DELTA = 0.05
"""Twenty events a second read as flowing text; a model may well be ten times faster."""


class NotOfferedError(Exception):
    """The answer names a garment that was not offered, or one place twice."""


class Draft:
    """Turns the raw text of an answer into `piece` and `delta` events.

    `cards` holds what is shown of each garment on offer, by id. Prose waits for the last piece to
    be known as one of them, whatever order the answer comes in.
    """

    def __init__(self, transcript: Transcript, cards: Mapping[UUID, Mapping[str, Any]]) -> None:
        self.pieces: list[tuple[UUID, str]] = []
        self.prose = ""
        self.first_word_ms: float | None = None
        self._transcript = transcript
        self._cards = cards
        self._reader: PartialJson | None = PartialJson()
        self._are_pieces_whole = False
        self._held = ""
        self._loop = asyncio.get_running_loop()
        self._started_at = self._next_delta_at = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None

    def feed(self, text: str) -> None:
        """Take more of the raw answer. Raises NotOfferedError."""
        if self._reader is None:
            return
        try:
            parts = self._reader.feed(text)
        except PartialJsonError:
            # The door reads the whole answer too, and has the last word on whether it is valid.
            self._reader = None
            return
        for part in parts:
            self._take(part)

    def complete(self, answer: OutfitAnswer) -> None:
        """Say what the whole answer holds and was not said yet. Raises NotOfferedError."""
        shown = [(str(garment_id), slot) for garment_id, slot in self.pieces]
        wanted = [(piece.garment_id, piece.slot) for piece in answer.pieces]
        if wanted[: len(shown)] != shown:
            raise NotOfferedError("The answer changed its mind about a piece.")
        for garment_id, slot in wanted[len(shown) :]:
            self._add_piece(garment_id, slot)
        self._are_pieces_whole = True
        said = self.prose + self._held
        if answer.prose.startswith(said):
            self._held += answer.prose[len(said) :]
        self._flush()

    def drop(self) -> None:
        """Say nothing more, not even what is held back."""
        self._reader, self._held = None, ""
        self._flush()

    def _take(self, part: Part) -> None:
        match part:
            case Item("pieces", {"garment_id": str(garment_id), "slot": str(slot)}):
                self._add_piece(garment_id, slot)
            case Item("pieces", value):
                raise NotOfferedError(f"Not a piece: {value!r}")
            case Ended("pieces"):
                self._are_pieces_whole = True
                self._say("")
            case Text("prose", text):
                self._say(text)

    def _add_piece(self, garment_id: str, slot: str) -> None:
        try:
            garment = UUID(garment_id)
            card = self._cards[garment]
        except (KeyError, ValueError):
            raise NotOfferedError(f"Not offered: {garment_id}") from None
        if slot != card["slot"]:
            raise NotOfferedError(f"{garment_id} is not worn as {slot}")
        places = [self._cards[known]["place"] for known, _ in self.pieces]
        if card["place"] in places or (garment, slot) in self.pieces:
            raise NotOfferedError(f"Two pieces for {slot}")
        self.pieces.append((garment, slot))
        self._transcript.append(
            "piece", **{name: value for name, value in card.items() if name != "place"}
        )

    def _say(self, text: str) -> None:
        self._held += text
        if not self._held or not self._are_pieces_whole or self._timer:
            return
        if self._loop.time() >= self._next_delta_at:
            self._flush()
        else:
            self._timer = self._loop.call_at(self._next_delta_at, self._flush)

    def _flush(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if not self._held or not self._are_pieces_whole:
            return
        now = self._loop.time()
        if self.first_word_ms is None:
            self.first_word_ms = (now - self._started_at) * 1000
        self._transcript.append("delta", text=self._held)
        self.prose += self._held
        self._held = ""
        self._next_delta_at = now + SECONDS_PER_DELTA
