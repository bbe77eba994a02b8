"""The fewest pieces that dress all occasions of a trip, as an integer program over pieces, days and jobs.

A solution is a proposal: every outfit of it is held against `styling.checks`, and one that breaks a rule is forbidden
and solved anew.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from styling.packing.fit import ROLES, Fit, find_faults, wear
from styling.packing.program import NoSolutionError, Program, Term
from styling.packing.washing import ALWAYS, count_days_worn, is_used_up, number_stretches
from styling.stylist.context import Candidate
from styling.stylist.shortlist import groups_of, keeps_rain_off

PIECE, OVERWORN, GAP, TOO_WARM_OR_COLD = 1.0, 30.0, 1000.0, 300.0
"""What a piece costs, a day that one is worn beyond its wash, an empty place, and each clo beyond the bounds: first all
are dressed, then warm enough, then clean, and then there are few pieces."""
TASTE = 0.004
"""At most, for a piece that is no favourite: it decides between pieces, and never for one more."""
GAP_OF_FEWEST = 0.7
"""With what taste adds to at most sixty pieces still less than one of them."""
BIG = 10.0
"""More clo than anybody wears."""
MOST_OF_ROLE = 36
ROUNDS = 40
ROUNDING = 1e-4


@dataclass(frozen=True)
class Need:
    """An occasion on a day of the trip, counted from 0."""

    day: int
    fit: Fit


@dataclass(frozen=True)
class Terms:
    """What a wearer asks of the bag. `kept` comes along whatever it is for; `copies` are of pieces that are owned several
    times; `intervals` their wearer's own word on after how many wears a piece is due for the wash; `longer`: everything
    is worn a day more before it."""

    days: int
    wash_days: frozenset[int] = frozenset()
    kept: frozenset[str] = frozenset()
    copies: Mapping[str, int] = field(default_factory=dict)
    intervals: Mapping[str, int] = field(default_factory=dict)
    longer: bool = False

    def count_days(self, piece: Candidate) -> int:
        own = self.intervals.get(piece.id)
        return count_days_worn(piece, own=own, longer=self.longer)


@dataclass(frozen=True)
class Chosen:
    """The bag: how many of each piece, and the main pieces of each occasion in turn. `overworn` are
    pieces that are worn beyond their wash."""

    copies: Mapping[str, int]
    outfits: tuple[tuple[Candidate, ...], ...]
    is_fewest: bool
    overworn: frozenset[str] = frozenset()


Tell = Callable[[float], None]


class Packing:
    """The program of one trip: `uses` are its variables "this piece, for this occasion, in this role"."""

    def __init__(self, needs: Sequence[Need], terms: Terms) -> None:
        self.needs, self.terms = needs, terms
        self.program = Program(gap=GAP_OF_FEWEST)
        self.pieces: dict[str, Candidate] = {}
        self.taken: dict[str, int] = {}
        self.uses: list[dict[tuple[str, str], int]] = []
        self.overworn: dict[str, list[int]] = defaultdict(list)
        for need in needs:
            self.uses.append(self._dress(need.fit))
        self._keep_clean()

    def _take(self, piece: Candidate) -> int:
        """The variable of how many of a piece come along."""
        if piece.id not in self.taken:
            self.pieces[piece.id] = piece
            is_kept = piece.id in self.terms.kept
            taste = (
                TASTE * (0.5 if piece.favourite else 1.0) * (1 + (piece.last_worn_on is None)) / 2
            )
            self.taken[piece.id] = self.program.add(
                PIECE + taste, least=float(is_kept), most=self.terms.copies.get(piece.id, 1)
            )
        return self.taken[piece.id]

    def _dress(self, fit: Fit) -> dict[tuple[str, str], int]:
        """One outfit: each job done once at most, two pieces nowhere in one place, the sums within their bounds."""
        add, require = self.program.add, self.program.require
        used = {(role, piece.id): add() for role in ROLES for piece in fit.roles[role]}
        at = {role: [used[role, piece.id] for piece in fit.roles[role]] for role in ROLES}
        for role in ("mid", "over", "outer"):
            require([(one, 1) for one in at[role]], most=1)
        gaps = {role: add(GAP) for role in ("base", "bottom", "shoes")}
        require([*((one, 1) for one in at["base"]), (gaps["base"], 1)], least=1, most=1)
        require([*((one, 1) for one in at["shoes"]), (gaps["shoes"], 1)], least=1, most=1)
        tops = [
            (used["base", piece.id], -1.0)
            for piece in fit.roles["base"]
            if "dress" not in groups_of(piece)
        ]
        bottoms = [*((one, 1.0) for one in at["bottom"]), (gaps["bottom"], 1.0), *tops]
        require([*bottoms, (gaps["base"], -1.0)], least=-1, most=0)
        require(bottoms, least=0)
        self._keep_places(fit, used)
        self._keep_warm(fit, used)
        for role in ROLES:
            for piece in fit.roles[role]:
                require([(self._take(piece), 1), (used[role, piece.id], -1)], least=0)
        return used

    def _keep_places(self, fit: Fit, used: Mapping[tuple[str, str], int]) -> None:
        """A sweater alone and another one over it would sit in one place."""
        places = defaultdict(list)
        for role in ("base", "mid"):
            for piece in fit.roles[role]:
                places[piece.place].append((used[role, piece.id], 1.0))
        for terms in places.values():
            self.program.require(terms, most=1)

    def _keep_warm(self, fit: Fit, used: Mapping[tuple[str, str], int]) -> None:
        add, require = self.program.add, self.program.require
        always = sum(piece.clo for piece in fit.extras)
        main: list[Term] = []
        full: list[Term] = []
        rain: list[Term] = []
        stripped: list[Term] = []
        for role in ROLES:
            for piece in fit.roles[role]:
                variable = used[role, piece.id]
                main.append((variable, piece.clo))
                full.append((variable, fit.weigh(piece)))
                if role in ("base", "bottom", "shoes"):
                    stripped.append((variable, fit.weigh(piece)))
                if fit.comfort.is_wet and piece.slot == "outerwear" and piece.water_resistant:
                    rain.append((variable, -piece.clo))
        if fit.thermals:
            is_under = add()
            below = fit.thermals_below
            require([*main, (is_under, BIG)], most=below + BIG)
            require([*main, (is_under, BIG)], least=below)
            full.append((is_under, fit.thermals.clo))
            stripped.append((is_under, fit.thermals.clo))
        slack = add(TOO_WARM_OR_COLD, most=BIG, whole=False)
        is_lightest = add()
        require([*full, (slack, 1)], least=fit.least - always + ROUNDING)
        dry = [*full, *rain]
        require([*dry, (slack, -1), (is_lightest, -BIG)], most=fit.most - always - ROUNDING)
        require([*stripped, (slack, -1), (is_lightest, -BIG)], most=fit.stripped - ROUNDING)
        if fit.light > 0:
            require(
                [*dry, (slack, -1), (is_lightest, BIG)], most=fit.light + BIG - always - ROUNDING
            )
        else:
            require([(is_lightest, 1)], most=0)
        if fit.asks_cover:
            covers = [
                (used[role, piece.id], 1.0)
                for role in ("over", "outer")
                for piece in fit.roles[role]
                if keeps_rain_off(piece)
            ]
            require([*covers, (slack, 1)], least=1)

    def _keep_clean(self) -> None:
        """Between two washes no piece is worn for more days than it stands."""
        stretches = number_stretches(self.terms.days, self.terms.wash_days)
        worn: dict[tuple[str, int], dict[int, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for need, used in zip(self.needs, self.uses, strict=True):
            for (_, key), variable in used.items():
                stands = self.terms.count_days(self.pieces[key])
                if stands < ALWAYS:
                    weight = stands if is_used_up(need.fit.context.event.met_w_m2) else 1
                    worn[key, stretches[need.day]][need.day].append((variable, weight))
        for (key, _), days in worn.items():
            self._limit(key, days)

    def _limit(self, key: str, days: Mapping[int, list[Term]]) -> None:
        """Worn twice on one day it is worn on one day."""
        stands = self.terms.count_days(self.pieces[key])
        total: list[Term] = [(self.taken[key], -float(stands))]
        for terms in days.values():
            if len(terms) == 1:
                total += terms
                continue
            counted = self.program.add(most=float(stands))
            for variable, weight in terms:
                self.program.require([(counted, 1), (variable, -weight)], least=0)
            total.append((counted, 1))
        if sum(len(terms) for terms in days.values()) > stands or len(days) > stands or stands == 1:
            beyond = self.program.add(OVERWORN, most=float(len(days) * stands))
            self.overworn[key].append(beyond)
            self.program.require([*total, (beyond, -1)], most=0)

    def read(self, values: Sequence[float]) -> list[tuple[Candidate, ...]]:
        return [
            tuple(
                {
                    key: self.pieces[key]
                    for (_, key), variable in used.items()
                    if values[variable] > 0.5
                }.values()
            )
            for used in self.uses
        ]

    def forbid(self, index: int, outfit: Sequence[Candidate]) -> None:
        """This outfit for an occasion, and no other one."""
        used, ids = self.uses[index], {piece.id for piece in outfit}
        terms = [(variable, 1.0 if key in ids else -1.0) for (_, key), variable in used.items()]
        self.program.require(terms, most=len(ids) - 1)


def narrow(needs: Sequence[Need], kept: frozenset[str]) -> list[Need]:
    """The occasions with at most `MOST_OF_ROLE` pieces for each job: those that most of them allow, and some of each
    occasion's own. A wardrobe of a hundred pieces stays whole."""
    allowed = Counter(
        (role, piece.id) for need in needs for role in ROLES for piece in need.fit.roles[role]
    )
    found = []
    for need in needs:
        roles = {}
        for role in ROLES:
            ranked = sorted(
                need.fit.roles[role],
                key=lambda piece: (
                    piece.id not in kept,
                    -allowed[role, piece.id],
                    not piece.favourite,
                ),  # noqa: B023
            )
            roles[role] = tuple(ranked[:MOST_OF_ROLE])
        found.append(Need(need.day, replace(need.fit, roles=roles)))
    return found


def choose_fewest(
    needs: Sequence[Need],
    terms: Terms,
    accessories: Sequence[Candidate],
    *,
    seconds: float,
    tell: Tell = lambda share: None,
) -> Chosen:
    """The bag with the fewest main pieces for these occasions, as far as it is found in this time.

    Raises `program.NoSolutionError` where not even a bad one was found.
    """
    packing, until = Packing(narrow(needs, terms.kept), terms), time.monotonic() + seconds
    values = packing.program.solve(seconds=seconds)
    for _ in range(ROUNDS):
        outfits = packing.read(values)
        refused = frozenset(
            index
            for index, (need, main) in enumerate(zip(needs, outfits, strict=True))
            if find_faults(need.fit, wear(need.fit, main, [*main, *accessories]))
        )
        tell(1 - (until - time.monotonic()) / seconds)
        if not refused or time.monotonic() > until:
            break
        for index in refused:
            packing.forbid(index, outfits[index])
        try:
            values = packing.program.solve(seconds=max(until - time.monotonic(), 1.0))
        except NoSolutionError:
            break
    copies = {key: round(values[variable]) for key, variable in packing.taken.items()}
    overworn = {
        key for key, beyond in packing.overworn.items() if sum(values[one] for one in beyond) > 0.5
    }
    return Chosen(
        copies={key: count for key, count in copies.items() if count},
        outfits=tuple(outfits),
        is_fewest=packing.program.is_best,
        overworn=frozenset(overworn),
    )
