"""Why an answer changes so little against a former one to the same question."""

from collections.abc import Sequence

from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.voices.choice import voice_of
from styling.stylist.voices.voice import Rest

MOST_NAMED = 2
PLACES = ("top", "bottom", "dress", "shoes", "outerwear")


def say_unchanged(unchanged: Sequence[Candidate], context: OutfitContext) -> str:
    """A sentence with a reason for each place that came again; empty for an answer that differs."""
    if not unchanged:
        return ""
    slots = dict.fromkeys(piece.slot for piece in unchanged if piece.slot in PLACES)
    ids = {piece.id for piece in unchanged}
    owned = {p.slot for p in context.wardrobe if p.id not in ids}
    unsuited = [slot for slot in slots if slot in owned]
    rests = [find_rest(slot, context) for slot in slots if slot not in owned]
    return voice_of(context.language).say_unchanged(unsuited, rests)


def find_rest(slot: str, context: OutfitContext) -> Rest:
    """Of a place for which nothing else is offered."""
    absent = [piece for piece in context.absent if piece.slot == slot]
    if not absent:
        return Rest(slot, is_owned=False)
    if len(absent) > MOST_NAMED or len({piece.why for piece in absent}) > 1:
        return Rest(slot)
    return Rest(slot, names=tuple(piece.name for piece in absent), why=absent[0].why)
