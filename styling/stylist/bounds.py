"""The warmest and the lightest that a wardrobe can do for an occasion, in clo."""

from collections.abc import Sequence

from styling.stylist.clo import ensemble_clo
from styling.stylist.comfort import UNSEEN_CLO, read_comfort
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.shortlist import groups_of, is_proper

MARGIN_CLO = 0.15
"""Within this of a limit, an outfit is as warm, or as light, as it could be."""


EXCLUDES = {"dress": {"top", "bottom"}, "top": {"dress"}, "bottom": {"dress"}}


def keep_proper(context: OutfitContext) -> list[Candidate]:
    """What may be worn to the event. A piece to start from has no rivals: that it is off the occasion, or the
    weather, is the wearer's own wish."""
    comfort = read_comfort(context)
    proper = [piece for piece in context.wardrobe if is_proper(piece, context, comfort)]
    start = context.find(context.start_from) if context.start_from else None
    if start is None or not groups_of(start):
        return proper
    rivals = groups_of(start) | EXCLUDES.get(start.slot, set())
    return [piece for piece in proper if not groups_of(piece) & rivals] + [start]


def warmest_clo(context: OutfitContext) -> float:
    """One piece for each place, and one accessory of each type. In the wet only what is rainproof
    counts as outer layer, where such is owned: to choose it over a warmer one is right."""
    most: dict[str, float] = {}
    pieces = keep_proper(context)
    is_wet = read_comfort(context).is_wet
    rainproof = [p for p in pieces if is_wet and p.water_resistant and "outer" in groups_of(p)]
    for piece in rainproof + [p for p in pieces if not rainproof or "outer" not in groups_of(p)]:
        place = piece.type if piece.slot == "accessory" else piece.place
        most[place] = max(most.get(place, 0.0), piece.clo)
    separates = most.pop("top base", 0.0) + most.pop("bottom base", 0.0)
    body = max(separates, most.pop("dress base", 0.0))
    return ensemble_clo(body + sum(most.values()) + UNSEEN_CLO)


def lightest_clo(context: OutfitContext) -> float:
    """The lightest dress, or top and bottom, with shoes, as far as they are owned, and a layer to
    start from."""
    proper = keep_proper(context)

    def least(slot: str) -> float:
        owned = [piece for piece in context.wardrobe if slot in groups_of(piece)]
        fitting = [piece for piece in proper if slot in groups_of(piece)] or owned
        return min((piece.clo for piece in fitting), default=float("inf"))

    body, shoes = min(least("dress"), least("top") + least("bottom")), least("shoes")
    known = sum(clo for clo in (body, shoes) if clo < float("inf"))
    start = context.find(context.start_from) if context.start_from else None
    is_layer = start is not None and not groups_of(start) & {"top", "dress", "bottom", "shoes"}
    layer = start.clo if start and is_layer else 0.0
    return ensemble_clo(known + layer + UNSEEN_CLO)


def find_warmer_off(worn: Sequence[Candidate], context: OutfitContext) -> list[Candidate]:
    """The outer layers that are warmer than what is worn there, and are off the occasion."""
    comfort = read_comfort(context)
    wet = comfort.is_wet
    clo = max((piece.clo for piece in worn if "outer" in groups_of(piece)), default=0.0)
    return [
        piece
        for piece in context.wardrobe
        if "outer" in groups_of(piece)
        and piece.clo > clo + MARGIN_CLO
        and (piece.water_resistant or not wet)
        and not is_proper(piece, context, comfort)
    ]


def is_warmest(worth: float, context: OutfitContext) -> bool:
    return worth + MARGIN_CLO >= warmest_clo(context)


def is_lightest(worth: float, context: OutfitContext) -> bool:
    return worth - MARGIN_CLO <= lightest_clo(context)
