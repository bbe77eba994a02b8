"""Did a distribution change? Exact tests that hold for any number of uploads. Pure numpy.

Two windows are compared: `now` and `reference`. In each a wearer has one vote, whoever sent how much; wearers
are independent of each other, uploads of one wearer are not.
"""

import hashlib
from collections.abc import Hashable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

SIGNIFICANCE = 0.01
"""The largest p of an alarm, after control for the number of tests."""
EFFECT = 0.1
"""The smallest Jensen-Shannon distance of an alarm."""
REDRAWS = 9_999
"""So many that the smallest p, 1 / 10,000, passes when it is multiplied by a hundred tests."""
NEW_UPLOADS, NEW_WEARERS = 3, 2
"""A category that was never seen before is news at its third upload, if two wearers sent it."""


class Observation(NamedTuple):
    """What one row showed. `key` names the row; `wearer` is empty for what is nobody's."""

    wearer: Hashable
    key: Any
    value: str | float


class Comparison(NamedTuple):
    """`p` before any control for the number of tests, and the Jensen-Shannon distance."""

    p: float
    distance: float


def cast_votes(observations: Iterable[Observation]) -> list[Observation]:
    """One observation of each wearer, drawn by the hash of its key: the same one each time it is asked.

    Not the wearer's most frequent value, which is less varied the more somebody sent: a window of a week
    would then differ from one of four by itself.
    """
    chosen: dict[Hashable, tuple[bytes, Observation]] = {}
    for one in observations:
        rank = hash_key(one.key)
        if one.wearer not in chosen or rank < chosen[one.wearer][0]:
            chosen[one.wearer] = (rank, one)
    return [one for _, one in chosen.values()]


def hash_key(key: Any) -> bytes:
    """An order of rows that has nothing to do with them."""
    return hashlib.blake2b(str(key).encode(), digest_size=8).digest()


def jensen_shannon(first: Any, second: Any) -> Any:
    """The Jensen-Shannon distance to base 2, 0 (equal) to 1 (nothing in common), along the last axis.

    The square root of the divergence (J. Lin, IEEE Transactions on Information Theory 37, 1991; a metric:
    D. Endres and J. Schindelin, ibid. 49, 2003). Takes counts or shares; none at all give a distance of 0.
    """
    p, q = to_shares(first), to_shares(second)
    middle = (p + q) / 2
    divergence = (relative_entropy(p, middle) + relative_entropy(q, middle)) / 2
    return np.sqrt(np.clip(divergence, 0, 1))


def to_shares(counts: Any) -> Floats:
    values = np.asarray(counts, dtype=np.float64)
    shares: Floats = values / np.maximum(values.sum(axis=-1, keepdims=True), 1e-300)
    return shares


def relative_entropy(p: Floats, q: Floats) -> Any:
    """In bits; 0 log 0 is 0."""
    ratio = np.divide(p, q, out=np.ones_like(p), where=p > 0)
    return (p * np.log2(ratio)).sum(axis=-1)


def permutation_test(
    now: Counts, reference: Counts, *, redraws: int = REDRAWS, seed: int = 0
) -> Comparison:
    """How often windows of these sizes, dealt by chance from all votes, differ at least as much.

    Exact for any size: p = (1 + redraws as far apart) / (1 + redraws), B. Phipson and G. Smyth, Statistical
    Applications in Genetics and Molecular Biology 9, 2010. A redraw is a multivariate hypergeometric one.
    """
    pooled = now + reference
    distance = float(jensen_shannon(now, reference))
    rng = np.random.default_rng(seed)
    dealt = rng.multivariate_hypergeometric(
        pooled, int(now.sum()), size=redraws, method="marginals"
    )
    apart = jensen_shannon(dealt, pooled - dealt) >= distance - 1e-12
    return Comparison((1 + int(apart.sum())) / (1 + redraws), distance)


def cut_bins(values: Sequence[float], bins: int) -> list[float]:
    """Inner edges of at most `bins` bins with equally many of the values; a value on an edge is above it.

    Give it the votes of both windows together. Edges from the reference alone would leave a redraw nothing
    to vary in the reference, and the test would no longer be exact.
    """
    edges = np.quantile(np.asarray(values, dtype=np.float64), np.arange(1, bins) / bins)
    return [float(edge) for edge in np.unique(edges) if edge > min(values)]


def find_bin(value: float, edges: Sequence[float]) -> int:
    return int(np.searchsorted(np.asarray(edges), value, side="right"))


def holm(p_values: Sequence[float]) -> list[float]:
    """Each p adjusted for how many there are (S. Holm, Scandinavian Journal of Statistics 6, 1979).

    Whatever depends on whatever: alarms at an adjusted p of at most 0.01 include a false one in at most one
    of a hundred rounds.
    """
    adjusted, worst = [0.0] * len(p_values), 0.0
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    for rank, i in enumerate(order):
        worst = max(worst, min(1.0, (len(p_values) - rank) * p_values[i]))
        adjusted[i] = worst
    return adjusted


class NewCategory(NamedTuple):
    value: str
    uploads: int
    wearers: int


def find_new(now: Iterable[Observation], known: Iterable[Any]) -> list[NewCategory]:
    """Categories that `known` does not have, with at least three uploads of at least two wearers."""
    seen = {str(value) for value in known}
    senders: dict[str, list[Hashable]] = {}
    for one in now:
        if str(one.value) not in seen:
            senders.setdefault(str(one.value), []).append(one.wearer)
    return [
        NewCategory(value, len(wearers), len(set(wearers)))
        for value, wearers in sorted(senders.items())
        if len(wearers) >= NEW_UPLOADS and len(set(wearers)) >= NEW_WEARERS
    ]
