"""The road through training sets: the heads of a version learned from what wearers corrected."""

from collections.abc import Iterator
from itertools import product

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from feedback.lineage.passages import Passage, Role, Scope
from feedback.models import TrainingRow, TrainingRun
from registry.models import PromptVersion
from wardrobe.tasks import DigitizePhoto


def find_trained(scope: Scope) -> Iterator[Passage]:
    """Every correction in a set that a run wrote heads from, into each version that goes by these heads. Where reviewers
    did not agree with the wearer, what was learned of it is what they said in its place."""
    runs = TrainingRun.objects.filter(artefact__isnull=False).select_related(
        "training_set", "artefact"
    )
    for run in runs:
        versions = list_versions(run, scope)
        rows = list_rows(run, scope) if versions else []
        for row in rows:
            if row.correction is None:
                continue
            for version in versions:
                yield Passage(
                    role=Role.LEARNED,
                    call_id=row.correction.call_id,
                    owner_id=row.owner_id,
                    version_id=version,
                    through=str(run.training_set),
                    address=reverse("feedback:training-run", args=[run.pk]),
                    split=row.get_split_display(),
                    is_withdrawn=not row.is_usable,  # type: ignore[attr-defined]
                    correction_id=row.correction_id,
                )


def list_roles(owner: User) -> Iterator[tuple[int, Role]]:
    """The versions whose heads know any row of a wearer, and what they have of it: what reviewers decided and is kept
    apart only judges."""
    runs = TrainingRun.objects.filter(artefact__isnull=False).select_related("artefact")
    held = TrainingRow.objects.filter(owner=owner)
    for run in runs.filter(training_set__in=held.order_by().values("training_set")):
        rows = held.filter(training_set=run.training_set_id).exclude(pk__in=run.refused)
        judges = Q(split=TrainingRow.Split.VALIDATION, decision__isnull=False)
        roles = [
            role
            for role, found in (
                (Role.LEARNED, rows.exclude(judges)),
                (Role.JUDGED, rows.filter(judges)),
            )
            if found.exists()
        ]
        yield from product(list_versions(run, Scope()), roles) if roles else ()


def list_versions(run: TrainingRun, scope: Scope) -> list[int]:
    digest = run.artefact.sha256 if run.artefact else ""
    versions = PromptVersion.objects.filter(
        prompt__name=DigitizePhoto.name, bundle__parameters__vision__heads_sha256=digest
    )
    if scope.version is not None:
        versions = versions.filter(pk=scope.version.pk)
    return list(versions.values_list("pk", flat=True))


def list_rows(run: TrainingRun, scope: Scope) -> list[TrainingRow]:
    """Those with a correction that is there, each with whether its wearer still lets us use it."""
    rows = TrainingRow.objects.with_usable().filter(
        training_set=run.training_set_id,
        split=TrainingRow.Split.TRAINING,
        correction__pk__isnull=False,
    )
    rows = rows.exclude(pk__in=run.refused).select_related("correction")
    if scope.calls is not None:
        rows = rows.filter(correction__call__in=scope.calls)
    if scope.owner is not None:
        rows = rows.filter(owner=scope.owner)
    return list(rows)
