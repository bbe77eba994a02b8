"""What no wearer gets to see: faults for which the pieces of an answer are held back, whatever its words are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from registry.tasks import Violation
from styling.checks.violations import (
    check_ownership,
    check_places,
    find_bare_legs,
    find_repetition,
    find_unheeded,
    lacks_cover,
)
from styling.stylist.comfort import read_comfort
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.judgement import list_gaps
from styling.stylist.search import suggest_outfits

PIECES_AT_MOST = 30


@dataclass(frozen=True)
class JudgedPieces:
    """The pieces of an answer, without repeats, and why nobody gets to see them, if so."""

    worn: tuple[Candidate, ...]
    faults: tuple[Violation, ...]


def judge_pieces(context: OutfitContext, said: Sequence[Any]) -> JudgedPieces:
    """`said` are pairs of garment id and slot, as a model wrote them. May search for the best outfit: not
    for an event loop."""
    pairs = list(dict.fromkeys(pair for pair in said if _is_pair(pair)))
    faults = [
        Violation("unowned_item", f"Not a piece: {one!r:.80}") for one in said if not _is_pair(one)
    ]
    if len(said) > PIECES_AT_MOST:
        faults.append(Violation("duplicate_slot", f"{len(said)} pieces."))
    found = {garment_id: context.find(garment_id) for garment_id, _ in pairs}
    worn = [piece for piece in found.values() if piece is not None]
    faults += [*check_ownership(context, pairs), *check_places(pairs, worn)]
    if not faults:
        faults += _find_faults(context, worn)
    return JudgedPieces(tuple(worn), tuple(faults))


def _is_pair(one: Any) -> bool:
    return isinstance(one, tuple) and all(isinstance(part, str) for part in one)


def _find_faults(context: OutfitContext, worn: list[Candidate]) -> Iterator[Violation]:
    """A piece that the wearer asked to start from is the wearer's own wish."""
    yield from find_unheeded(context, worn)
    yield from find_repetition(context, worn)
    comfort, context = read_comfort(context), context.narrowed
    for piece in worn:
        if comfort.bans(piece) and piece.id not in context.chosen:
            yield Violation("coat_when_hot", f"{piece.name} at {comfort.high_c:.0f} °C.")
    yield from find_bare_legs(context, worn, comfort)
    if lacks_cover(context, worn, comfort):
        yield Violation("rain_unprotected", "Nothing against the rain, though it is owned.")
    yield from _find_gaps(context, worn)


def _find_gaps(context: OutfitContext, worn: list[Candidate]) -> Iterator[Violation]:
    """What the outfit lacks and the wardrobe could fill, a piece that was asked for among it: the built-in
    stylist tries."""
    gaps, unheeded = list_gaps(worn), list_unanswered(context, worn)
    if not gaps and not unheeded:
        return
    best = next(iter(suggest_outfits(context, count=1)), None)
    if best is None:
        return
    for slot in sorted(gaps - list_gaps(best.pieces)):
        yield Violation("incomplete_outfit", f"No {slot}, though there is one.")
    if len(unheeded) > len(list_unanswered(context, best.pieces)):
        yield Violation("wish_unheeded", "A piece that the note asks for is not worn.")


def list_unanswered(context: OutfitContext, pieces: Sequence[Candidate]) -> list[frozenset[str]]:
    """The wishes that no piece answers to."""
    ids = {piece.id for piece in pieces}
    return [wanted for wanted in context.wishes.wanted if not wanted & ids]
