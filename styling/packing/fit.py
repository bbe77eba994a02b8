"""What may be worn to one occasion, as the hard rules have it: piece by piece, and as bounds of sums of clo.

`styling.checks` has the last word on every outfit. What is here says the same in a form that can be searched and
counted: `tests/styling/test_fit.py` holds one against the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from styling.checks.violations import check_outfit, lacks_cover
from styling.stylist.accessories import TIGHTS_CLO, choose_accessories
from styling.stylist.bounds import MARGIN_CLO, keep_proper, lightest_clo, warmest_clo
from styling.stylist.comfort import TOLERANCE_CLO, UNSEEN_CLO, Comfort, read_comfort
from styling.stylist.constraints import FROST_C, can_cover_legs
from styling.stylist.context import SKIRTS, Candidate, OutfitContext
from styling.stylist.judgement import find_off
from styling.stylist.parameters import Parameters
from styling.stylist.shortlist import groups_of

ROLES = ("base", "bottom", "shoes", "mid", "over", "outer")
GROUPS: Mapping[str, frozenset[str]] = {
    "base": frozenset({"top", "dress"}),
    **{name: frozenset({name}) for name in ROLES[1:]},
}
OPTIONAL = frozenset({"mid", "over"})
OUTER_SHARE = 0.835
"""Of ISO 9920's `0.161 + 0.835 · Σ`: what one clo of a garment adds to an ensemble."""
ENSEMBLE_CLO = 0.161


@dataclass(frozen=True)
class Fit:
    """One occasion. All figures are sums of garments' clo, without underwear nobody mentions.

    `roles` lists the pieces that may do each job; `extras` are the accessories that the weather asks for, and `companions`
    what comes along with a piece (socks with closed shoes, tights with a skirt in the cold). An outfit has at least
    `least`; dry, at most `most` and without what comes off at most `stripped`, unless it is as light as `light`.
    """

    context: OutfitContext
    comfort: Comfort
    roles: Mapping[str, tuple[Candidate, ...]]
    extras: tuple[Candidate, ...]
    least: float
    most: float
    stripped: float
    light: float
    asks_cover: bool
    socks: Candidate | None = None
    tights: Candidate | None = None
    thermals: Candidate | None = None
    thermals_below: float = 0.0
    """Thermals come along with main pieces of less than this."""

    def companion(self, piece: Candidate) -> Candidate | None:
        if piece.slot == "shoes":
            return self.socks if piece.closed else None
        return self.tights if piece.type in SKIRTS else None

    def weigh(self, piece: Candidate) -> float:
        """A piece's clo with that of its companion."""
        companion = self.companion(piece)
        return piece.clo + (companion.clo if companion else 0.0)


def read_fit(context: OutfitContext, *, lacks_nothing: bool = False) -> Fit:
    """The rules of an occasion for a wardrobe.

    They ask of an outfit what this wardrobe can do. With `lacks_nothing` they ask it as of a wardrobe that has
    everything: too cold is too cold, whatever else hangs there.
    """
    context = context.narrowed
    comfort = read_comfort(context)
    allowed = [piece for piece in context.wardrobe if groups_of(piece) and not comfort.bans(piece)]
    allowed = [
        piece
        for piece in allowed
        if may_be_worn(piece, context, comfort, lacks_nothing=lacks_nothing)
    ]
    extras = tuple(piece for piece in choose_extras(context, comfort) if piece.type != "thermals")
    owned = {kind: _first(context, kind) for kind in ("socks", "tights", "thermals")}
    least, light = comfort.needed - TOLERANCE_CLO, 0.0
    if not lacks_nothing:
        least = min(least, warmest_clo(context) - MARGIN_CLO)
        light = lightest_clo(context) + MARGIN_CLO
    has_umbrella = any("rain" in piece.use for piece in extras)
    asks_cover = comfort.is_wet if lacks_nothing else lacks_cover(context, [], comfort)
    return Fit(
        context=context,
        comfort=comfort,
        roles={name: _fill_role(name, allowed, context, comfort) for name in ROLES},
        extras=extras,
        least=as_sum(least),
        most=as_sum(comfort.needed + TOLERANCE_CLO),
        stripped=as_sum(max(comfort.stripped, comfort.needed) + TOLERANCE_CLO),
        light=as_sum(light),
        asks_cover=asks_cover and not has_umbrella,
        socks=owned["socks"],
        tights=owned["tights"] if comfort.needed >= TIGHTS_CLO else None,
        thermals=owned["thermals"],
        thermals_below=as_sum(comfort.needed - 0.3),
    )


def _fill_role(
    name: str, allowed: Sequence[Candidate], context: OutfitContext, comfort: Comfort
) -> tuple[Candidate, ...]:
    """Who can do a job. What is off the occasion only does one that has to be done, and that nothing proper does."""
    able = [piece for piece in allowed if groups_of(piece) & GROUPS[name]]
    proper = [piece for piece in able if not find_off([piece], context, comfort)]
    return tuple(proper if proper or name in OPTIONAL else able)


def as_sum(ensemble: float) -> float:
    """The sum of garments' clo of which this ensemble is made."""
    return (ensemble - ENSEMBLE_CLO) / OUTER_SHARE - UNSEEN_CLO


def choose_extras(context: OutfitContext, comfort: Comfort) -> list[Candidate]:
    """What the weather asks for whatever else is worn."""
    return choose_accessories([], context, comfort, Parameters())


def _first(context: OutfitContext, kind: str) -> Candidate | None:
    return next((piece for piece in context.wardrobe if piece.type == kind), None)


def may_be_worn(
    piece: Candidate, context: OutfitContext, comfort: Comfort, *, lacks_nothing: bool
) -> bool:
    """By itself: dressed for it, closed in the rain, not bare in frost; what nothing could replace may."""
    if find_off([piece], context, comfort) and (lacks_nothing or _is_refused(piece, context)):
        return False
    if comfort.is_wet and piece.slot == "shoes" and not piece.closed:
        closed = [other for other in keep_proper(context) if other.slot == "shoes" and other.closed]
        if lacks_nothing or closed:
            return False
    if comfort.low_c <= FROST_C and piece.bares_legs:
        has_tights = any(other.type == "tights" for other in context.wardrobe)
        can_do_better = lacks_nothing or can_cover_legs(keep_proper(context))
        return not can_do_better or (piece.type in SKIRTS and has_tights)
    return True


def _is_refused(piece: Candidate, context: OutfitContext) -> bool:
    found = check_outfit(context, [(piece.id, piece.slot)], ("top", "bottom", "shoes"), "")
    return any(one.code == "formality_mismatch" for one in found)


def wear(fit: Fit, main: Sequence[Candidate], packed: Sequence[Candidate]) -> list[Candidate]:
    """Main pieces with the accessories, socks and thermals that the stylist adds of what is packed."""
    along = replace(fit.context, wardrobe=tuple(packed))
    return [*main, *choose_accessories(list(main), along, fit.comfort, Parameters())]


def find_faults(fit: Fit, worn: Sequence[Candidate]) -> list[str]:
    """The codes of hard rules that an outfit breaks, beside what the whole wardrobe could do."""
    pieces = [(piece.id, piece.slot) for piece in worn]
    slots = {piece.slot for piece in worn}
    missing = [slot for slot in ("top", "bottom", "shoes") if slot not in slots]
    return [one.code for one in check_outfit(fit.context, pieces, missing, "")]
