from wardrobe.models.garments import Garment, GarmentQuerySet
from wardrobe.models.photos import Photo, PhotoFeatures, PhotoQuerySet
from wardrobe.models.users import User
from wardrobe.models.vocabulary import VocabularyTerm

__all__ = [
    "Garment",
    "GarmentQuerySet",
    "Photo",
    "PhotoFeatures",
    "PhotoQuerySet",
    "User",
    "VocabularyTerm",
]
