from wardrobe.models.acts import Act, ActQuerySet
from wardrobe.models.care import Care, CareQuerySet
from wardrobe.models.garments import Garment, GarmentQuerySet
from wardrobe.models.household import (
    Household,
    Invitation,
    LoanRequest,
    Member,
    Shelf,
    ShelfPiece,
    ShelfShare,
)
from wardrobe.models.photos import (
    Photo,
    PhotoAnswer,
    PhotoEmbedding,
    PhotoFeatures,
    PhotoQuerySet,
)
from wardrobe.models.uploads import UploadEvent
from wardrobe.models.vocabulary import VocabularyRevision, VocabularyTerm
from wardrobe.models.wears import Wear, WearQuerySet

__all__ = [
    "Act",
    "ActQuerySet",
    "Care",
    "CareQuerySet",
    "Garment",
    "GarmentQuerySet",
    "Household",
    "Invitation",
    "LoanRequest",
    "Member",
    "Photo",
    "PhotoAnswer",
    "PhotoEmbedding",
    "PhotoFeatures",
    "PhotoQuerySet",
    "Shelf",
    "ShelfPiece",
    "ShelfShare",
    "UploadEvent",
    "VocabularyRevision",
    "VocabularyTerm",
    "Wear",
    "WearQuerySet",
]
