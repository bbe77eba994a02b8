"""Why an answer changes so little against a former one to the same question."""

from collections.abc import Sequence

from styling.stylist.context import Candidate, OutfitContext

MOST_NAMED = 2

PLACES = {
    "top": "tops",
    "bottom": "bottoms",
    "dress": "dresses",
    "shoes": "shoes",
    "outerwear": "outer layers",
}


def say_unchanged(unchanged: Sequence[Candidate], context: OutfitContext) -> str:
    """A sentence with a reason for each place that came again; empty for an answer that differs."""
    if not unchanged:
        return ""
    slots = dict.fromkeys(piece.slot for piece in unchanged if piece.slot in PLACES)
    why = [say_why(slot, unchanged, context) for slot in slots]
    return f"Little could change: {' and '.join(why)}." if why else ""


def say_why(slot: str, unchanged: Sequence[Candidate], context: OutfitContext) -> str:
    ids = {piece.id for piece in unchanged}
    others = [p for p in context.wardrobe if p.slot == slot and p.id not in ids]
    if others:
        return f"no other {PLACES[slot]} suit the day and what you asked"
    absent = [piece for piece in context.absent if piece.slot == slot]
    if not absent:
        return f"you have no other {PLACES[slot]}"
    if len(absent) > MOST_NAMED or len({piece.why for piece in absent}) > 1:
        return f"your other {PLACES[slot]} cannot be worn now"
    names = " and ".join(piece.name for piece in absent)
    return f"your only other {PLACES[slot]}, {names}, are {absent[0].why}"
