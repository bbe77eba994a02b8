"""The deterministic stylist: the best outfit of a wardrobe for an event, and why.

Hard rules and ranking per role happen in `shortlist`; here a beam search combines the roles, all
scores being arrays over combinations. `score = warmth · formality · weather · sense · (harmony,
preference, freshness, favourites, patterns, history)`.

For a wearer who has given signals the score has one factor more, what they have taught. It chooses among
combinations that keep what the best one without it keeps: dry, warm enough, sensible.
"""

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from styling.stylist import harmony, shortlist
from styling.stylist.accessories import choose_accessories
from styling.stylist.clo import ensemble_clo
from styling.stylist.coherence import Coherence
from styling.stylist.comfort import UNSEEN_CLO, Comfort, read_comfort
from styling.stylist.constraints import Constraints
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.direction import ClothingBounds, find_bounds
from styling.stylist.features import FeatureReader, weigh
from styling.stylist.heeding import Heeding
from styling.stylist.parameters import Parameters
from styling.stylist.repetition import (
    LEAST_CHANGES,
    SIMILARITY_COST,
    Repetition,
    count_changes,
    count_new,
    main_ids,
)
from styling.stylist.shortlist import (
    BASE,
    BOTTOM,
    MID,
    OUTER,
    OVER,
    ROLES,
    SHOES,
    Shortlist,
    make_shortlist,
)
from styling.stylist.tables import count_together, number_places, padded, padded_square

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

BEAM = 150
FINALISTS = 250
JITTER = 0.03
"""The seed may turn choices that are about as good as each other."""
UNCOVERED, UNCOVERED_WITH_UMBRELLA = 0.3, 0.45
FACTORS = ("wishes", "warmth", "formality", "weather", "sense", "learned")
NEAR_TIE, MOST_TIES = 0.03, 6
"""For a wearer who has taught something, chance decides among outfits this close to the best, at most so
many, and nowhere else."""
KEEPS = {"weather": 0.9, "sense": 0.9, "warmth": 0.5}
"""No preference costs more: the share of a term that is left of what the best outfit without them has.
Half the warmth term is about 0.3 clo."""
PAIRS = list(combinations(range(len(ROLES)), 2))


@dataclass(frozen=True)
class Outfit:
    """A choice. `pieces` are in the order to show; `missing` are slots the wardrobe cannot fill.

    `decided_by` maps a term of the score to the pieces that would have been worn without it.
    `unchanged` are the main pieces of a former answer that came again because too little could change.
    `propensity` is the chance with which it was drawn among near ties; None where nothing was drawn.
    """

    pieces: tuple[Candidate, ...]
    missing: tuple[str, ...]
    score: float
    decided_by: dict[str, tuple[Candidate, ...]] = field(default_factory=dict)
    banned: tuple[Candidate, ...] = ()
    relaxed: frozenset[str] = frozenset()
    propensity: float | None = None
    unchanged: tuple[Candidate, ...] = ()

    @property
    def main(self) -> frozenset[str]:
        """The ids of what makes it this outfit."""
        return main_ids(self.pieces)


def suggest_outfits(
    context: OutfitContext, parameters: Parameters | None = None, *, count: int = 3
) -> list[Outfit]:
    """Up to `count` outfits that differ, best first; empty when every combination was seen."""
    parameters = parameters or Parameters()
    comfort = read_comfort(context)
    bounds = find_bounds(context, comfort)
    offered, context = context.wardrobe, context.narrowed
    listed = make_shortlist(context, comfort, parameters)
    search = Search(context, comfort, parameters, listed)
    search.offered = offered
    search.bounds = bounds
    finalists = search.run()
    return [search.dress(finalists, row) for row in search.choose(finalists, count)]


class Search:
    """One beam search. A combination is a row of six positions; the last position is "nothing"."""

    def __init__(
        self, context: OutfitContext, comfort: Comfort, parameters: Parameters, listed: Shortlist
    ) -> None:
        self.context, self.comfort, self.parameters = context, comfort, parameters
        self.listed, self.nothing = listed, len(listed.pieces)
        pieces, rules = listed.pieces, parameters.rules
        self.offered = context.wardrobe
        self.repetition = Repetition(pieces, context)
        self.heeding = Heeding(pieces, listed.roles, context)
        self.constraints = Constraints(pieces, context, comfort, parameters)
        self.bounds = ClothingBounds()
        self.is_closed = padded(np.array([float(piece.closed) for piece in pieces]), 0.0)
        self.clo = padded(np.array([piece.clo for piece in pieces]), 0.0)
        self.places = np.array([*number_places(pieces), -1])
        self.is_there = padded(np.ones(len(pieces)), 0.0)
        formality = (
            shortlist.judge_formality(pieces, context, comfort)
            if rules.formality
            else np.ones(len(pieces))
        )
        self.log_formality = padded(np.log(formality), 0.0)
        self.cover = padded(shortlist.judge_cover(pieces, comfort, parameters), 1.0)
        self.covers_rain = padded(np.array([piece.water_resistant for piece in pieces]), 0.0)
        self.sense = Coherence(pieces, context, comfort, parameters)
        self.tastes = {
            "preference": padded(shortlist.judge_preference(pieces, context), 0.0),
            "freshness": padded(shortlist.judge_freshness(pieces, context), 0.0),
            "favourites": padded(shortlist.judge_favourites(pieces), 0.0),
        }
        self.colours = padded_square(harmony.judge_pairs(pieces))
        self.contrast = padded_square(harmony.judge_contrast(pieces))
        self.patterns = padded_square(harmony.judge_patterns(pieces), 1.0)
        self.history = padded_square(count_together(pieces, context))
        self.jitter = padded(
            np.random.default_rng(context.seed).uniform(0, JITTER, len(pieces)), 0.0
        )
        self.features = FeatureReader(pieces, context, comfort) if context.preferences else None
        self.drawn: Indices | None = None
        self.propensity: float | None = None
        if self.features:
            self.jitter[:] = 0.0
        self.room = {role: self._most_clo(role) for role in ("mid", "over", "outer")}

    def run(self) -> Indices:
        """The best combinations, best first; never empty."""
        rows = self._start()
        for role in (SHOES, MID, OVER, OUTER):
            rows = self._extend(rows, role)
        return rows

    def _start(self) -> Indices:
        """Tops with bottoms, and dresses alone; half an outfit when the wardrobe has no other."""
        roles, pieces = self.listed.roles, self.listed.pieces
        tops = [index for index in roles["base"] if pieces[index].slot == "top"]
        dresses = [index for index in roles["base"] if pieces[index].slot == "dress"]
        pairs = [(top, bottom) for top in tops for bottom in roles["bottom"]]
        pairs += [(dress, self.nothing) for dress in dresses]
        halves = [(top, self.nothing) for top in tops] or [
            (self.nothing, bottom) for bottom in roles["bottom"]
        ]
        rows = np.full((len(pairs or halves) or 1, len(ROLES)), self.nothing)
        if pairs or halves:
            rows[:, [BASE, BOTTOM]] = np.array(pairs or halves)
        return self._keep(rows, BASE)

    def _extend(self, rows: Indices, role: int) -> Indices:
        """Every row with every garment of the next role, and without where it can be left out.

        The rows as they are when the only garment fits none of them.
        """
        options = list(self.listed.roles[ROLES[role]])
        if not options or (role != SHOES and self.listed.forced != ROLES[role]):
            options.append(self.nothing)
        wider = np.repeat(rows, len(options), axis=0)
        wider[:, role] = np.tile(options, len(rows))
        if role == MID:
            is_free = self.places[wider[:, BASE]] != self.places[wider[:, MID]]
            wider = wider[is_free | (wider[:, MID] == self.nothing)]
        if not len(wider):
            return rows
        return self._keep(wider, role)

    def _keep(self, rows: Indices, role: int) -> Indices:
        """The best rows, each judged with the warmth that roles after `role` can still add; with
        preferences also the best without them, so that what they are held against is there."""
        terms, most = self.judge(rows, role), FINALISTS if role == OUTER else BEAM
        best = np.argsort(-self.score(terms), kind="stable")[:most]
        if self.features:
            plain = np.argsort(-self.score(terms, without="learned"), kind="stable")[:most]
            best = np.concatenate([best, np.setdiff1d(plain, best)])
        if self.repetition.former:
            apart = self.score(terms) * self.repetition.avoid_shared(rows)
            other = np.argsort(-apart, kind="stable")[:most]
            best = np.concatenate([best, np.setdiff1d(other, best)])
        return rows[best]

    def judge(self, rows: Indices, after: int = OUTER) -> dict[str, Array]:
        """Every term for every combination, 0..1. `after` is the last role that has been chosen:
        what later ones can still add in warmth is counted as there."""
        count = np.maximum(self.is_there[rows].sum(axis=1), 1)
        room = self._find_room(after)
        terms = {
            "wishes": self.heeding.judge(rows, after) * self._judge_bounds(rows, room),
            "warmth": self._judge_warmth(rows, room),
            "formality": np.exp(self.log_formality[rows].sum(axis=1) / count),
            "weather": self._judge_weather(rows) * self.constraints.judge(rows, after),
            "sense": self.sense.judge(rows, after),
        }
        tastes = {name: values[rows].sum(axis=1) / count for name, values in self.tastes.items()}
        pairs = np.maximum(count * (count - 1) / 2, 1)
        colours = sum(self.colours[rows[:, one], rows[:, other]] for one, other in PAIRS) / pairs
        has_both = self.is_there[rows[:, BASE]] * self.is_there[rows[:, BOTTOM]]
        contrast = self.contrast[rows[:, BASE], rows[:, BOTTOM]]
        tastes["harmony"] = np.where(count > 1, colours, 0.8) * np.where(has_both > 0, contrast, 1)
        tastes["patterns"] = np.prod(
            [self.patterns[rows[:, one], rows[:, other]] for one, other in PAIRS], axis=0
        )
        history = sum(self.history[rows[:, one], rows[:, other]] for one, other in PAIRS) / pairs
        tastes["history"] = np.asarray(history)
        if self.features:
            terms["learned"] = weigh(self.features.read(rows), self.context.preferences)
        return terms | tastes | {"chance": self._judge_chance(rows, count)}

    def _judge_chance(self, rows: Indices, count: Array) -> Array:
        """What the seed makes of choices that are about as good: a little for each piece, or a lift over
        near ties for the one that was drawn."""
        if self.drawn is None:
            jittered: Array = 1 + self.jitter[rows].sum(axis=1) / count
            return jittered
        return np.where((rows == self.drawn).all(axis=1), 1 / (1 - NEAR_TIE), 1.0)

    def score(self, terms: dict[str, Array], without: str = "") -> Array:
        """The product of all terms but `without`."""
        weights = self.parameters.weights.model_dump()
        taste = sum(weights[name] * terms[name] for name in weights if name != without)
        product = np.asarray(taste) * terms["chance"]
        for name in FACTORS:
            if name != without and name in terms:
                product = product * terms[name]
        return product

    def _judge_warmth(self, rows: Indices, room: float) -> Array:
        clo = self.clo[rows]
        full = ensemble_clo(clo.sum(axis=1) + UNSEEN_CLO)
        if not self.parameters.rules.heat:
            # With no idea of heat, warmer is safer: this is what the rule is there to prevent.
            warmer: Array = full / (full + self.comfort.needed + 0.5)
            return warmer
        stripped = ensemble_clo(clo[:, [BASE, BOTTOM, SHOES]].sum(axis=1) + UNSEEN_CLO)
        carried = 0.835 * clo[:, OUTER] * self.covers_rain[rows[:, OUTER]] * self.comfort.is_wet
        reachable = np.minimum(full + 0.835 * room, np.maximum(full, self.comfort.needed))
        return self.comfort.judge_warmth(reachable, stripped, carried)

    def _judge_bounds(self, rows: Indices, room: float) -> Array:
        has_socks = self.is_closed[rows[:, SHOES]]
        return self.bounds.judge(self.clo[rows].sum(axis=1), has_socks, room)

    def _judge_weather(self, rows: Indices) -> Array:
        fit: Array = self.cover[rows].prod(axis=1)
        is_bare = rows[:, OUTER] == self.nothing
        if self.parameters.rules.rain and self.comfort.is_wet:
            has_umbrella = any("rain" in piece.use for piece in self.context.wardrobe)
            fit = fit * np.where(is_bare, UNCOVERED_WITH_UMBRELLA if has_umbrella else UNCOVERED, 1)
        if self.comfort.is_windy and self.comfort.low_c < 18:
            fit = fit * np.where(is_bare, 0.9, 1)
        return fit

    def choose(self, rows: Indices, count: int) -> list[int]:
        """Rows of the best outfit and others that differ: maximal marginal relevance."""
        terms = self.judge(rows)
        novelty = self._novelty(rows, terms)
        scores = self.score(terms) * novelty * self._may_win(terms, novelty)
        if self.features:
            scores = self._draw(rows, scores)
        chosen: list[int] = []
        while len(chosen) < count and scores.max() > 0:
            best = int(np.argmax(scores))
            chosen.append(best)
            likeness = self.repetition.compare(rows, [self._main(rows[best])])[:, 0]
            scores = scores * np.where(likeness == 1, 0, 1 - SIMILARITY_COST * likeness)
        return chosen

    def _draw(self, rows: Indices, scores: Array) -> Array:
        """The scores with the one of near ties lifted that the seed chooses; with which chance is kept."""
        ties = np.argsort(-scores, kind="stable")[:MOST_TIES]
        ties = ties[scores[ties] > scores.max() * (1 - NEAR_TIE)]
        if not len(ties):
            return scores
        drawn = int(np.random.default_rng(self.context.seed).choice(ties))
        self.drawn, self.propensity = rows[drawn], 1 / len(ties)
        return scores * self._judge_chance(rows, np.ones(len(rows)))

    def _may_win(self, terms: dict[str, Array], novelty: Array) -> Array:
        """1 for rows that keep what the best one without preferences keeps, 0 for the others."""
        if not self.features:
            return np.ones(len(novelty))
        best = int(np.argmax(self.score(terms, without="learned") * novelty))
        kept = [terms[name] >= share * terms[name][best] for name, share in KEEPS.items()]
        return np.where(np.all(kept, axis=0), 1.0, 0.0)

    def _novelty(self, rows: Indices, terms: dict[str, Array]) -> Array:
        novelty = self.repetition.novelty(rows)
        if not self.repetition.former:
            return novelty
        return novelty * self.repetition.may_answer(rows, terms, int(np.argmax(self.score(terms))))

    def dress(self, rows: Indices, row: int) -> Outfit:
        """The outfit of a row, with socks and accessories, and with what decided for it."""
        main = [self.listed.pieces[index] for index in rows[row] if index != self.nothing]
        terms = self.judge(rows)
        extras = choose_accessories(main, self.context, self.comfort, self.parameters)
        return Outfit(
            pieces=tuple(sorted([*main, *extras], key=_show_order)),
            missing=tuple(self._find_missing(main)),
            score=float(self.score(terms)[row]),
            decided_by=self._find_decisions(rows, row, terms),
            banned=tuple(self.listed.banned),
            relaxed=self.listed.relaxed,
            propensity=self._find_propensity(rows[row]),
            unchanged=self._find_unchanged(main),
        )

    def _find_unchanged(self, main: list[Candidate]) -> tuple[Candidate, ...]:
        former = self.repetition.former
        if count_changes(main, former) >= LEAST_CHANGES:
            return ()
        nearest = min(former, key=lambda outfit: count_new(main, outfit))
        return tuple(piece for piece in main if piece.id in nearest)

    def _find_propensity(self, row: Indices) -> float | None:
        is_drawn = self.drawn is not None and bool((row == self.drawn).all())
        return self.propensity if is_drawn else None

    def _find_decisions(
        self, rows: Indices, row: int, terms: dict[str, Array]
    ) -> dict[str, tuple[Candidate, ...]]:
        """The terms without which another outfit had won, with the pieces it would have had."""
        novelty, decisions = self._novelty(rows, terms), {}
        may_win = self._may_win(terms, novelty)
        for name in terms.keys() - {"chance"}:
            allowed = novelty if name in KEEPS else novelty * may_win
            winner = int(np.argmax(self.score(terms, without=name) * allowed))
            left_out = self._main(rows[winner]) - self._main(rows[row])
            if left_out:
                decisions[name] = tuple(p for p in self.listed.pieces if p.id in left_out)
        return decisions

    def _find_missing(self, main: list[Candidate]) -> list[str]:
        slots = {piece.slot for piece in main}
        missing = []
        if not slots & {"top", "dress"}:
            missing.append("top")
        if not slots & {"bottom", "dress"}:
            missing.append("bottom")
        if "shoes" not in slots:
            missing.append("shoes")
        if "outerwear" not in slots and self._wants_outerwear(main):
            missing.append("outerwear")
        return missing

    def _wants_outerwear(self, main: list[Candidate]) -> bool:
        if any(piece.slot == "outerwear" for piece in self.offered if not self.comfort.bans(piece)):
            return False
        cold = self.comfort.needed - ensemble_clo(sum(piece.clo for piece in main) + UNSEEN_CLO)
        return cold > 0.4 or (self.comfort.is_wet and not self.comfort.is_hot)

    def _find_room(self, after: int) -> float:
        return sum(clo for name, clo in self.room.items() if ROLES.index(name) > after)

    def _most_clo(self, role: str) -> float:
        """What a role can add; in the wet, of the outer layers only those that keep it off."""
        indices = self.listed.roles[role]
        if role == "outer" and self.comfort.is_wet and self.parameters.rules.rain:
            indices = [index for index in indices if self.covers_rain[index]] or indices
        return max((float(self.clo[index]) for index in indices), default=0.0)

    def _main(self, row: Indices) -> frozenset[str]:
        return frozenset(self.listed.pieces[index].id for index in row if index != self.nothing)


SHOWN_SLOTS = ("outerwear", "top", "dress", "bottom", "shoes", "socks", "hat", "accessory", "bag")
LAYERS = ("outer", "mid", "base")


def _show_order(piece: Candidate) -> tuple[int, int]:
    slot = SHOWN_SLOTS.index(piece.slot) if piece.slot in SHOWN_SLOTS else len(SHOWN_SLOTS)
    return slot, LAYERS.index(piece.layer) if piece.layer in LAYERS else len(LAYERS)
