"""What a wearer gets to see of an answer, judged as a whole: the last word, also on what came in parts."""

from collections.abc import Sequence
from typing import Any

from registry.tasks import Review, Violation
from styling.checks.claims import Claims
from styling.checks.hard_faults import JudgedPieces, judge_pieces
from styling.checks.prose_gate import WITHHELD_AT_MOST, edit_prose
from styling.stylist.comfort import read_comfort
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.judgement import list_gaps
from styling.stylist.parameters import Parameters
from styling.stylist.prose import write_prose
from styling.stylist.reasons import explain_outfit
from styling.stylist.search import Outfit
from styling.tasks import OutfitAnswer, Piece


class OutfitReview(Review):
    """`is_last`: there is no other answer to be had, so its pieces are shown as they are, as far as they
    are the wearer's. `is_reworded`: the prose is the built-in voice's."""

    def __init__(self, context: OutfitContext, *, is_last: bool = False) -> None:
        super().__init__()
        self.context = context
        self.is_last = is_last
        self.is_reworded = False
        self.withheld = 0

    def judge(self, said: Sequence[Any]) -> JudgedPieces:
        """The pieces, as pairs of id and slot. Not for an event loop."""
        judged = judge_pieces(self.context, said)
        if judged.faults and not self.is_last:
            self.stopped = list(judged.faults)
            self.hold_back()
        return judged

    def edit(self, output: OutfitAnswer) -> OutfitAnswer:
        judged = self.judge([(piece.garment_id, piece.slot) for piece in output.pieces])
        if self.is_held_back:
            return output
        if self.is_last:
            return self._build(output, judged.worn, output.reasons, output.prose)
        claims = Claims.of(self.context, judged.worn)
        edited = edit_prose(claims, output.prose)
        reasons, faults = keep_true(claims, output.reasons)
        self.note(edited.faults + faults, edited.withheld)
        self.is_reworded = self.withheld > WITHHELD_AT_MOST or not edited.text.strip()
        prose = edited.text.strip()
        if self.is_reworded:
            prose = say_built_in(self.context, judged.worn, output.missing)
        return self._build(output, judged.worn, reasons, prose)

    def _build(
        self, output: OutfitAnswer, worn: Sequence[Candidate], reasons: list[str], prose: str
    ) -> OutfitAnswer:
        return OutfitAnswer(
            pieces=[Piece(garment_id=piece.id, slot=piece.slot) for piece in worn],
            missing=keep_missing(output.missing, worn),
            reasons=reasons,
            prose=prose,
        )

    def note(self, faults: Sequence[Violation], withheld: int) -> None:
        """Count what was taken out of the words."""
        self.stopped, self.withheld = list(faults), withheld


def keep_true(claims: Claims, reasons: Sequence[str]) -> tuple[list[str], tuple[Violation, ...]]:
    """The reasons without those that name what is not there; the stylist may say what it left out."""
    kept: list[str] = []
    faults: list[Violation] = []
    for reason in reasons:
        found = [fault for clause in claims.judge(reason) for fault in clause.faults]
        faults += found
        if not found:
            kept.append(reason)
    return kept, tuple(faults)


def keep_missing(said: Sequence[str], worn: Sequence[Candidate]) -> list[str]:
    """The places that are said to be empty and are, and those that are empty and were not named."""
    slots = {piece.slot for piece in worn} | ({"top", "bottom"} if _has_dress(worn) else set())
    named = [slot for slot in dict.fromkeys(said) if slot not in slots]
    return named + sorted(list_gaps(worn) - set(named)) if worn else named


def _has_dress(worn: Sequence[Candidate]) -> bool:
    return any(piece.slot == "dress" for piece in worn)


def say_built_in(context: OutfitContext, worn: Sequence[Candidate], missing: Sequence[str]) -> str:
    """The built-in voice's prose for an outfit."""
    outfit = Outfit(tuple(worn), tuple(missing), 0.0)
    return write_prose(outfit, context, read_comfort(context), tone=Parameters().tone)


def explain_built_in(
    context: OutfitContext, worn: Sequence[Candidate], missing: Sequence[str]
) -> list[str]:
    """The built-in stylist's reasons for an outfit."""
    outfit = Outfit(tuple(worn), tuple(missing), 0.0)
    return explain_outfit(outfit, context, read_comfort(context))
