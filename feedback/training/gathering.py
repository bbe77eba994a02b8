"""What a training set may be made of: accepted corrections, decisions of reviewers, and what nobody corrected."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import Consent
from feedback.models import Correction, ReviewDecision, ReviewItem
from feedback.review.filling import SETTLED, hash_number
from feedback.values import read_word
from wardrobe.models import Garment
from wardrobe.vision.families import FAMILY_OF

OF_CLOTH = ("pattern", "colours")
"""Attributes whose heads see the cloth as well: its measures, or its colours."""
FIELDS = ("type", "material", "sleeve", "length", *OF_CLOTH)
HEADS = {"colours": "colour"}
"""The head of an attribute, where that is called otherwise."""
CONFIRMING = (ReviewItem.Reason.RANDOM, ReviewItem.Reason.DRIFTED, ReviewItem.Reason.MARGIN)
"""Asked for without a wearer's word: what reviewers say of these nobody could steer."""


@dataclass(frozen=True)
class Said:
    """What one attribute of one garment is, and who said so. `is_trusted`: reviewers alone did, or two of them agreed."""

    garment: Garment
    consent_id: int
    field: str
    model_value: str
    value: str
    correction_id: int | None = None
    decision_id: int | None = None
    is_trusted: bool = False

    @property
    def fingerprint(self) -> str:
        return str(self.garment.photo.perceptual_hash) if self.garment.photo else ""

    @property
    def family(self) -> str:
        """A type's family; of another attribute its value."""
        return FAMILY_OF.get(self.value, self.value) if self.field == "type" else self.value


def list_pictured() -> QuerySet[Garment]:
    """Garments that a model described, on photos that are there."""
    there = Garment.objects.filter(call__isnull=False, photo__isnull=False)
    return there.exclude(photo__image="").exclude(photo__perceptual_hash="")


def count_without_consent() -> int:
    """Accepted corrections of wearers who have not consented, or not any more."""
    accepted = Correction.objects.filter(review=Correction.Review.ACCEPTED, field__in=FIELDS)
    return accepted.exclude(Exists(Consent.objects.given(by=OuterRef("owner")))).count()


def count_dismissed() -> int:
    """Corrections where reviewers sided with the model."""
    dismissed = Q(review=Correction.Review.DISMISSED) | Q(review=Correction.Review.NEITHER)
    return Correction.objects.filter(dismissed, field__in=FIELDS).count()


def gather() -> list[Said]:
    """All that people said, the oldest first, once of each garment's attribute: reviewers' word goes before a wearer's."""
    said = {(one.garment.pk, one.field): one for one in read_corrections()}
    said |= {(one.garment.pk, one.field): one for one in read_decisions()}
    return list(said.values())


def read_corrections() -> Iterator[Said]:
    consents = read_consents()
    corrections = Correction.objects.filter(
        review=Correction.Review.ACCEPTED,
        field__in=FIELDS,
        garment__in=list_pictured(),
        owner__in=list(consents),
    )
    for one in corrections.select_related("garment__photo").order_by("pk"):
        if one.garment and (value := read_word(one.user_value)):
            yield Said(
                garment=one.garment,
                consent_id=consents[one.owner_id],
                field=one.field,
                model_value=read_word(one.model_value),
                value=value,
                correction_id=one.pk,
            )


def read_decisions() -> Iterator[Said]:
    """Items that are decided, where all who could tell said the same."""
    consents = read_consents()
    items = ReviewItem.objects.filter(
        decided_at__isnull=False,
        field__in=FIELDS,
        garment__in=list_pictured(),
        garment__owner__in=list(consents),
    )
    for item in items.select_related("garment__photo", "correction").order_by("pk"):
        decisions = list(item.decisions.standing().order_by("pk"))
        told = [one for one in decisions if one.verdict != ReviewDecision.Verdict.UNSURE]
        values = {read_word(one.value) for one in told}
        if item.garment and told and len(values) == 1 and (value := values.pop()):
            yield Said(
                garment=item.garment,
                consent_id=consents[item.garment.owner_id],
                field=item.field,
                model_value=read_word(item.model_value),
                value=value,
                correction_id=item.correction_id,
                decision_id=told[-1].pk,
                is_trusted=item.reason in CONFIRMING or len(told) > 1,
            )


def read_uncorrected(count: int) -> Iterator[Said]:
    """Types that their wearers have had time to correct and let be: up to `count`, drawn by hash."""
    consents = read_consents()
    corrected = Correction.objects.filter(garment=OuterRef("pk"), field="type")
    asked = ReviewItem.objects.filter(garment=OuterRef("pk"), field="type")
    garments = list_pictured().filter(owner__in=list(consents), created_at__lt=Now() - SETTLED)
    kept = garments.exclude(Exists(corrected)).exclude(Exists(asked)).exclude(type="")
    keys = sorted(kept.values_list("pk", flat=True), key=lambda pk: hash_number(f"rehearse {pk}"))
    for garment in kept.filter(pk__in=keys[:count]).select_related("photo").order_by("pk"):
        yield Said(
            garment=garment,
            consent_id=consents[garment.owner_id],
            field="type",
            model_value=garment.type,
            value=garment.type,
        )


def read_consents() -> dict[int, int]:
    """By wearer, the consent that counts now."""
    given = Consent.objects.filter(withdrawn_at=None)
    counts = Consent.objects.given(by=OuterRef("user")).values("pk")
    return dict(given.filter(pk__in=counts).values_list("user_id", "pk"))
