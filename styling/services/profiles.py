"""What the stylist knows about a wearer."""

from styling.models import Profile
from wardrobe.models import User


def get_profile(user: User) -> Profile:
    """The wearer's profile, made at first use."""
    return Profile.objects.get_or_create(user=user)[0]
