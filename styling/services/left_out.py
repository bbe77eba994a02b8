"""Garments that are never offered for a kind of event."""

from accounts.models import User
from styling.models import LeftOut
from wardrobe.models import Garment


def leave_out(garment: Garment, *, owner: User, kind: str) -> LeftOut:
    """By whoever wears it: of a piece that two may wear, each says so for themselves."""
    one, _ = LeftOut.objects.get_or_create(owner=owner, garment=garment, kind=kind)
    return one
