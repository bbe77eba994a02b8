"""What reviewers said of the types that the built-in engine told: the evidence for its thresholds."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Consent
from feedback.models import Correction, ReviewDecision, ReviewItem
from feedback.proposals.confusions import WEEKS, list_locked
from feedback.proposals.thresholds import Judged
from feedback.review.filling import draw_field, hash_number
from registry.models import CollectedExample, Prompt, Split
from registry.services.examples import is_near
from wardrobe.models import Garment
from wardrobe.vision.families import FAMILY_OF
from wardrobe.vision.heads import Calibration

APART = 3
"""One photo in so many validates."""


@dataclass(frozen=True)
class Evidence:
    """Judged garments, and the accepted corrections among what was said of them."""

    rows: list[Judged]
    corrections: list[Correction]


def gather_evidence(prompt: Prompt, heads_sha256: str, calibration: Calibration) -> Evidence:
    """Of garments of the last weeks that the heads of this digest named. `calibration` is of their finer words.

    What reviewers decided of corrections stands for all that was corrected, and what they decided of the random tenth
    for all that was not.
    """
    described = list_described(prompt, heads_sha256)
    is_corrected = Exists(Correction.objects.filter(garment=OuterRef("pk"), field="type"))
    items = drop_locked(list_items(described))
    corrected = [one for one in items if one.correction is not None]
    drawn = [one for one in items if one.correction is None and is_drawn(one)]
    rows = [
        *judge_all(corrected, calibration, described.filter(is_corrected).count()),
        *judge_all(drawn, calibration, described.exclude(is_corrected).count()),
    ]
    accepted = [
        one.correction
        for one in corrected
        if one.correction and one.correction.review == Correction.Review.ACCEPTED
    ]
    return Evidence(rows, accepted)


def is_drawn(item: ReviewItem) -> bool:
    """Whether it is of the random tenth, whatever else it was asked for."""
    return item.garment_id is not None and draw_field(item.garment_id) == "type"


def list_described(prompt: Prompt, heads_sha256: str) -> QuerySet[Garment]:
    """Garments of consenting wearers, outside the locked holdout, that these heads described."""
    locked = CollectedExample.objects.filter(call=OuterRef("call"), split=Split.HOLDOUT)
    return Garment.objects.filter(
        Exists(Consent.objects.given(by=OuterRef("owner"))),
        call__engine="builtin",
        call__version__prompt=prompt,
        call__version__bundle__parameters__vision__heads_sha256=heads_sha256,
        created_at__gt=timezone.now() - timedelta(weeks=WEEKS),
    ).exclude(Exists(locked))


def list_items(described: QuerySet[Garment]) -> QuerySet[ReviewItem]:
    """Types on which reviewers have decided."""
    items = ReviewItem.objects.filter(garment__in=described, field="type", decided_at__isnull=False)
    return items.select_related("garment__call", "garment__photo", "correction").order_by("pk")


def drop_locked(items: Iterable[ReviewItem]) -> list[ReviewItem]:
    """Without near-duplicates of the locked holdout: it judges what these thresholds become."""
    locked = list_locked()
    return [
        one
        for one in items
        if not (one.garment and one.garment.photo and one.garment.photo.perceptual_hash)
        or not any(is_near(int(one.garment.photo.perceptual_hash, 16), other) for other in locked)
    ]


def judge_all(
    items: Sequence[ReviewItem], calibration: Calibration, count: int
) -> Iterator[Judged]:
    """Those of which reviewers could tell; together they stand for `count` garments."""
    told = []
    for item in items:
        right = read_right(item)
        if right and item.garment and (judged := read_told(item.garment, right, calibration)):
            look = item.garment.photo.perceptual_hash if item.garment.photo else str(item.pk)
            told.append(replace(judged, is_apart=is_apart(look)))
    yield from (replace(judged, weight=count / len(told)) for judged in told)


def read_right(item: ReviewItem) -> str:
    """What reviewers say it is; empty where they disagree or nobody can tell."""
    decisions = item.decisions.standing().exclude(verdict=ReviewDecision.Verdict.UNSURE)
    values = {str(one.value) for one in decisions}
    return values.pop() if len(values) == 1 else ""


def read_told(garment: Garment, right: str, calibration: Calibration) -> Judged | None:
    """What the engine told of a garment, from its call; None where the call has no such garment."""
    output = garment.call.output if garment.call else None
    for seen in (output or {}).get("garments", []):
        if list(seen.get("box", [])) != list(garment.box):
            continue
        told = seen["type"]
        others = seen.get("alternatives", []) if FAMILY_OF.get(told, told) == told else []
        finer = next((one for one in others if is_finer(one["type"])), None)
        return Judged(
            told=told,
            confidence=float(seen.get("confidence", {}).get("type", 0.0)),
            right=right,
            finer=finer["type"] if finer else "",
            finer_confidence=calibration.correct(finer["confidence"]) if finer else 0.0,
        )
    return None


def is_finer(word: str) -> bool:
    return FAMILY_OF.get(word, word) != word


def is_apart(look: str) -> bool:
    """By the photo's look, so that a picture is on one side whoever says something of it."""
    return hash_number(f"thresholds {look}") % APART == 0
