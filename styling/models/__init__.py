"""Wearers' profiles, events, the weather they were dressed for, what was suggested, and what they keep of it."""

from styling.models.looks import LeftOut, Look, LookPiece
from styling.models.profiles import Profile
from styling.models.suggestions import Event, OutfitPiece, Suggestion, SuggestionQuerySet
from styling.models.weather import WeatherFeatures

__all__ = [
    "Event",
    "LeftOut",
    "Look",
    "LookPiece",
    "OutfitPiece",
    "Profile",
    "Suggestion",
    "SuggestionQuerySet",
    "WeatherFeatures",
]
