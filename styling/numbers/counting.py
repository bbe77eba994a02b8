"""How many outfits of a wardrobe are right for a situation, exactly, however many pieces there are.

An outfit is a top with a bottom, or a dress, with shoes. It counts once if it keeps every hard rule with some layers, or
none, of those that are owned. Rules are sums of clo, so tops, bottoms and shoes are counted by their clo in thousandths
and the counts folded, instead of going through each combination.
"""

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from styling.packing.fit import GROUPS, Fit
from styling.stylist.context import SKIRTS, Candidate
from styling.stylist.shortlist import groups_of, keeps_rain_off

Counts = NDArray[np.int64]
LAYERED = frozenset({"mid", "over", "outer"})
UNITS = 1000
MOST = 6 * UNITS
"""More clo than any outfit has."""


@dataclass(frozen=True)
class Layers:
    """One choice of what goes over an outfit: its clo, that which is only there for the rain, and whether that is kept off."""

    clo: int
    against_rain: int
    covers: bool


class OutfitCounter:
    """Of a fit that was read as of a wardrobe that lacks nothing. What is folded is kept, so that one piece more is cheap."""

    def __init__(self, fit: Fit) -> None:
        self.fit = fit
        bases, bottoms, shoes = fit.roles["base"], fit.roles["bottom"], fit.roles["shoes"]
        tops, dresses = split(bases, lambda piece: piece.slot != "dress")
        light, alone = split(tops, is_light)
        self.light, self.alone = tally(light, fit), tally(alone, fit)
        self.skirts, self.trousers = (tally(some, fit) for some in split(bottoms, needs_tights))
        self.gowns, self.jumpsuits = (tally(some, fit) for some in split(dresses, needs_tights))
        self.socked, self.bare = tally(shoes, fit), tally(shoes)
        self.right = {mid: find_right(fit, list_layers(fit, mid=mid)) for mid in (True, False)}

    def count(self) -> int:
        under_tights = self.bare if self.fit.tights else self.socked
        legs = fold(self.trousers, self.socked) + fold(self.skirts, under_tights)
        one_piece = fold(self.gowns, under_tights) + fold(self.jumpsuits, self.socked)
        with_mid = fold(self.light, legs) + one_piece
        without = fold(self.alone, legs)
        return int((with_mid * self.right[True]).sum() + (without * self.right[False]).sum())

    def count_with(self, piece: Candidate) -> int:
        """With one piece more, which may be worn there."""
        wider, one = copy(self), tally([piece], self.fit)
        groups = groups_of(piece)
        for name in self._name_tallies(piece):
            plain = tally([piece]) if name == "bare" else one
            setattr(wider, name, getattr(self, name) + plain)
        if groups & LAYERED:
            roles = {
                name: (*pieces, piece) if groups & GROUPS[name] else pieces
                for name, pieces in self.fit.roles.items()
            }
            fit = replace(self.fit, roles=roles)
            wider.right = {mid: find_right(fit, list_layers(fit, mid=mid)) for mid in (True, False)}
        return wider.count()

    @staticmethod
    def _name_tallies(piece: Candidate) -> list[str]:
        groups = groups_of(piece)
        names = []
        if "top" in groups:
            names.append("light" if is_light(piece) else "alone")
        if "bottom" in groups:
            names.append("skirts" if needs_tights(piece) else "trousers")
        if "dress" in groups:
            names.append("gowns" if needs_tights(piece) else "jumpsuits")
        if "shoes" in groups:
            names += ["socked", "bare"]
        return names


def count_outfits(fit: Fit) -> int:
    return OutfitCounter(fit).count()


def is_light(piece: Candidate) -> bool:
    """Something goes over it."""
    return piece.layer == "base"


def needs_tights(piece: Candidate) -> bool:
    return piece.type in SKIRTS


def split(
    pieces: Iterable[Candidate], is_first: Callable[[Candidate], bool]
) -> tuple[list[Candidate], list[Candidate]]:
    found: tuple[list[Candidate], list[Candidate]] = ([], [])
    for piece in pieces:
        found[not is_first(piece)].append(piece)
    return found


def tally(pieces: Iterable[Candidate], fit: Fit | None = None) -> Counts:
    """How many pieces there are of each clo, with their companions where a fit is told."""
    counts = np.zeros(MOST, dtype=np.int64)
    for piece in pieces:
        counts[as_units(fit.weigh(piece) if fit else piece.clo)] += 1
    return counts


def as_units(clo: float) -> int:
    return round(clo * UNITS)


def fold(one: Counts, other: Counts) -> Counts:
    """How many pairs there are of each sum."""
    found = np.zeros(MOST, dtype=np.int64)
    for at in np.flatnonzero(one):
        found[at:] += one[at] * other[: MOST - at]
    return found


def list_layers(fit: Fit, *, mid: bool) -> set[Layers]:
    """Every choice of layers, those that weigh the same as one."""
    is_wet = fit.comfort.is_wet
    found = {Layers(0, 0, False)}
    for role in ("mid", "over", "outer") if mid else ("over", "outer"):
        wider = set(found)
        kinds = {(as_units(piece.clo), keeps_rain_off(piece)) for piece in fit.roles[role]}
        for clo, covers in kinds:
            rain = clo if is_wet and covers else 0
            wider |= {
                Layers(one.clo + clo, one.against_rain + rain, one.covers or covers)
                for one in found
            }
        found = wider
    return {one for one in found if one.covers or not fit.asks_cover}


def find_right(fit: Fit, layers: Iterable[Layers]) -> NDArray[np.bool_]:
    """For each clo of an outfit without layers, whether some layers make it right."""
    right = np.zeros(MOST, dtype=np.bool_)
    always = sum(as_units(piece.clo) for piece in fit.extras)
    thermals = as_units(fit.thermals.clo) if fit.thermals else 0
    for one in layers:
        least = fit.least * UNITS - always - one.clo
        most = fit.most * UNITS - always - one.clo + one.against_rain
        warmer = fit.thermals_below * UNITS - one.clo if thermals else 0.0
        mark(right, max(least, warmer), min(most, fit.stripped * UNITS))
        if thermals:
            with_thermals = min(most, fit.stripped * UNITS) - thermals
            mark(right, least - thermals, min(with_thermals, np.nextafter(warmer, -np.inf)))
    return right


def mark(right: NDArray[np.bool_], least: float, most: float) -> None:
    """From `least` to `most`, both included."""
    first, last = max(int(np.ceil(least - 1e-6)), 0), int(np.floor(most + 1e-6))
    if last >= first:
        right[first : last + 1] = True
