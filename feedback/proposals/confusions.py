"""What a task's answers are corrected to most, as reviewers have accepted it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Consent
from feedback.models import Correction
from registry.models import CollectedExample, Prompt, Split
from wardrobe.tasks import DigitizePhoto

WEEKS = 4
MOST_OF_A_WEARER = 3
"""Corrections of one wearer that count towards one confusion: no one person makes a rule."""
FEWEST, FEWEST_WEARERS = 3, 2
MOST_CONFUSIONS = 6


@dataclass(frozen=True)
class Confusion:
    """What a model `said` of a field where `right` is right, and the corrections that say so."""

    field: str
    said: str
    right: str
    corrections: tuple[Correction, ...]

    def __str__(self) -> str:
        return f"{self.field}: {self.said} for {self.right}"


def find_confusions(prompt: Prompt) -> list[Confusion]:
    """The commonest of the last weeks, each borne out by several wearers."""
    found: dict[tuple[str, str, str], list[Correction]] = defaultdict(list)
    for correction in list_corrections(prompt):
        said, right = correction.model_value, correction.user_value
        if isinstance(said, str) and isinstance(right, str) and said and right:
            found[correction.field, said, right].append(correction)
    confusions = [Confusion(*key, cap_wearers(rows)) for key, rows in found.items()]
    borne_out = [one for one in confusions if is_borne_out(one)]
    borne_out.sort(key=lambda one: (-len(one.corrections), str(one)))
    return borne_out[:MOST_CONFUSIONS]


def list_corrections(prompt: Prompt) -> QuerySet[Correction]:
    """Accepted ones whose wearer consents and whose call the locked holdout does not hold, oldest first."""
    locked = CollectedExample.objects.filter(call=OuterRef("call"), split=Split.HOLDOUT)
    return (
        Correction.objects.filter(
            Exists(Consent.objects.given(by=OuterRef("owner"))),
            review=Correction.Review.ACCEPTED,
            version__prompt=prompt,
            created_at__gt=timezone.now() - timedelta(weeks=WEEKS),
        )
        .exclude(Exists(locked))
        .order_by("created_at", "pk")
    )


def list_locked() -> list[int]:
    """The looks of the photos in the locked holdout, as numbers."""
    examples = CollectedExample.objects.filter(
        dataset__prompt__name=DigitizePhoto.name, split=Split.HOLDOUT
    )
    return [int(one, 16) for one in examples.values_list("fingerprint", flat=True)]


def cap_wearers(corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    """The first few of each wearer."""
    kept: dict[int, list[Correction]] = defaultdict(list)
    for correction in corrections:
        if len(kept[correction.owner_id]) < MOST_OF_A_WEARER:
            kept[correction.owner_id].append(correction)
    return tuple(correction for rows in kept.values() for correction in rows)


def is_borne_out(confusion: Confusion) -> bool:
    wearers = {correction.owner_id for correction in confusion.corrections}
    return len(confusion.corrections) >= FEWEST and len(wearers) >= FEWEST_WEARERS
