"""Making a training set: who may be in it, how often, on which side, and what is left out and why."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from feedback.models import Correction, TrainingRow, TrainingSet
from feedback.review.filling import hash_number
from feedback.training.gathering import (
    FIELDS,
    Said,
    count_dismissed,
    count_without_consent,
    gather,
    read_uncorrected,
)
from registry.models import CollectedExample, Split
from registry.prompts.bundles import digest
from registry.services.examples import is_near, lock_split
from telemetry.lines import log_move
from wardrobe.tasks import DigitizePhoto

CAP = 8
"""Rows of one wearer with one value: who corrects a lot does not decide alone what a word means."""
DISTRUSTED = 0.5
"""Of a wearer with whom reviewers agree less often than this nothing is learned."""
REHEARSED, MOST_REHEARSED = 4, 2000
"""Garments that are rehearsed for each lesson, and at most."""
FEWEST_REHEARSED = 200
VALIDATION = 3
"""One in so many trusted rows is kept to judge by; of what nobody corrected, one in so many as well."""


class NothingToLearnError(ValueError):
    """No correction is accepted, or all of them are left out; or the set would be the last one."""


@transaction.atomic
def build_set(*, author: Any) -> TrainingSet:
    """The next training set, of all that counts now. Raises NothingToLearnError."""
    lock_split()
    left_out = LeftOut()
    left_out.add("Consent", count_without_consent(), "not given, or taken back")
    left_out.add("Review", count_dismissed(), "reviewers did not agree with the wearer")
    said = settle_votes(gather(), left_out)
    said = drop_held_out(said, left_out)
    weights = weigh_wearers({one.garment.owner_id for one in said})
    said = drop_distrusted(said, weights, left_out)
    said = cap_wearers(said, left_out)
    if not any(one.model_value != one.value for one in said):
        raise NothingToLearnError("Nothing was corrected that counts: there is nothing to learn.")
    count = min(MOST_REHEARSED, max(FEWEST_REHEARSED, REHEARSED * len(said)))
    told = [int(one.fingerprint, 16) for one in said]
    uncorrected = [one for one in read_uncorrected(count) if not is_near_any(one.fingerprint, told)]
    uncorrected = drop_held_out(uncorrected, left_out)
    everything = [*said, *uncorrected]
    fingerprints = [one.fingerprint for one in everything]
    looks = [fingerprints[first] for first in group_near(fingerprints)]
    rows = []
    for number, (one, look) in enumerate(zip(everything, looks, strict=True)):
        is_said = number < len(said)
        weight = weights.get(one.garment.owner_id, 1.0) if is_said else 1.0
        rows.append(make_row(one, choose_split(one, look, is_said=is_said), weight))
    return store(rows, left_out.rows, author)


class LeftOut:
    """How many rows each check left out."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def add(self, check: str, count: int, why: str) -> None:
        if count:
            self.rows.append({"check": check, "count": count, "why": why})


def settle_votes(said: Sequence[Said], left_out: LeftOut) -> list[Said]:
    """Of photos that look the same each wearer has one vote an attribute, and the most votes win; a tie teaches nothing.
    What reviewers said alone goes before votes."""
    groups: dict[tuple[int, str], list[Said]] = defaultdict(list)
    for number, one in zip(group_near([one.fingerprint for one in said]), said, strict=True):
        groups[number, one.field].append(one)
    kept: list[Said] = []
    for group in groups.values():
        votes = {one.garment.owner_id: one for one in group}
        trusted = [one for one in group if one.is_trusted]
        counts = Counter(one.value for one in trusted or votes.values()).most_common(2)
        if len(counts) == 1 or counts[0][1] > counts[1][1]:
            kept.append(next(one for one in trusted or group if one.value == counts[0][0]))
    left_out.add("One vote a wearer", len(said) - len(kept), "told of the same picture before")
    return kept


def group_near(fingerprints: Sequence[str]) -> list[int]:
    """The first of the fingerprints that each one is near to, directly or through others."""
    numbers = [int(one, 16) for one in fingerprints]
    groups = list(range(len(numbers)))
    for place, number in enumerate(numbers):
        for other in range(place):
            if is_near(number, numbers[other]) and groups[other] != groups[place]:
                old, new = groups[place], groups[other]
                groups = [new if group == old else group for group in groups]
    return groups


def drop_held_out(said: Sequence[Said], left_out: LeftOut) -> list[Said]:
    """Without near-duplicates of the locked holdout, which the database would refuse."""
    examples = CollectedExample.objects.filter(
        dataset__prompt__name=DigitizePhoto.name, split=Split.HOLDOUT
    )
    locked = [int(one, 16) for one in examples.values_list("fingerprint", flat=True)]
    kept = [one for one in said if not is_near_any(one.fingerprint, locked)]
    left_out.add("Near-duplicates", len(said) - len(kept), "on the locked holdout’s side")
    return kept


def is_near_any(fingerprint: str, others: Iterable[int]) -> bool:
    number = int(fingerprint, 16)
    return any(is_near(number, other) for other in others)


def weigh_wearers(wearers: Iterable[int]) -> dict[int, float]:
    """How often reviewers agreed with each wearer, 0 to 1, one agreement supposed."""
    settled = Correction.objects.filter(owner__in=list(wearers), field__in=FIELDS).exclude(
        review=Correction.Review.PENDING
    )
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for owner, review in settled.values_list("owner_id", "review"):
        counts[owner][review] += 1
    return {
        owner: (told[Correction.Review.ACCEPTED] + 1) / (told.total() + 1)
        for owner, told in counts.items()
    }


def drop_distrusted(
    said: Sequence[Said], weights: dict[int, float], left_out: LeftOut
) -> list[Said]:
    kept = [
        one
        for one in said
        if one.is_trusted or weights.get(one.garment.owner_id, 1.0) >= DISTRUSTED
    ]
    left_out.add("Agreement", len(said) - len(kept), "reviewers mostly disagree with the wearer")
    return kept


def cap_wearers(said: Sequence[Said], left_out: LeftOut) -> list[Said]:
    """At most CAP of one wearer and value; the newest."""
    counts: Counter[tuple[int, str, str]] = Counter()
    kept: list[Said] = []
    for one in reversed(said):
        counts[one.garment.owner_id, one.field, one.value] += 1
        if counts[one.garment.owner_id, one.field, one.value] <= CAP:
            kept.append(one)
    left_out.add("Cap a wearer", len(said) - len(kept), f"more than {CAP} of one value")
    return kept[::-1]


def choose_split(said: Said, look: str, *, is_said: bool) -> str:
    """By the fingerprint that its near-duplicates share, so that a look is on one side whoever says something of it."""
    judges = hash_number(f"validation {look}") % VALIDATION == 0
    if judges and (said.is_trusted or not is_said):
        return TrainingRow.Split.VALIDATION
    return TrainingRow.Split.TRAINING if is_said else TrainingRow.Split.REHEARSED


def make_row(said: Said, split: str, weight: float) -> TrainingRow:
    """Unsaved, without its place."""
    photo = said.garment.photo
    if photo is None:
        raise ValueError("A garment without a photo teaches nothing.")
    return TrainingRow(
        split=split,
        correction_id=said.correction_id,
        decision_id=said.decision_id,
        owner_id=said.garment.owner_id,
        consent_id=said.consent_id,
        photo_id=photo.pk,
        pixel_sha256=photo.pixel_sha256,
        fingerprint=said.fingerprint,
        box=list(said.garment.box),
        field=said.field,
        model_value=said.model_value,
        value=said.value,
        weight=1.0 if said.is_trusted else round(weight, 3),
    )


def store(rows: list[TrainingRow], left_out: list[dict[str, Any]], author: Any) -> TrainingSet:
    """Raises NothingToLearnError where a set has this content."""
    sha256 = digest([describe(row) for row in rows])
    if known := TrainingSet.objects.filter(sha256=sha256).first():
        raise NothingToLearnError(f"Nothing has changed since {known}.")
    last = TrainingSet.objects.aggregate(last=Max("number"))["last"] or 0
    made = TrainingSet.objects.create(
        number=last + 1, sha256=sha256, left_out=left_out, author=author
    )
    for ordinal, row in enumerate(rows, start=1):
        row.training_set, row.ordinal = made, ordinal
    TrainingRow.objects.bulk_create(rows)
    log_move("build_training_set", actor=author, training_set=made.number, rows=len(rows))
    return made


def describe(row: TrainingRow) -> dict[str, Any]:
    """What the digest of a set is made of."""
    names = ("split", "correction_id", "decision_id", "owner_id", "consent_id", "pixel_sha256")
    told = {name: getattr(row, name) for name in (*names, "box", "field", "value", "weight")}
    return {**told, "fingerprint": row.fingerprint}
