"""What the stylist knows about a wearer, and where their days begin."""

from django.db.models.functions import Now

from accounts.models import User
from styling.models import Profile, Subscription
from styling.weather.places import Place
from wardrobe.prices.currencies import find_territory, guess_currency

IMPERIAL_IN = {"US", "AS", "GU", "MP", "PR", "UM", "VI"}
"""The United States and their territories, by ISO 3166."""


def get_profile(user: User) -> Profile:
    """The wearer's profile, made at first use, in the units of where their days begin."""
    defaults = {"units": lambda: guess_units(user.zone.key)}
    return Profile.objects.get_or_create(user=user, defaults=defaults)[0]


def guess_units(time_zone: str) -> Profile.Units:
    """What weather is told in where a time zone is; metric where nobody knows."""
    is_imperial = find_territory(time_zone) in IMPERIAL_IN
    return Profile.Units.IMPERIAL if is_imperial else Profile.Units.METRIC


def find_currency(user: User) -> str:
    """That prices are told in: the wearer's own word, else what is paid with where their days begin; empty: nobody knows."""
    return get_profile(user).currency or guess_currency(user.zone.key)


def set_home(profile: Profile, *, place: Place) -> None:
    """Live at `place` from now on, kept to a tenth of a degree."""
    profile.place = place.label
    profile.latitude, profile.longitude = round(place.latitude, 1), round(place.longitude, 1)
    profile.time_zone = place.time_zone
    profile.save(update_fields=["place", "latitude", "longitude", "time_zone"])
    live_in(profile.user, profile.time_zone)


def keep_browser_zone(profile: Profile, *, time_zone: str) -> bool:
    """Days begin by the browser's clock, unless the wearer has a home or chose a zone; whether that is a change."""
    if profile.has_zone or profile.user.time_zone == time_zone:
        return False
    live_in(profile.user, time_zone)
    return True


def live_in(user: User, time_zone: str) -> None:
    """Days begin by this zone from now on. Calendars elsewhere are read anew by its clock, unchanged ones too."""
    if user.time_zone == time_zone:
        return
    user.live_in(time_zone)
    Subscription.objects.filter(owner=user).update(read_on=None, next_look_at=Now())
