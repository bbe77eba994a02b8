"""How often the model is right in production, without bias, from what reviewers said of a random tenth.

Attributes that wearers corrected and those that nobody corrected are two strata of what consenting wearers have. Of the
corrected ones reviewers see as many as they can; of the others they see the random tenth, and the model's own
confidence in all of them makes the estimate sharper: prediction-powered inference (A. Angelopoulos et al., Science 382,
2023) with the weight that makes its variance smallest (PPI++, arXiv 2311.01453). The estimate is without bias
whatever the confidences are worth.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from django.db.models.functions import Now
from numpy.typing import NDArray

from feedback.models import Correction, ReviewDecision
from feedback.review.filling import (
    FIELDS,
    LOOKED_BACK,
    SETTLED,
    draw_field,
    keep_told,
    list_allowed,
)
from registry.evaluation.statistics import Z95

Floats = NDArray[np.float64]

MIN_REVIEWED = 10
"""Under so many of the random tenth an interval of the normal kind is too narrow: nothing is said."""


@dataclass(frozen=True)
class Estimate:
    """A share with its standard error, both 0..1."""

    share: float
    error: float

    @property
    def interval(self) -> tuple[float, float]:
        """95 %, within 0..1."""
        half = Z95 * self.error
        return max(0.0, self.share - half), min(1.0, self.share + half)


@dataclass(frozen=True)
class FieldEstimate:
    """One attribute: `estimate` is None while `reviewed` of the random tenth are too few."""

    field: str
    garments: int
    corrected: int
    reviewed: int
    estimate: Estimate | None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "FieldEstimate":
        estimate = Estimate(**stored["estimate"]) if stored["estimate"] else None
        return cls(**{**stored, "estimate": estimate})


def power_prediction(
    right: Sequence[float], predicted: Sequence[float], others: Sequence[float]
) -> Estimate:
    """The mean of `right` (0 or 1, of what was reviewed), helped by what was predicted of it and of `others`."""
    y, f, g = (np.asarray(values, dtype=np.float64) for values in (right, predicted, others))
    n, m = len(y), len(g)
    spread = float(np.var(np.concatenate([f, g]), ddof=1)) if n + m > 1 else 0.0
    weight = 0.0
    if m and n > 1 and spread > 0:
        together = float(np.cov(y, f, ddof=1)[0, 1])
        weight = min(1.0, max(0.0, together / ((1 + n / m) * spread)))
    share = weight * (float(g.mean()) if m else 0.0) + float((y - weight * f).mean())
    error = variance(y - weight * f) / n
    error += weight**2 * float(np.var(g, ddof=1)) / m if weight and m > 1 else 0.0
    return Estimate(min(1.0, max(0.0, share)), math.sqrt(error))


def variance(values: Floats) -> float:
    """Never quite nought: where all of n are right (or wrong), one more of each is supposed, after Laplace."""
    n = len(values)
    if n > 1 and float(np.ptp(values)) > 0:
        return float(np.var(values, ddof=1))
    share = (float(values.sum()) + 1) / (n + 2)
    return share * (1 - share)


def combine(uncorrected: Estimate, corrected: Estimate, share_corrected: float) -> Estimate:
    """Both strata by their sizes."""
    rest = 1 - share_corrected
    return Estimate(
        rest * uncorrected.share + share_corrected * corrected.share,
        math.hypot(rest * uncorrected.error, share_corrected * corrected.error),
    )


def list_estimates() -> list[FieldEstimate]:
    """Of each attribute that reviewers are asked about, in what was described 3 to 28 days ago."""
    return [estimate_field(field) for field in FIELDS]


def estimate_field(field: str) -> FieldEstimate:
    described = list_allowed().filter(
        created_at__lt=Now() - SETTLED, created_at__gt=Now() - LOOKED_BACK
    )
    garments = keep_told(described, field)
    sure = dict(garments.values_list("pk", f"confidence__{field}"))
    corrections = Correction.objects.filter(garment__in=list(sure), field=field)
    corrected = set(corrections.values_list("garment", flat=True))
    judged = read_verdicts(field)
    drawn = {pk for pk in sure if draw_field(pk) == field}
    reviewed = {pk: right for pk, right in judged.items() if pk in drawn - corrected}
    if len(reviewed) < MIN_REVIEWED:
        return FieldEstimate(field, len(sure), len(corrected), len(reviewed), None)
    others = [float(sure[pk]) for pk in sure if pk not in corrected and pk not in reviewed]
    uncorrected = power_prediction(
        list(reviewed.values()), [float(sure[pk]) for pk in reviewed], others
    )
    told = [right for pk, right in judged.items() if pk in corrected]
    kept = power_prediction(told, told, []) if told else Estimate(0.0, 0.0)
    whole = combine(uncorrected, kept, len(corrected) / len(sure))
    return FieldEstimate(field, len(sure), len(corrected), len(reviewed), whole)


def read_verdicts(field: str) -> dict[object, float]:
    """By garment, whether reviewers found the model right, whatever they were asked for; what nobody could tell is left
    out."""
    decisions = (
        ReviewDecision.objects.standing()
        .filter(item__field=field, item__decided_at__isnull=False)
        .exclude(verdict=ReviewDecision.Verdict.UNSURE)
        .exclude(item__garment=None)
        .order_by("pk")
    )
    right = ReviewDecision.Verdict.MODEL
    return {
        pk: float(said == right) for pk, said in decisions.values_list("item__garment", "verdict")
    }
