"""Corrections: what wearers changed of what a model had said."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from feedback.models import Correction, Rating
from telemetry.spans import open_span
from wardrobe.models import Garment
from wardrobe.services.garments import FieldEdit, is_different


@transaction.atomic
def record_corrections(*, garment: Garment, edits: list[FieldEdit]) -> None:
    """Keep one row for each edited attribute, with the version that had set it.

    The last word counts: a second edit changes the row that waits for review, and an edit back to
    what the model had said withdraws it. What was reviewed already is never changed.
    """
    for edit in edits:
        record_correction(garment=garment, edit=edit)


def record_correction(*, garment: Garment, edit: FieldEdit) -> None:
    call = garment.call
    if call is None:
        return
    pending = Correction.objects.filter(
        garment=garment, call=call, field=edit.field, review=Correction.Review.PENDING
    )
    if not is_different(edit.user_value, edit.model_value):
        pending.delete()
        return
    with open_span("correct garment") as span:
        span.judge(name=edit.field, label="corrected", response_id=call.pk.hex)
    if not pending.update(user_value=edit.user_value):
        Correction.objects.create(
            owner=garment.owner,
            garment=garment,
            field=edit.field,
            model_value=edit.model_value,
            user_value=edit.user_value,
            confidence=edit.confidence,
            version=call.version,
            call=call,
            pixel_sha256=garment.photo.pixel_sha256 if garment.photo else "",
            box=garment.box,
        )


def find_corrected_calls(calls: Iterable[UUID]) -> set[UUID]:
    """Those of some calls whose answer its wearer corrected, or refused to wear."""
    ids = list(calls)
    corrected = Correction.objects.filter(call__in=ids).values_list("call_id", flat=True)
    refused = Rating.objects.filter(
        suggestion__call__in=ids, verdict=Rating.Verdict.REJECTED
    ).values_list("suggestion__call_id", flat=True)
    return {call for call in [*corrected, *refused] if call}
