"""The warmest and the lightest that a wardrobe can do for an occasion, in clo."""

from styling.clo import ensemble_clo
from styling.comfort import UNSEEN_CLO
from styling.context import Candidate, OutfitContext

FORMALITY_STEPS = 1
MARGIN_CLO = 0.15
"""Within this of a limit, an outfit is as warm, or as light, as it could be."""


def keep_proper(context: OutfitContext) -> list[Candidate]:
    """What is within a step of the event's formality."""
    aim = context.event.formality
    return [p for p in context.wardrobe if abs(p.formality - aim) <= FORMALITY_STEPS]


def warmest_clo(context: OutfitContext) -> float:
    """One piece for each place, and one accessory of each type."""
    most: dict[str, float] = {}
    for piece in keep_proper(context):
        place = piece.type if piece.slot == "accessory" else piece.place
        most[place] = max(most.get(place, 0.0), piece.clo)
    separates = most.pop("top base", 0.0) + most.pop("bottom base", 0.0)
    body = max(separates, most.pop("dress base", 0.0))
    return ensemble_clo(body + sum(most.values()) + UNSEEN_CLO)


def lightest_clo(context: OutfitContext) -> float:
    """The lightest dress, or top and bottom, with shoes, as far as they are owned."""
    proper = keep_proper(context)

    def least(slot: str) -> float:
        owned = [piece for piece in context.wardrobe if piece.slot == slot]
        fitting = [piece for piece in proper if piece.slot == slot] or owned
        return min((piece.clo for piece in fitting), default=float("inf"))

    body, shoes = min(least("dress"), least("top") + least("bottom")), least("shoes")
    known = sum(clo for clo in (body, shoes) if clo < float("inf"))
    return ensemble_clo(known + UNSEEN_CLO)


def is_warmest(worth: float, context: OutfitContext) -> bool:
    return worth + MARGIN_CLO >= warmest_clo(context)


def is_lightest(worth: float, context: OutfitContext) -> bool:
    return worth - MARGIN_CLO <= lightest_clo(context)
