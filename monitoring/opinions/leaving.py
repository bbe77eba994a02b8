"""What is removed stays counted: with an account, a photo or a garment go rows, and not what they told of a version.

Each deletion leaves rows that wait (`LEAVING`), in its own transaction. The job adds them to what is `GONE` as it counts
anew what is there, so nothing is counted twice. What its wearer took back, a correction or a rating, is no opinion any
more: its period is only counted anew.
"""

from collections import defaultdict
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from feedback.models import Correction, Rating
from monitoring.models import OpinionRollup
from monitoring.opinions.counting import (
    Counted,
    Opinions,
    Periods,
    add_corrections,
    add_garments,
    add_ratings,
    hour_of,
    read_versions,
)
from wardrobe.models import Garment

Grain = OpinionRollup.Grain
State = OpinionRollup.State


@receiver(pre_delete, sender=Garment, dispatch_uid="monitoring.garment_leaves")
def note_garment(instance: Garment, **_: Any) -> None:
    """Its corrections stay without it; here they still are its own."""
    if instance.call_id is None:
        return
    counted: Counted = defaultdict(Opinions)
    rows = Garment.objects.filter(pk=instance.pk)
    versions = read_versions(calls=instance.call_id)
    add_garments(counted, rows, Periods(Grain.HOUR, [hour_of(instance)]), versions)
    leave(counted)


@receiver(pre_delete, sender=Correction, dispatch_uid="monitoring.correction_leaves")
def note_correction(instance: Correction, origin: Any, **_: Any) -> None:
    counted: Counted = defaultdict(Opinions)
    version = instance.version_id
    versions = read_versions(pk=version)
    if not is_taken_back(instance, origin):
        rows = Correction.objects.filter(pk=instance.pk)
        add_corrections(counted, rows, Periods(Grain.HOUR, [hour_of(instance)]), versions)
    for row in (instance, instance.garment):
        if row:
            counted[hour_of(row), versions[version].task, version, ""].counts["described"] += 0
    leave(counted)


@receiver(pre_delete, sender=Rating, dispatch_uid="monitoring.rating_leaves")
def note_rating(instance: Rating, origin: Any, **_: Any) -> None:
    if instance.version_id is None:
        return
    counted: Counted = defaultdict(Opinions)
    version = instance.version_id
    versions = read_versions(pk=version)
    if is_taken_back(instance, origin):
        task = versions[version].task
        counted[hour_of(instance), task, version, ""].counts["rated"] += 0
    else:
        rows = Rating.objects.filter(pk=instance.pk)
        add_ratings(counted, rows, Periods(Grain.HOUR, [hour_of(instance)]), versions)
    leave(counted)


def is_taken_back(instance: Model, origin: Any) -> bool:
    """Whether the row itself was deleted, and not with something that it belongs to."""
    model = origin.model if isinstance(origin, QuerySet) else type(origin)
    return isinstance(instance, model)


def leave(counted: Counted) -> None:
    OpinionRollup.objects.bulk_create(
        one.make_row(Grain.HOUR, State.LEAVING, key) for key, one in counted.items()
    )
