"""Signals: what wearers say of garments as a whole, by what they do with them."""

from django.db import transaction

from feedback.models import GarmentSignal
from registry.models import InferenceCall
from wardrobe.models import Garment

Kind = GarmentSignal.Kind
ABOUT_MODELS = {*Kind.values} - {Kind.MISSED}
"""These say something only of garments that a model described."""


@transaction.atomic
def record_signal(*, garment: Garment, kind: str) -> None:
    """Keep a signal; said twice it is kept once. Of a garment that no model described only that it was missed, and
    deleting such a garment takes that back."""
    if garment.call is None and kind in ABOUT_MODELS:
        if kind != Kind.RENAMED and kind != Kind.CONFIRMED:
            forget_signal(garment=garment, kind=Kind.MISSED)
        return
    call = garment.call or find_look(garment)
    if call is None:
        return
    GarmentSignal.objects.get_or_create(
        garment_key=garment.pk,
        kind=kind,
        defaults={
            "owner": garment.owner,
            "photo": garment.photo,
            "pixel_sha256": garment.photo.pixel_sha256 if garment.photo else "",
            "box": garment.box,
            "type": garment.model_values.get("type", garment.type),
            "call": call,
        },
    )


def forget_signal(*, garment: Garment, kind: str) -> None:
    GarmentSignal.objects.filter(garment_key=garment.pk, kind=kind).delete()


def find_look(garment: Garment) -> InferenceCall | None:
    """The call that looked at a garment's photo and did not name the garment; None if none did."""
    if garment.photo is None:
        return None
    subject = f"photo:{garment.photo.pk}"
    calls = InferenceCall.objects.filter(subject=subject, outcome="succeeded")
    return calls.order_by("-started_at").first()
