"""Distances between the grid lines of charts of times."""

# By hand: unfold's charts are Chart.js on a canvas, which says nothing to a screen reader, ignores forced
# colours and prints as pixels; Python's SVG libraries write style elements, which the policy forbids.

from dataclasses import dataclass

STEPS_S = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60)
"""In seconds; the smallest that needs at most four lines wins."""


@dataclass(frozen=True)
class ValueScale:
    """`lines` grid lines above the base, `step_ms` apart."""

    step_ms: float
    lines: int

    @classmethod
    def for_peak(cls, peak_ms: float) -> "ValueScale":
        step = next((s for s in STEPS_S if s * 4000 >= peak_ms), peak_ms / 4000)
        lines = max(1, -(-int(peak_ms) // int(step * 1000)))
        return cls(step_ms=step * 1000, lines=min(lines, 4))
