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
    ids = {piece.id for piece in unchanged}
    owned = {p.slot for p in context.wardrobe if p.id not in ids}
    unsuited = [PLACES[slot] for slot in slots if slot in owned]
    why = [f"no other {join(unsuited)} suit the day and what you asked"] if unsuited else []
    why += [say_why(slot, context) for slot in slots if slot not in owned]
    return f"Little could change: {' and '.join(why)}." if why else ""


def join(places: Sequence[str]) -> str:
    """ "tops", "tops or shoes", "tops, bottoms or shoes"."""
    return " or ".join(filter(None, [", ".join(places[:-1]), places[-1]]))


def say_why(slot: str, context: OutfitContext) -> str:
    """Of a place for which nothing else is offered."""
    absent = [piece for piece in context.absent if piece.slot == slot]
    if not absent:
        return f"you have no other {PLACES[slot]}"
    if len(absent) > MOST_NAMED or len({piece.why for piece in absent}) > 1:
        return f"your other {PLACES[slot]} cannot be worn now"
    names = " and ".join(piece.name for piece in absent)
    return f"your only other {PLACES[slot]}, {names}, are {absent[0].why}"
