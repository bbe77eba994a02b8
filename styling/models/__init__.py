"""Wearers' profiles, events, the weather they were dressed for, and what was suggested."""

from styling.models.profiles import Profile
from styling.models.suggestions import Event, OutfitPiece, Suggestion, SuggestionQuerySet
from styling.models.trips import Trip, TripLeg, TripOccasion, TripPiece, TripWear
from styling.models.weather import WeatherFeatures

__all__ = [
    "Event",
    "OutfitPiece",
    "Profile",
    "Suggestion",
    "SuggestionQuerySet",
    "Trip",
    "TripLeg",
    "TripOccasion",
    "TripPiece",
    "TripWear",
    "WeatherFeatures",
]
