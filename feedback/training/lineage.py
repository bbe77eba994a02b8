"""From a correction to the versions that hold it, and back."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import User
from feedback.models import (
    Artefact,
    Correction,
    FewShotExample,
    TrainingRow,
    TrainingRun,
    TrainingSet,
)
from registry.models import Prompt, PromptVersion
from registry.services.examples import is_near
from wardrobe.tasks import DigitizePhoto


@dataclass(frozen=True)
class Lineage:
    """Where something went: training sets that hold it, artefacts that learned from it, versions that use these."""

    sets: list[TrainingSet]
    artefacts: list[Artefact]
    versions: list[PromptVersion]


def trace_owner(owner: User | int) -> Lineage:
    """Where anything of a wearer went; their key will do, for the account may be gone."""
    return trace_rows(TrainingRow.objects.filter(owner=owner))


def trace_rows(rows: QuerySet[TrainingRow]) -> Lineage:
    """A set holds its rows whether or not a run refused them; an artefact holds those that its run learned from."""
    held: dict[int, set[int]] = {}
    for set_id, row in rows.values_list("training_set", "pk"):
        held.setdefault(set_id, set()).add(row)
    runs = TrainingRun.objects.filter(training_set__in=list(held), artefact__isnull=False)
    learned = [run.pk for run in runs if held[run.training_set_id].difference(run.refused)]
    artefacts = list(Artefact.objects.filter(runs__in=learned).distinct())
    sets = list(TrainingSet.objects.filter(pk__in=list(held)))
    return Lineage(sets, artefacts, list(list_versions(artefacts)))


def list_versions(artefacts: Iterable[Artefact]) -> QuerySet[PromptVersion]:
    """Versions whose built-in engine goes by one of these, whoever wrote them."""
    digests = [artefact.sha256 for artefact in artefacts]
    versions = PromptVersion.objects.filter(prompt__name=DigitizePhoto.name)
    return versions.filter(bundle__parameters__vision__heads_sha256__in=digests).select_related(
        "prompt"
    )


def find_artefact(version: PromptVersion) -> Artefact | None:
    """What the built-in engine goes by under a version, where a training run wrote it."""
    vision = version.parameters.get("vision", {})
    return Artefact.objects.filter(sha256=vision.get("heads_sha256", "")).first()


def list_rows(version: PromptVersion) -> QuerySet[TrainingRow]:
    """All that the built-in engine of a version has learned from: corrections, and garments that nobody corrected, those
    too by which it was chosen how far a head goes. What reviewers decided and is kept apart only judges."""
    artefact = find_artefact(version)
    runs = TrainingRun.objects.filter(artefact=artefact) if artefact else TrainingRun.objects.none()
    wanted = Q(pk__in=[])
    for run in runs:
        wanted |= Q(training_set=run.training_set_id) & ~Q(pk__in=run.refused)
    apart = TrainingRow.Split.VALIDATION
    return TrainingRow.objects.filter(wanted).exclude(split=apart, decision__isnull=False)


def list_corrections(version: PromptVersion) -> QuerySet[Correction]:
    """The corrections that a version has learned from, as far as they are there."""
    return Correction.objects.filter(pk__in=list_rows(version).values("correction"))


def list_stale_artefacts() -> list[Artefact]:
    """Those that learned from something that nobody lets us use any more, or whose photo is gone."""
    return trace_rows(TrainingRow.objects.stale()).artefacts


def has_learned(prompt: Prompt, fingerprint: str) -> bool:
    """Whether a training set or a few-shot example holds a near-duplicate: it may judge nothing any more."""
    if prompt.name != DigitizePhoto.name:
        return False
    number = int(fingerprint, 16)
    tables = (TrainingRow.objects.order_by(), FewShotExample.objects.order_by())
    return any(
        is_near(int(other, 16), number)
        for rows in tables
        for other in rows.values_list("fingerprint", flat=True).distinct()
    )
