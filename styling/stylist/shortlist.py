"""Which garments are worth combining: hard rules first, then the best of each role.

A role is what a garment does in an outfit: base (a top or a dress), bottom, shoes, mid (a sweater
over it), over (a blazer or a vest) and outer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from styling.notes.leanings import Leaning
from styling.notes.matching import find_meant
from styling.notes.reading import Kind
from styling.stylist.comfort import (
    COAT_CLO,
    OPEN_SHOES_CELSIUS,
    SHORTS_CELSIUS,
    SPORTING_W_M2,
    WALKING_W_M2,
    Comfort,
)
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.features import rank_alone
from styling.stylist.parameters import Parameters
from styling.stylist.seasons import judge_season

Array = NDArray[np.float64]

ROLES = ("base", "bottom", "shoes", "mid", "over", "outer")
BASE, BOTTOM, SHOES, MID, OVER, OUTER = range(len(ROLES))
SHORTLIST = {"top": 24, "dress": 12, "bottom": 18, "shoes": 12, "mid": 10, "over": 8, "outer": 12}
FORMALITY_FIT = np.array([1.0, 0.75, 0.25, 0.08, 0.03, 0.01])
"""By steps away from the event's formality."""
ROLE_CLO = {
    "top": (0.08, 0.30),
    "dress": (0.20, 0.47),
    "bottom": (0.08, 0.28),
    "shoes": (0.02, 0.10),
    "mid": (0.13, 0.36),
    "over": (0.13, 0.44),
    "outer": (0.20, 0.75),
}
"""A role's usual insulation on the warmest and on the coldest day: a first guess for ranking."""
COLDEST_DAY_CLO = 2.0
FRESHNESS_FLOOR = 0.1
"""A garment worn today; it ramps up to 1 over the days in which the wearer will not repeat."""
LIKED, NEUTRAL, DISLIKED = 1.0, 0.7, 0.15
SWEATER_ON_TOP_CLO = 0.6
"""From this need on, a sweater to start from goes over something."""
REPLACES = {"top": ("dress",), "dress": ("top",), "bottom": ("dress",)}
"""What cannot be worn when a piece of a group must be."""
COAT_WEATHER_C = 10.0
"""From here on two layers that come off beat one thick coat."""
FORMAL = 4
"""The rank from which a suit has its jacket, and a shirt its tie."""
NO_SHORTS_FROM = 2
FOR_SPORT = frozenset({"sweatpants", "leggings", "swimwear"})
"""From smart casual on, these and shorts are a step less dressed than they are told to be."""
WALKING_SHOES = {"boots", "rain-boots"}
"""Beside those that are made to move in."""
WARM_SHOES_CLO, WARM_SHOES_CELSIUS = 0.08, 18.0
"""Boots: from here on, and above, other shoes do, unless one walks far or it rains."""
ASKED_FOR = 100.0
"""What the note asks for, and what keeps the rain off where it rains, is among the best of its role, whatever else
speaks against it."""
SLOW_TO_TIRE = {"shoes", "outerwear"}
"""Nobody minds the same coat twice: for these, freshness counts half."""
SMART_ENOUGH_IN_THE_COLD_C = 8.0


@dataclass(frozen=True)
class Shortlist:
    """The garments worth combining and their positions by role. `banned` are kept out by the heat."""

    pieces: list[Candidate]
    roles: dict[str, list[int]]
    banned: list[Candidate] = field(default_factory=list)
    relaxed: frozenset[str] = frozenset()
    """Groups in which nothing was formal, or casual, enough."""
    forced: str = ""
    """The group whose only choice is the piece to start from."""


def make_shortlist(context: OutfitContext, comfort: Comfort, parameters: Parameters) -> Shortlist:
    """The best of each role under the hard rules; a piece to start from is alone in its role."""
    banned = [piece for piece in context.wardrobe if parameters.rules.heat and comfort.bans(piece)]
    banned_ids = {piece.id for piece in banned}
    allowed = [piece for piece in context.wardrobe if piece.id not in banned_ids]
    relaxed: set[str] = set()
    groups: dict[str, list[Candidate]] = {}
    for group in SHORTLIST:
        pieces = [piece for piece in allowed if group in groups_of(piece)]
        if parameters.rules.formality:
            pieces, is_relaxed = keep_proper(pieces, group, context, comfort)
            relaxed |= {group} if is_relaxed else set()
        quality = rank_pieces(pieces, group, context, comfort, parameters)
        groups[group] = [pieces[index] for index in find_best(pieces, quality, group, context)]
    start = next((piece for piece in allowed if piece.id == context.start_from), None)
    forced = start_with(groups, start, comfort)
    return Shortlist(*_index(groups), banned, frozenset(relaxed), forced)


def find_best(
    pieces: list[Candidate], quality: Array, group: str, context: OutfitContext
) -> list[int]:
    """Positions of the best of a group; in a large wardrobe also of those that suit this wearer."""
    most = SHORTLIST[group]
    best = list(np.argsort(-quality, kind="stable")[:most])
    if context.preferences and len(pieces) > most:
        suited = np.argsort(-quality * rank_alone(pieces, context), kind="stable")[: most // 2]
        best += [index for index in suited if index not in best]
    return [int(index) for index in best]


def _index(groups: dict[str, list[Candidate]]) -> tuple[list[Candidate], dict[str, list[int]]]:
    pieces = list({piece.id: piece for group in groups.values() for piece in group}.values())
    position = {piece.id: index for index, piece in enumerate(pieces)}
    at = {name: [position[piece.id] for piece in group] for name, group in groups.items()}
    roles = {
        "base": at["top"] + at["dress"],
        "bottom": at["bottom"],
        "shoes": at["shoes"],
        "mid": at["mid"],
        "over": at["over"],
        "outer": at["outer"],
    }
    return pieces, roles


def groups_of(piece: Candidate) -> set[str]:
    """The groups a garment is ranked in. A sweater is a mid layer, and a top when worn alone."""
    if piece.slot == "top":
        return {"top"} if piece.layer == "base" else {"top", "mid"} if piece.alone else {"mid"}
    if piece.slot == "outerwear":
        return {"over"} if piece.layer == "mid" else {"outer"}
    return {piece.slot} & set(SHORTLIST)


def keep_proper(
    pieces: list[Candidate], group: str, context: OutfitContext, comfort: Comfort
) -> tuple[list[Candidate], bool]:
    """Those proper for the event, else the nearest there are (and True)."""
    limit = formality_limit(group, context, comfort)
    steps = {piece.id: count_off(piece, context) for piece in pieces}
    asked_for = context.wishes.asked_for
    proper = [piece for piece in pieces if steps[piece.id] <= limit or piece.id in asked_for]
    is_optional = group in {"mid", "over"} or (
        group == "outer" and not comfort.is_wet and comfort.low_c >= SMART_ENOUGH_IN_THE_COLD_C
    )
    if proper or not pieces or is_optional:
        return proper, False
    nearest = min(steps.values())
    return [piece for piece in pieces if steps[piece.id] == nearest], True


def count_steps(piece: Candidate, aim: int) -> int:
    """How far a garment is from the formality to aim at."""
    is_for_sport = piece.short or piece.type in FOR_SPORT
    return abs(piece.formality - aim) + (is_for_sport and aim >= NO_SHORTS_FROM)


def count_off(piece: Candidate, context: OutfitContext) -> int:
    """How far a garment is from what is asked. Who asks for something plainer, or smarter, than the occasion asks it
    of what is seen indoors: an outer layer may suit either."""
    aims = {context.aim, context.event.formality} if "outer" in groups_of(piece) else {context.aim}
    return min(count_steps(piece, aim) for aim in aims)


def formality_limit(group: str, context: OutfitContext, comfort: Comfort) -> int:
    """How many steps off the event a piece may be. A parka over a suit is no faux pas in the cold, nor a smart coat
    over jeans for who asks to be warmer."""
    is_cold = (
        comfort.low_c < SMART_ENOUGH_IN_THE_COLD_C or Leaning.WARMER in context.wishes.leanings
    )
    return 2 if group == "outer" and is_cold else 1


def is_proper(piece: Candidate, context: OutfitContext, comfort: Comfort) -> bool:
    """Whether it may be worn to the event; the one bound of search, checks and judgement."""
    limits = [formality_limit(group, context, comfort) for group in groups_of(piece) or {""}]
    return count_off(piece, context) <= max(limits)


def start_with(
    groups: dict[str, list[Candidate]], piece: Candidate | None, comfort: Comfort
) -> str:
    """Make `piece` the only choice of its group, where it has one; the name of that group."""
    if piece is None or not groups_of(piece):
        return ""
    has_base = any(under.place != piece.place for under in groups["top"] + groups["dress"])
    goes_over = has_base and comfort.needed > SWEATER_ON_TOP_CLO
    is_mid = "mid" in groups_of(piece) and (goes_over or not piece.alone)
    group = "mid" if is_mid else min(groups_of(piece) - {"mid"})
    for rival in REPLACES.get(group, ()):
        groups[rival] = []
    groups[group] = [piece]
    return group


def rank_pieces(
    pieces: list[Candidate],
    group: str,
    context: OutfitContext,
    comfort: Comfort,
    parameters: Parameters,
) -> Array:
    """A garment's own worth in a role: proper, about warm enough, fit for rain, liked, fresh."""
    if not pieces:
        return np.zeros(0)
    weights = parameters.weights
    # Squared: in a large wardrobe a guess at warmth must not crowd out what keeps dry.
    cover = judge_cover(pieces, comfort, parameters) ** 2
    taste = (
        weights.preference * judge_preference(pieces, context)
        + weights.freshness * judge_freshness(pieces, context)
        + weights.favourites * judge_favourites(pieces)
        + 0.1
    )
    worth: Array = taste * cover * _guess_warmth(pieces, group, comfort)
    worth = worth * judge_seasons(pieces, context)
    if parameters.rules.formality:
        worth = worth * judge_formality(pieces, context, comfort)
    first = context.wishes.asked_for | {
        piece.id
        for piece in pieces
        if parameters.rules.rain and comfort.is_wet and keeps_rain_off(piece)
    }
    wanted = np.array([ASKED_FOR if piece.id in first else 1.0 for piece in pieces])
    ranked: Array = worth * wanted
    return ranked


def _guess_warmth(pieces: list[Candidate], group: str, comfort: Comfort) -> Array:
    lightest, warmest = ROLE_CLO[group]
    share = min(comfort.needed / COLDEST_DAY_CLO, 1.0)
    target = lightest + share * (warmest - lightest)
    clo = np.array([piece.clo for piece in pieces])
    guessed: Array = 1 / (1 + ((clo - target) / 0.15) ** 2)
    return guessed


def judge_formality(pieces: list[Candidate], context: OutfitContext, comfort: Comfort) -> Array:
    steps = np.array([count_off(piece, context) for piece in pieces], dtype=np.intp)
    # What the weather asks for, and what comes off at the door, counts a step less.
    kept_off = [
        comfort.is_wet and "outer" in groups_of(piece) and piece.water_resistant for piece in pieces
    ]
    steps = np.maximum(steps - np.array(kept_off, dtype=np.intp), 0)
    fit: Array = FORMALITY_FIT[np.minimum(steps, len(FORMALITY_FIT) - 1)]
    return fit


def keeps_rain_off(piece: Candidate) -> bool:
    return piece.slot == "outerwear" and piece.water_resistant


def judge_freshness(pieces: list[Candidate], context: OutfitContext) -> Array:
    """0.1 for what was worn today or turned down as worn lately, 1 after `repeat_days` or when it was never worn."""
    tired = context.list_rejected("worn_lately")
    return np.array(
        [
            FRESHNESS_FLOOR
            if piece.id in tired
            else _freshness(piece, context.today, context.repeat_days)
            for piece in pieces
        ]
    )


def _freshness(piece: Candidate, today: date, repeat_days: int) -> float:
    if piece.last_worn_on is None or repeat_days == 0:
        return 1.0
    ramp = min(max((today - piece.last_worn_on).days, 0) / repeat_days, 1.0)
    fresh = FRESHNESS_FLOOR + (1 - FRESHNESS_FLOOR) * ramp
    return (1 + fresh) / 2 if piece.slot in SLOW_TO_TIRE else fresh


def judge_favourites(pieces: list[Candidate]) -> Array:
    return np.array([1.0 if piece.favourite else 0.5 for piece in pieces])


def judge_preference(pieces: list[Candidate], context: OutfitContext) -> Array:
    """By the words of the wearer's likes and dislikes; a garment meant for the occasion is liked."""
    liked, disliked = find_tastes(pieces, context)
    kind = context.event.kind
    liked |= {piece.id for piece in pieces if kind in piece.occasions} | context.wishes.preferred
    return np.array(
        [
            DISLIKED if piece.id in disliked else LIKED if piece.id in liked else NEUTRAL
            for piece in pieces
        ]
    )


def find_tastes(
    pieces: list[Candidate], context: OutfitContext
) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of what is liked and disliked: "no red" among the likes is a dislike."""
    likes, dislikes = context.tastes
    called = {piece.id: piece for piece in context.called}
    pieces = [called.get(piece.id, piece) for piece in pieces]
    unwanted = [wish for wish in likes.wishes if wish.kind is Kind.AVOID] + list(dislikes.wishes)
    liked = [find_meant(wish, pieces) for wish in likes.wishes if wish.kind is not Kind.AVOID]
    disliked = [find_meant(wish, pieces) for wish in unwanted]
    return frozenset().union(*liked), frozenset().union(*disliked)


def judge_seasons(pieces: Iterable[Candidate], context: OutfitContext) -> Array:
    """Of tagged pieces by the event's season; a piece that is asked for is in season."""
    free = context.wishes.asked_for | context.chosen
    season = context.event.season
    return np.array([1.0 if p.id in free else judge_season(p.seasons, season) for p in pieces])


def judge_cover(pieces: Iterable[Candidate], comfort: Comfort, parameters: Parameters) -> Array:
    """How a garment stands the weather by itself: open shoes in rain or cold, bare legs in the cold."""
    return np.array([_cover(piece, comfort, parameters) for piece in pieces])


def _cover(piece: Candidate, comfort: Comfort, parameters: Parameters) -> float:
    cover, in_rain = 1.0, parameters.rules.rain and comfort.is_wet
    if piece.slot == "shoes":
        cover = _cover_of_shoes(piece, comfort, in_rain)
    if piece.slot == "outerwear":
        cover = _cover_of_outerwear(piece, comfort, in_rain, knows_heat=parameters.rules.heat)
    has_bare_legs = piece.short or (piece.bares_legs and piece.warmth == "light")
    has_bare_arms = piece.type == "tank-top" or (piece.slot == "top" and piece.sleeve == "none")
    is_bare = has_bare_legs or (has_bare_arms and piece.layer == "base")
    if is_bare and comfort.low_c < SHORTS_CELSIUS:
        cover *= 0.4
    if comfort.met_w_m2 >= SPORTING_W_M2 and not piece.active:
        return cover * 0.5
    if comfort.met_w_m2 >= WALKING_W_M2 and not piece.active and piece.slot == "top":
        return cover * 0.75
    return cover


def _cover_of_shoes(piece: Candidate, comfort: Comfort, in_rain: bool) -> float:
    cover = 1.0
    if in_rain:
        cover *= 0.3 if not piece.closed else 0.7 if piece.material == "suede" else 1.0
    if not piece.closed and comfort.low_c < OPEN_SHOES_CELSIUS:
        cover *= 0.3
    if not piece.closed and comfort.met_w_m2 >= WALKING_W_M2:
        cover *= 0.3
    is_made_to_walk = piece.active or piece.type in WALKING_SHOES
    if comfort.met_w_m2 >= WALKING_W_M2 and not is_made_to_walk:
        cover *= 0.4
    is_stroll = not comfort.is_wet and comfort.met_w_m2 < WALKING_W_M2
    if is_stroll and piece.clo >= WARM_SHOES_CLO and comfort.low_c >= WARM_SHOES_CELSIUS:
        cover *= 0.6
    return cover


def _cover_of_outerwear(
    piece: Candidate, comfort: Comfort, in_rain: bool, *, knows_heat: bool
) -> float:
    is_too_much = knows_heat and piece.clo > COAT_CLO and comfort.low_c >= COAT_WEATHER_C
    if in_rain and piece.layer == "mid":
        return 1.0  # A blazer goes under what keeps the rain off.
    if in_rain:
        return (1.0 if piece.water_resistant else 0.5) * (0.7 if is_too_much else 1.0)
    is_for_rain = knows_heat and piece.water_resistant
    return (0.7 if is_too_much else 1.0) * (0.95 if is_for_rain else 1.0)
