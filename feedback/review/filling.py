"""What goes into the queue: corrections, drifted photos, close calls, and a tenth drawn of what nobody corrected.

Only of wearers who consented. Whatever runs twice adds nothing: a garment's attribute is asked about once.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import Consent
from feedback.models import Correction, ReviewItem
from feedback.values import read_word
from wardrobe.models import Garment, Photo
from wardrobe.models.garments import GUESS_BELOW

FIELDS = ("type", "pattern", "material", "warmth", "formality")
"""What is drawn of what nobody corrected: attributes of one word, which a picture tells."""
CORRECTED = (*FIELDS, "sleeve", "length", "colours")
"""What reviewers are asked where a wearer corrected it; of colours the main one, if that is another."""
PRIORITIES = {reason: number for number, reason in enumerate(ReviewItem.Reason)}
SETTLED, LOOKED_BACK = timedelta(days=3), timedelta(days=28)
"""So long a wearer has had time to correct a garment of which some are drawn; and so far back."""
DRAWN = 10
"""One in so many of what nobody corrected is drawn, and one in so many items is asked of two reviewers."""
BATCH = 500


class Sent(NamedTuple):
    """How many items are new, and how many photos were left out."""

    items: int
    left_out: int


def list_allowed() -> QuerySet[Garment]:
    """Garments that a model described, on photos whose wearers let us look at them."""
    consents = Consent.objects.given(by=OuterRef("owner"))
    described = Garment.objects.filter(call__isnull=False, photo__isnull=False)
    return described.filter(Exists(consents)).select_related("call")


def fill_queue() -> int:
    """What is new since the last time, up to BATCH of a kind; answers with how many items there are more."""
    before = ReviewItem.objects.count()
    for items in (find_corrections(), find_close_calls(), draw_uncorrected()):
        ReviewItem.objects.bulk_create(items, ignore_conflicts=True)
    return ReviewItem.objects.count() - before


def find_corrections() -> Iterator[ReviewItem]:
    """Corrections that wait. A garment's attribute that was asked about for another reason is not asked again."""
    corrections = Correction.objects.filter(
        review=Correction.Review.PENDING,
        review_item=None,
        field__in=CORRECTED,
        garment__in=list_allowed(),
    ).select_related("garment__call")
    same_colour = Q(field="colours", model_value__0__name=F("user_value__0__name"))
    for correction in corrections.exclude(same_colour).order_by("pk")[:BATCH]:
        if correction.garment:
            yield make_item(
                correction.garment,
                correction.field,
                ReviewItem.Reason.CORRECTION,
                correction=correction,
                version_id=correction.version_id,
                model_value=read_word(correction.model_value),
            )


def find_close_calls() -> Iterator[ReviewItem]:
    """Kinds that the model was unsure of and the wearer let be."""
    garments = list_allowed().filter(
        confidence__type__lt=GUESS_BELOW, created_at__gt=Now() - LOOKED_BACK
    )
    for garment in keep_unasked(garments, "type")[:BATCH]:
        yield make_item(garment, "type", ReviewItem.Reason.MARGIN)


def draw_uncorrected() -> Iterator[ReviewItem]:
    """Of garments whose wearers have had time to correct them: one attribute of one in ten, drawn by hash. The same
    ones are drawn each time, so that nobody's garments are drawn more often for being looked at more often."""
    garments = list_allowed().filter(
        created_at__lt=Now() - SETTLED, created_at__gt=Now() - LOOKED_BACK
    )
    for field in FIELDS:
        for garment in keep_unasked(garments, field).iterator():
            if draw_field(garment.pk) == field:
                yield make_item(garment, field, ReviewItem.Reason.RANDOM)


def keep_unasked(garments: QuerySet[Garment], field: str) -> QuerySet[Garment]:
    """Those of which the model told an attribute that nobody corrected or was asked about."""
    corrected = Correction.objects.filter(garment=OuterRef("pk"), field=field)
    asked = ReviewItem.objects.filter(garment=OuterRef("pk"), field=field)
    told = keep_told(garments, field).exclude(**{field: ""})
    return told.exclude(Exists(corrected)).exclude(Exists(asked)).order_by("pk")


def keep_told(garments: QuerySet[Garment], field: str) -> QuerySet[Garment]:
    """Those of which the model told an attribute, whatever was derived since of what the wearer corrected."""
    derived = {"set_aside__has_key": field, f"set_aside__{field}__confidence": None}
    return garments.filter(confidence__has_key=field).exclude(**derived)


def draw_field(garment: UUID) -> str:
    """The attribute that is drawn of a garment, by its key; empty for nine in ten."""
    number = hash_number(f"review {garment}")
    return FIELDS[number // DRAWN % len(FIELDS)] if number % DRAWN == 0 else ""


def hash_number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def send_photos(photos: Iterable[Photo]) -> Sent:
    """Ask what kind the garments of some photos are, as they drifted. Photos without consent, or without a garment
    that a model described, are left out."""
    wanted = list(photos)
    garments = list(list_allowed().filter(photo__in=wanted).exclude(type=""))
    asked = ReviewItem.objects.filter(garment__in=garments, field="type").values("pk")
    before = asked.count()
    items = [make_item(garment, "type", ReviewItem.Reason.DRIFTED) for garment in garments]
    ReviewItem.objects.bulk_create(items, ignore_conflicts=True)
    sent = {garment.photo_id for garment in garments}
    return Sent(asked.count() - before, sum(photo.pk not in sent for photo in wanted))


def make_item(garment: Garment, field: str, reason: ReviewItem.Reason, **fields: Any) -> ReviewItem:
    """An unsaved item. One in ten is asked of two reviewers."""
    is_checked = hash_number(f"second opinion {garment.pk} {field}") % DRAWN == 0
    if garment.call is not None:
        fields.setdefault("version_id", garment.call.version_id)
    aside = garment.set_aside.get(field, {})
    now = aside.get("value", getattr(garment, field))
    fields.setdefault("model_value", garment.model_values.get(field, now))
    return ReviewItem(
        garment=garment,
        field=field,
        reason=reason,
        priority=PRIORITIES[reason],
        confidence=aside.get("confidence", garment.confidence.get(field)),
        opinions=2 if is_checked else 1,
        **fields,
    )
