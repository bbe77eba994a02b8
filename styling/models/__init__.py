"""Wearers' profiles, events, the weather they were dressed for, what was suggested, planned and kept of it, their other
calendars."""

from styling.models.calendars import CalendarFeed, CalendarOccasion, OccasionRule, Subscription
from styling.models.looks import LeftOut, Look, LookPiece
from styling.models.plans import Plan
from styling.models.profiles import Profile
from styling.models.shares import SharedPicture, SharedPictureQuerySet
from styling.models.suggestions import Event, OutfitPiece, Suggestion, SuggestionQuerySet
from styling.models.trips import Trip, TripLeg, TripOccasion, TripPiece, TripWear
from styling.models.weather import WeatherFeatures

__all__ = [
    "CalendarFeed",
    "CalendarOccasion",
    "Event",
    "LeftOut",
    "Look",
    "LookPiece",
    "OccasionRule",
    "OutfitPiece",
    "Plan",
    "Profile",
    "SharedPicture",
    "SharedPictureQuerySet",
    "Subscription",
    "Suggestion",
    "SuggestionQuerySet",
    "Trip",
    "TripLeg",
    "TripOccasion",
    "TripPiece",
    "TripWear",
    "WeatherFeatures",
]
