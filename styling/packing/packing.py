"""A trip packed: the fewest pieces, a look for each occasion, what is worn on the way, and socks and underwear by count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from styling.packing.fit import choose_extras, find_faults
from styling.packing.looks import Look, choose_looks
from styling.packing.suitcase import Chosen, Need, Tell, Terms, choose_fewest
from styling.packing.washing import WORN_ON_SKIN, count_pairs
from styling.stylist.context import Candidate
from styling.stylist.shortlist import FORMAL, groups_of

SECONDS = 25.0
COUNTED = ("socks", "underwear")


@dataclass(frozen=True)
class Pairs:
    """Socks, or underwear: how many are wanted, and the pieces that are taken, with how many of each."""

    kind: str
    wanted: int
    taken: tuple[tuple[Candidate, int], ...]

    @property
    def owned(self) -> int:
        return sum(count for _, count in self.taken)


@dataclass(frozen=True)
class Packed:
    """`copies` of each piece that comes along, without what is counted in `pairs`; `faults` are codes of what breaks a
    rule, for each occasion; `overworn` pieces are worn for longer than they stay clean."""

    copies: Mapping[str, int]
    looks: tuple[Look, ...]
    faults: tuple[tuple[str, ...], ...]
    pairs: tuple[Pairs, ...]
    overworn: frozenset[str]
    is_fewest: bool


def pack(
    needs: Sequence[Need],
    terms: Terms,
    *,
    travels: frozenset[int],
    owned: Sequence[Candidate],
    seconds: float = SECONDS,
    tell: Tell = lambda share: None,
) -> Packed:
    """Pack for some occasions of one wardrobe, of which `owned` may come along. Raises NoSolutionError."""
    accessories = choose_accessories_for_all(needs, owned)
    chosen = choose_fewest(needs, terms, accessories, seconds=seconds, tell=tell)
    main = [piece for piece in owned if piece.id in chosen.copies]
    looks = choose_looks(needs, terms, chosen, [*main, *accessories], travels)
    faults = tuple(
        tuple(find_faults(need.fit, look.worn)) for need, look in zip(needs, looks, strict=True)
    )
    return Packed(
        copies=_count_copies(chosen, terms, looks),
        looks=tuple(looks),
        faults=faults,
        pairs=tuple(_count_pairs(kind, terms, owned) for kind in COUNTED),
        overworn=chosen.overworn,
        is_fewest=chosen.is_fewest,
    )


def _count_copies(chosen: Chosen, terms: Terms, looks: Sequence[Look]) -> dict[str, int]:
    copies = dict(chosen.copies) | {key: chosen.copies.get(key, 1) for key in terms.kept}
    for look in looks:
        for piece in look.worn:
            if piece.type not in COUNTED:
                copies.setdefault(piece.id, 1)
    return copies


def choose_accessories_for_all(
    needs: Sequence[Need], owned: Sequence[Candidate]
) -> list[Candidate]:
    """One scarf, one hat for the cold and one umbrella for all days, as the weather of any of them asks for; and what
    goes with a shirt or a skirt, which a look may wear."""
    taken: list[Candidate] = []
    for need in needs:
        context = replace(need.fit.context, wardrobe=tuple(taken))
        along = choose_extras(context, need.fit.comfort)
        there = {name_kind(piece) for piece in along}
        taken += [piece for piece in need.fit.extras if name_kind(piece) not in there]
    is_formal = any(need.fit.context.aim >= FORMAL for need in needs)
    kinds = WORN_ON_SKIN | {"tights", "thermals"} | ({"tie"} if is_formal else set())
    rest = [piece for piece in owned if piece.type in kinds and not groups_of(piece)]
    return [*taken, *(piece for piece in rest if piece not in taken)]


def name_kind(piece: Candidate) -> str:
    return "hat" if piece.slot == "hat" else piece.type


def _count_pairs(kind: str, terms: Terms, owned: Sequence[Candidate]) -> Pairs:
    """As many as the longest stretch without a wash has days and one more; of who told of none, none are asked."""
    there = [piece for piece in owned if piece.type == kind]
    wanted = count_pairs(terms.days, terms.wash_days) if there else 0
    taken, left = [], wanted
    for piece in sorted(there, key=lambda one: -terms.copies.get(one.id, 1)):
        count = min(left, terms.copies.get(piece.id, 1))
        if count:
            taken.append((piece, count))
        left -= count
    return Pairs(kind, wanted, tuple(taken))
