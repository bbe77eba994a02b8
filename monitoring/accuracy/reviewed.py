"""The accuracy that reviewers found, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feedback.review.accuracy import MIN_REVIEWED, FieldEstimate


@dataclass(frozen=True)
class EstimateRow:
    """How often the model is right about one attribute; `cell` is where the interval begins, its width, and the share,
    in per cent."""

    field: str
    garments: int
    corrected: int
    reviewed: int
    text: str
    cell: tuple[float, float, float] | None


def build_estimate(stored: Mapping[str, Any]) -> EstimateRow:
    """Of what a report holds of one attribute."""
    one = FieldEstimate.from_json(stored)
    if one.estimate is None:
        text = f"too few: {one.reviewed} of {MIN_REVIEWED} reviewed"
        return EstimateRow(one.field, one.garments, one.corrected, one.reviewed, text, None)
    low, high = one.estimate.interval
    text = f"{100 * one.estimate.share:.1f}\u00a0% ({100 * low:.0f} to {100 * high:.0f})"
    cell = (round(100 * low, 2), round(100 * (high - low), 2), round(100 * one.estimate.share, 2))
    return EstimateRow(one.field, one.garments, one.corrected, one.reviewed, text, cell)
