"""From when on two pictures are taken for one: thresholds, with how they were found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class IdentityParameters:
    """Found on 341 real photos and twelve kinds of copies of each: `python -m benchmarks.identity`."""

    candidates: int = 8
    minimum_cosine: float = 0.3
    """Of 4,092 copies six have their original not among so many, so near: the hash finds those six."""
    maximum_bits: int = 10
    """Of 64. Two of 57,970 pairs of different photos differ in as few."""
    same_overlap: float = 0.90
    """Copies had at least 0.96, different photos at most 0.82."""


IDENTITY = IdentityParameters()
