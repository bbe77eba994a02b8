"""One judgement of an outfit: the ticks on the page, the figure of warmth and the built-in prose all read it.

It says how an outfit stands, not whose fault that is: what a wardrobe cannot do better is no violation, and is said
all the same.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from styling.stylist.bounds import find_warmer_off, is_lightest, is_warmest
from styling.stylist.comfort import Comfort, read_comfort, sum_clo
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.shortlist import is_proper, keeps_rain_off

CLOSE_CLO = 0.3
"""Within this of what the temperature asks for, an outfit is warm enough and not too warm."""
ROUNDING = 1e-6
FORMAL_SLOTS = frozenset({"top", "bottom", "dress", "outerwear", "shoes"})
"""What the occasion's formality is asked of: nobody minds a beanie with a suit in the snow."""
UNKNOWN, RIGHT, LIGHT, WARM = "unknown", "right", "light", "warm"
HEEDED, UNMET = "heeded", "unmet"
DRY, COVERED, UNCOVERED, OPEN_SHOES = "dry", "covered", "uncovered", "open_shoes"


@dataclass(frozen=True)
class Judgement:
    """`worth`, `needed` and `against_rain` are in clo, to a tenth. `warmth` is unknown, right, light or warm, `is_utmost`
    whether the wardrobe has nothing warmer, or lighter. `rain`: dry, covered, uncovered, or open_shoes.
    `warmer_off` are names of warmer outer layers that are off the occasion, where an outfit is light. `underdressed` and `overdressed` are names of pieces off the occasion, `gaps` slots of a whole outfit. `note`:
    heeded, unmet, or empty where nothing in it was understood."""

    worth: float
    needed: float
    against_rain: float
    warmth: str
    is_utmost: bool
    rain: str
    underdressed: tuple[str, ...] = ()
    overdressed: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    note: str = ""
    warmer_off: tuple[str, ...] = ()

    @property
    def is_for_a_mild_day(self) -> bool:
        """What is dressed for where there is no forecast."""
        return judge_warmth(self.worth, self.needed, self.against_rain) == RIGHT

    @property
    def is_dressed_for_it(self) -> bool:
        return not self.underdressed and not self.overdressed

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def judge_outfit(worn: Sequence[Candidate], context: OutfitContext) -> Judgement:
    """Searches for the limits of the wardrobe: not for an event loop."""
    comfort = read_comfort(context)
    worth, needed = round(sum_clo(list(worn)), 1), round(comfort.needed, 1)
    covers = [piece.clo for piece in worn if comfort.is_wet and keeps_rain_off(piece)]
    against_rain = round(0.835 * sum(covers), 1)
    warmth = UNKNOWN if context.weather is None else judge_warmth(worth, needed, against_rain)
    limit = is_warmest if warmth == LIGHT else is_lightest
    off = find_off(worn, context, comfort)
    warmer = find_warmer_off(worn, context.narrowed) if warmth == LIGHT else []
    return Judgement(
        worth=worth,
        needed=needed,
        against_rain=against_rain,
        warmth=warmth,
        is_utmost=warmth in {LIGHT, WARM} and limit(worth, context.narrowed),
        rain=judge_rain(worn, context, comfort),
        underdressed=tuple(piece.name for piece in off if piece.formality <= context.aim),
        overdressed=tuple(piece.name for piece in off if piece.formality > context.aim),
        gaps=tuple(sorted(list_gaps(worn))),
        note=judge_note(worn, context),
        warmer_off=tuple(piece.name for piece in warmer),
    )


def judge_warmth(worth: float, needed: float, against_rain: float) -> str:
    """By the figures as they are shown; what is worn against the rain may be more than the warmth asks for."""
    if needed - worth > CLOSE_CLO + ROUNDING:
        return LIGHT
    return WARM if worth - against_rain - needed > CLOSE_CLO + ROUNDING else RIGHT


def judge_rain(worn: Sequence[Candidate], context: OutfitContext, comfort: Comfort) -> str:
    """Of a drizzle too, for which an outfit need not be chosen."""
    is_drizzly = context.weather is not None and context.weather.categories["rain"] == "drizzly"
    if not comfort.is_wet and not is_drizzly:
        return DRY
    if not any(keeps_rain_off(piece) or "rain" in piece.use for piece in worn):
        return UNCOVERED
    has_open_shoes = any(piece.slot == "shoes" and not piece.closed for piece in worn)
    return OPEN_SHOES if has_open_shoes and comfort.is_wet else COVERED


def judge_note(worn: Sequence[Candidate], context: OutfitContext) -> str:
    wishes, ids = context.wishes, {piece.id for piece in worn}
    if not wishes.is_note_read:
        return ""
    unanswered = [wanted for wanted in wishes.wanted if not wanted & ids]
    return UNMET if unanswered or wishes.unmet or wishes.banned & ids else HEEDED


def find_off(
    worn: Sequence[Candidate], context: OutfitContext, comfort: Comfort
) -> list[Candidate]:
    """The pieces further from the occasion than its formality allows."""
    return [
        piece
        for piece in worn
        if piece.slot in FORMAL_SLOTS and not is_proper(piece, context, comfort)
    ]


def list_gaps(worn: Sequence[Candidate]) -> set[str]:
    """The places of a whole outfit that are empty."""
    slots = {piece.slot for piece in worn}
    wanted = {"shoes"} if "dress" in slots else {"top", "bottom", "shoes"}
    return wanted - slots
