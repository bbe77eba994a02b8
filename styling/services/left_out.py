"""Garments that are never offered for a kind of event."""

from accounts.models import User
from styling.models import LeftOut
from wardrobe.models import Garment


def leave_out(garment: Garment, *, kind: str) -> LeftOut:
    one, _ = LeftOut.objects.get_or_create(
        garment=garment, kind=kind, defaults={"owner": garment.owner}
    )
    return one


def bring_back(owner: User, pk: int) -> bool:
    """Offer it again; false where it is not the owner's."""
    deleted, _ = LeftOut.objects.filter(owner=owner, pk=pk).delete()
    return bool(deleted)
