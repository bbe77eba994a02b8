from feedback.models.few_shot import FewShotExample
from feedback.models.household import HouseholdOpinion, ShownOutfit
from feedback.models.opinions import (
    Correction,
    GarmentSignal,
    LearningChoices,
    PreferenceSignal,
    Proposal,
    Rating,
    ReviewDecision,
    ReviewDecisionQuerySet,
    ReviewItem,
    ReviewItemQuerySet,
    WornInstead,
)
from feedback.models.training import (
    Artefact,
    TrainingRow,
    TrainingRun,
    TrainingSet,
)

__all__ = [
    "Artefact",
    "Correction",
    "FewShotExample",
    "GarmentSignal",
    "HouseholdOpinion",
    "LearningChoices",
    "PreferenceSignal",
    "Proposal",
    "Rating",
    "ReviewDecision",
    "ReviewDecisionQuerySet",
    "ReviewItem",
    "ReviewItemQuerySet",
    "ShownOutfit",
    "TrainingRow",
    "TrainingRun",
    "TrainingSet",
    "WornInstead",
]
