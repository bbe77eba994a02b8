"""Rows of a training set as lessons: what each head sees of a garment, and which words are accepted of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feedback.models import TrainingRow
from feedback.training.fitting import CORRECTED, Floats, Lesson, Seen, join_lessons, join_seen
from feedback.training.gathering import HEADS
from feedback.training.looking import Look, find_place, list_colours, read_rehearsal
from wardrobe.vision.families import FAMILY_OF
from wardrobe.vision.heads import Head, Heads

Flags = NDArray[np.bool_]
Split = TrainingRow.Split


@dataclass(frozen=True)
class Garments:
    """The rows of a set as heads see them: answers (n, d) standardised, logits of measured colours; `drawn` likewise."""

    heads: Heads
    rows: Sequence[TrainingRow]
    look: Look
    drawn: Look

    @classmethod
    def of(cls, heads: Heads, rows: Sequence[TrainingRow], look: Look) -> "Garments":
        """Raises WeightsMismatchError."""
        drawn = read_rehearsal(heads.adapter).take_first(look.answers.shape[1])
        return cls(heads, rows, standardise(heads, look), standardise(heads, drawn))

    def flag(self, test: Callable[[TrainingRow], Any]) -> Flags:
        """(rows,)"""
        return np.array([bool(test(row)) for row in self.rows], dtype=bool)

    def list_heads(self) -> dict[str, Head]:
        """By field, the heads that see no more than was looked at."""
        width = self.look.answers.shape[1]
        found = {
            field: self.heads.heads.get(HEADS.get(field, field))
            for field in sorted({row.field for row in self.rows if row.split == Split.TRAINING})
        }
        return {
            field: head
            for field, head in found.items()
            if head and len(head.coefficients) - 1 <= width
        }

    def see(self, field: str, look: Look) -> Seen:
        """What the head of a field sees: with the measured colours, if it leans on them."""
        if HEADS.get(field) != "colour":
            return Seen(look.answers)
        words = list_colours()
        columns = [words.index(word) for word in self.heads.heads["colour"].words]
        return Seen(look.answers, look.colours[:, columns])

    def list_known(self, field: str, flags: Flags) -> list[TrainingRow]:
        """The flagged rows of a field whose word its head knows."""
        head = self.heads.heads[HEADS.get(field, field)]
        own = [row for row, one in zip(self.rows, flags, strict=True) if one and row.field == field]
        return [row for row in own if accept(head, field, row.value).any()]

    def teach(self, field: str, flags: Flags) -> Lesson:
        """The lesson of a field, of the flagged rows that are of it and whose word the head knows."""
        head, own = self.heads.heads[HEADS.get(field, field)], self.list_known(field, flags)
        keys = {row.pk for row in own}
        chosen = self.flag(lambda row: row.pk in keys)
        accepted = [accept(head, field, row.value) for row in own]
        return Lesson(
            self.see(field, self.look).take(chosen),
            np.array(accepted, np.float32).reshape(-1, len(head.words)),
            np.array([CORRECTED * row.weight for row in own], dtype=np.float32),
        )

    def rehearse(self, field: str) -> Seen:
        """What the head of a field keeps: of garments of which nobody corrected it, and of drawings."""
        own = [row for row in self.rows if row.field == field]
        said = {find_place(row) for row in own if row.split == Split.TRAINING}
        kept = self.flag(lambda row: row.split == Split.REHEARSED and find_place(row) not in said)
        return join_seen(self.see(field, self.look).take(kept), self.see(field, self.drawn))

    def judge(self, field: str) -> Lesson:
        """What a field is judged by: what reviewers said, and behind these what the head said of what nobody corrected."""
        return join_lessons(*self.list_judges(field))

    def list_judges(self, field: str) -> tuple[Lesson, Lesson]:
        """What reviewers said of what is kept apart, and what the head said of what nobody corrected of it."""
        flags = self.flag(lambda row: row.split == Split.VALIDATION)
        said = {find_place(row) for row in self.rows if row.field == field}
        silent = flags & self.flag(lambda row: find_place(row) not in said)
        head = self.heads.heads[HEADS.get(field, field)]
        seen = self.see(field, self.look).take(silent)
        likeliest = np.eye(len(head.words), dtype=np.float32)[seen.rate(head).argmax(axis=1)]
        return self.teach(field, flags), Lesson(seen, likeliest, np.ones(len(seen), np.float32))


def standardise(heads: Heads, look: Look) -> Look:
    """As wide as it is."""
    width = look.answers.shape[1]
    own = replace(heads, means=heads.means[:width], deviations=heads.deviations[:width])
    return replace(look, answers=own.standardise(look.answers))


def accept(head: Head, field: str, value: str) -> Floats:
    """(words,): 1 for each that is right. Of a type that is the name of a family any type of it is."""
    same = [word == value for word in head.words]
    if field == "type" and FAMILY_OF.get(value) == value:
        same = [FAMILY_OF.get(word) == value for word in head.words]
    return np.array(same, dtype=np.float32)
