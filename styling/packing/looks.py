"""The best looks that a bag allows: one outfit for each occasion, by the stylist's own score, clean and not all alike."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from styling.packing.fit import find_faults, wear
from styling.packing.program import NoSolutionError, Program, Term
from styling.packing.suitcase import Chosen, Need, Terms
from styling.packing.washing import ALWAYS, is_used_up, number_stretches
from styling.stylist.context import Candidate
from styling.stylist.parameters import Parameters
from styling.stylist.search import Search
from styling.stylist.shortlist import groups_of, make_shortlist

MOST_LOOKED_AT, MOST_LOOKS = 80, 24
ALIKE = 0.15
"""What it costs of the best score to wear the same once more."""
BULK = 0.6
"""What a clo that is worn and not carried is worth on a day of travel, in scores of the best look."""
SHOE_BULK: Mapping[str, float] = {"boots": 0.9, "rain-boots": 0.9, "shoes": 0.5}
"""Shoes take room that insulation does not tell of; clo for comparison."""
SECONDS = 3.0


@dataclass(frozen=True)
class Look:
    """Main pieces, what is worn with them, and the stylist's score as a share of the best one's."""

    main: tuple[Candidate, ...]
    worn: tuple[Candidate, ...]
    share: float


def list_looks(
    need: Need, packed: Sequence[Candidate], fallback: Sequence[Candidate]
) -> list[Look]:
    """What the bag allows for an occasion, the best first, by the stylist's search and without any fault.

    `fallback` is there whatever it is like.
    """
    fit = need.fit
    along = replace(fit.context, wardrobe=tuple(packed))
    search = Search(
        along, fit.comfort, Parameters(), make_shortlist(along, fit.comfort, Parameters())
    )
    rows = search.run()
    scores = search.score(search.judge(rows))
    best = max(float(scores.max(initial=0.0)), 1e-9)
    looks = []
    for row in np.argsort(-scores, kind="stable")[:MOST_LOOKED_AT]:
        main = tuple(search.listed.pieces[at] for at in rows[row] if at != search.nothing)
        worn = tuple(wear(fit, main, packed))
        if main and not find_faults(fit, worn):
            looks.append(Look(main, worn, float(scores[row]) / best))
        if len(looks) == MOST_LOOKS:
            break
    if all({*look.main} != {*fallback} for look in looks):
        looks.append(Look(tuple(fallback), tuple(wear(fit, fallback, packed)), 0.0))
    return looks


def choose_looks(
    needs: Sequence[Need],
    terms: Terms,
    chosen: Chosen,
    packed: Sequence[Candidate],
    travels: frozenset[int],
) -> list[Look]:
    """One look for each occasion: all together as good as they can be, no piece beyond its wash, the bulkiest worn on the
    days of `travels`. What was chosen for fewness where that is not found in time."""
    looks = [
        list_looks(need, packed, main) for need, main in zip(needs, chosen.outfits, strict=True)
    ]
    program = Program()
    taken = [
        [
            program.add(-look.share - (measure_bulk(look) * BULK if need.day in travels else 0.0))
            for look in some
        ]
        for need, some in zip(needs, looks, strict=True)
    ]
    for some in taken:
        program.require([(one, 1) for one in some], least=1, most=1)
    _wear_clean(program, needs, terms, chosen, looks, taken)
    _wear_others(program, looks, taken)
    try:
        values = program.solve(seconds=SECONDS)
    except NoSolutionError:
        return [some[-1] for some in looks]
    picks = [max(range(len(some)), key=lambda at: values[some[at]]) for some in taken]
    return [some[at] for some, at in zip(looks, picks, strict=True)]


def measure_bulk(look: Look) -> float:
    """How much room what is worn would take in a bag, in clo."""
    return sum(
        SHOE_BULK.get(piece.type, 0.3 if piece.slot == "shoes" else piece.clo)
        for piece in look.main
    )


def _wear_clean(
    program: Program,
    needs: Sequence[Need],
    terms: Terms,
    chosen: Chosen,
    looks: Sequence[Sequence[Look]],
    taken: Sequence[Sequence[int]],
) -> None:
    """Pieces that the bag wears beyond their wash anyhow are left as they are."""
    stretches = number_stretches(terms.days, terms.wash_days)
    worn: dict[tuple[str, int], dict[int, list[Term]]] = defaultdict(lambda: defaultdict(list))
    stands: dict[str, int] = {}
    for need, some, variables in zip(needs, looks, taken, strict=True):
        for look, variable in zip(some, variables, strict=True):
            for piece in look.main:
                stands[piece.id] = terms.count_days(piece)
                is_used = is_used_up(need.fit.context.event.met_w_m2)
                weight = float(stands[piece.id] if is_used else 1)
                worn[piece.id, stretches[need.day]][need.day].append((variable, weight))
    for (key, _), days in worn.items():
        if stands[key] >= ALWAYS or key in chosen.overworn:
            continue
        total: list[Term] = []
        for uses in days.values():
            counted = program.add(most=float(stands[key]), whole=False)
            for variable, weight in uses:
                program.require([(counted, 1), (variable, -weight)], least=0)
            total.append((counted, 1))
        program.require(total, most=float(stands[key] * chosen.copies.get(key, 1)))


def _wear_others(
    program: Program, looks: Sequence[Sequence[Look]], taken: Sequence[Sequence[int]]
) -> None:
    """The same main pieces of top, bottom and dress twice count as alike, whatever is worn over them."""
    same: dict[frozenset[str], list[Term]] = defaultdict(list)
    for some, variables in zip(looks, taken, strict=True):
        for look, variable in zip(some, variables, strict=True):
            ids = {p.id for p in look.main if groups_of(p) & {"top", "dress", "bottom"}}
            same[frozenset(ids)].append((variable, 1.0))
    for terms in same.values():
        again = program.add(ALIKE, most=float(len(terms)), whole=False)
        program.require([*terms, (again, -1)], most=1)
