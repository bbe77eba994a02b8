"""Garments that are never offered for a kind of event."""

from styling.models import LeftOut
from wardrobe.models import Garment


def leave_out(garment: Garment, *, kind: str) -> LeftOut:
    one, _ = LeftOut.objects.get_or_create(
        garment=garment, kind=kind, defaults={"owner": garment.owner}
    )
    return one
