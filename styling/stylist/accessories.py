"""Socks, and the few accessories that the weather asks for."""

from collections.abc import Iterator

from styling.stylist.comfort import Comfort, sum_clo
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.parameters import Parameters
from styling.stylist.shortlist import FORMAL, groups_of

SCARF_CELSIUS, HAT_CELSIUS, GLOVES_CELSIUS = 8.0, 5.0, 3.0
TIGHTS_CLO = 0.6
"""From this need on, bare legs under a skirt are cold."""
STRONG_UV = 6.0
"""The WHO's "high", from which it advises a hat."""
MOST_ACCESSORIES = 3
THERMALS_CLO = 0.3


def choose_accessories(
    main: list[Candidate], context: OutfitContext, comfort: Comfort, parameters: Parameters
) -> list[Candidate]:
    """What goes with the main pieces: a piece to start from, socks, and what the weather asks for."""
    extras = list(_start(main, context))
    taken = {piece.place for piece in extras}
    for wanted in (_socks(main, context, comfort), _thermals(main, context, comfort)):
        extras += [piece for piece in wanted if piece.place not in taken]
    for piece in (*_tie(main, context, parameters), *_accessories(context, comfort, parameters)):
        if len(extras) < MOST_ACCESSORIES + 2 and piece.place not in {
            extra.place for extra in extras
        }:
            extras.append(piece)
    return extras


def _start(main: list[Candidate], context: OutfitContext) -> Iterator[Candidate]:
    """The piece to start from, and one for each wish, when it is none of the main ones."""
    extras = [piece for piece in context.wardrobe if not groups_of(piece)]
    yield from (piece for piece in extras if piece.id == context.start_from)
    for ids in context.wishes.wanted:
        fitting = [piece for piece in extras if piece.id in ids]
        if len(fitting) == len(ids):
            yield _best(fitting, context)


def _socks(main: list[Candidate], context: OutfitContext, comfort: Comfort) -> Iterator[Candidate]:
    """Tights under a skirt or a dress in the cool, else socks in closed shoes, when owned."""
    owned = [piece for piece in context.wardrobe if piece.slot == "socks"]
    is_skirt = any(piece.type in {"skirt", "dress"} for piece in main)
    has_closed_shoes = any(piece.slot == "shoes" and piece.closed for piece in main)
    tights = [piece for piece in owned if piece.type == "tights"]
    socks = [piece for piece in owned if piece.type != "tights"]
    if is_skirt and comfort.needed >= TIGHTS_CLO and tights:
        yield _best(tights, context)
    elif has_closed_shoes and socks:
        yield _best(socks, context)


def _thermals(
    main: list[Candidate], context: OutfitContext, comfort: Comfort
) -> Iterator[Candidate]:
    owned = [piece for piece in context.wardrobe if piece.type == "thermals"]
    if owned and comfort.needed - sum_clo(main) > THERMALS_CLO:
        yield _best(owned, context)


def _tie(
    main: list[Candidate], context: OutfitContext, parameters: Parameters
) -> Iterator[Candidate]:
    is_formal = parameters.rules.formality and context.aim >= FORMAL
    if is_formal and any(piece.type == "shirt" for piece in main):
        yield from _one(context, "tie")


def _accessories(
    context: OutfitContext, comfort: Comfort, parameters: Parameters
) -> Iterator[Candidate]:
    weather = context.weather
    if comfort.is_wet and parameters.rules.rain:
        yield from _one(context, "umbrella")
    if comfort.low_c < HAT_CELSIUS:
        yield from _hat(context, "cold")
    if comfort.low_c < SCARF_CELSIUS:
        yield from _one(context, "scarf")
    if comfort.low_c < GLOVES_CELSIUS:
        yield from _one(context, "gloves")
    is_strong_sun = weather is not None and (weather.uv or 0) >= STRONG_UV
    if is_strong_sun and not comfort.is_wet and not context.event.indoors:
        yield from _hat(context, "sun")


def _one(context: OutfitContext, type_: str) -> Iterator[Candidate]:
    owned = [piece for piece in context.wardrobe if piece.type == type_]
    if owned:
        yield _best(owned, context)


def _hat(context: OutfitContext, use: str) -> Iterator[Candidate]:
    owned = [piece for piece in context.wardrobe if piece.slot == "hat" and use in piece.use]
    if owned:
        yield _best(owned, context)


def _best(pieces: list[Candidate], context: OutfitContext) -> Candidate:
    """The one nearest to the occasion, then the one that has waited longest."""
    return min(
        pieces,
        key=lambda piece: (
            abs(piece.formality - context.aim),
            piece.last_worn_on or context.today.min,
            piece.name,
        ),
    )
