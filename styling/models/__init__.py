"""Wearers' profiles, events, the weather they were dressed for, what was suggested and planned, their other calendars."""

from styling.models.calendars import CalendarFeed, CalendarOccasion, OccasionRule, Subscription
from styling.models.plans import Plan
from styling.models.profiles import Profile
from styling.models.suggestions import Event, OutfitPiece, Suggestion, SuggestionQuerySet
from styling.models.weather import WeatherFeatures

__all__ = [
    "CalendarFeed",
    "CalendarOccasion",
    "Event",
    "OccasionRule",
    "OutfitPiece",
    "Plan",
    "Profile",
    "Subscription",
    "Suggestion",
    "SuggestionQuerySet",
    "WeatherFeatures",
]
