from feedback.models.opinions import (
    Correction,
    Rating,
    ReviewDecision,
    ReviewDecisionQuerySet,
    ReviewItem,
    ReviewItemQuerySet,
)
from feedback.models.training import Artefact, TrainingRow, TrainingRun, TrainingSet

__all__ = [
    "Artefact",
    "Correction",
    "Rating",
    "ReviewDecision",
    "ReviewDecisionQuerySet",
    "ReviewItem",
    "ReviewItemQuerySet",
    "TrainingRow",
    "TrainingRun",
    "TrainingSet",
]
