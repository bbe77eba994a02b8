"""Two wearers leave: what the next set, the artefacts and the receipt say. A step of `python -m benchmarks.feedback --part
closes`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.report import Figure


@dataclass(frozen=True)
class Forgotten:
    """Of one wearer who took the consent back and one who deleted the account."""

    rows_before: int
    rows_after: int
    artefacts: int
    marked: int
    versions: int
    named: int


def forget_two(wearers: Sequence[Any]) -> Forgotten:
    """The two who taught most of the newest set leave; then the next set is built."""
    from feedback.leaving import delete_account
    from feedback.models import TrainingRow, TrainingSet
    from feedback.services.consents import withdraw_consent
    from feedback.training.building import build_set
    from feedback.training.lineage import list_stale_artefacts, trace_owner

    newest = TrainingSet.objects.first()
    counts = {
        one.pk: TrainingRow.objects.filter(training_set=newest, owner=one.pk).count()
        for one in wearers
    }
    leaving = sorted(wearers, key=lambda one: -counts[one.pk])[:2]
    keys = [one.pk for one in leaving]
    lineages = [trace_owner(key) for key in keys]
    artefacts = {one.pk for lineage in lineages for one in lineage.artefacts}
    versions = {one.pk: one for one in lineages[1].versions}
    withdraw_consent(leaving[0])
    receipt = delete_account(leaving[1])
    made = build_set(author=None)
    told = "\n".join(receipt.knowing)
    return Forgotten(
        rows_before=sum(counts[key] for key in keys),
        rows_after=made.rows.filter(owner__in=keys).count(),
        artefacts=len(artefacts),
        marked=len(artefacts & {one.pk for one in list_stale_artefacts()}),
        versions=len(versions),
        named=sum(f"v{one.number} of" in told for one in versions.values()),
    )


def summarize_forgotten(told: Sequence[Forgotten]) -> list[Figure]:
    pairs = {
        "rows of who left, in the newest set": sum(one.rows_before for one in told),
        "rows of who left, in the next set": sum(one.rows_after for one in told),
        "artefacts that learned from them": sum(one.artefacts for one in told),
        "of these marked": sum(one.marked for one in told),
        "versions that know the deleted account": sum(one.versions for one in told),
        "of these on its receipt": sum(one.named for one in told),
    }
    return [Figure(name, value, "") for name, value in pairs.items()]
