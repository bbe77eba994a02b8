"""Words of clothing that are spelt wrong by one letter."""

import gzip
import json
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

SHORTEST_TYPO = 4
"""Letters of a stem from which on one may be wrong."""
ORDINARY_COUNT = 1000
"""How often a word occurs in the subtitles that pyspellchecker counted, to be no slip of the finger: "standing" is
an English word, and no "sand"."""


@lru_cache(1)
def read_ordinary_words() -> frozenset[str]:
    """English words of four letters or more that people write on purpose, from pyspellchecker's list; 0.2 s, once."""
    packed = files("spellchecker").joinpath("resources", "en.json.gz").read_bytes()
    counts: dict[str, int] = json.loads(gzip.decompress(packed))
    return frozenset(
        word
        for word, count in counts.items()
        if count >= ORDINARY_COUNT and len(word) >= SHORTEST_TYPO
    )


def find_nearest(word: str, own: str, known: Iterable[str]) -> str:
    """The known stem that is one slip from `own`, the stem of `word`; empty where there is none, or where the word is
    an ordinary one."""
    if len(own) < SHORTEST_TYPO:
        return ""
    near = sorted(one for one in known if one[:1] == own[:1] and is_one_slip(own, one))
    return near[0] if near and word not in read_ordinary_words() else ""


def is_one_slip(one: str, other: str) -> bool:
    """Whether they differ by a letter more, less or other, or by two that changed places."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, others = one[start:], other[start:]
    if len(rest) == len(others):
        is_swapped = rest[:2] == others[:2][::-1] and rest[2:] == others[2:]
        return is_swapped or rest[1:] == others[1:]
    return rest[1:] == others or rest == others[1:]
