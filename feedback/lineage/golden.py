"""The road through golden examples: a version was checked against what wearers corrected."""

from collections.abc import Collection, Iterator

from django.db.models import Exists, Max, OuterRef
from django.urls import reverse

from feedback.lineage.passages import Passage, Role, Scope
from registry.models import CollectedExample, EvaluationRun, Example


def find_golden(scope: Scope) -> Iterator[Passage]:
    """Every completed evaluation of a version on a dataset that held an example made of a call."""
    examples = {(one.dataset_id, one.sha256): one for one in list_examples(scope)}
    for dataset, sha256, version, number in list_judged(scope, examples.keys()):
        example = examples[dataset, sha256]
        page = reverse("admin:registry_dataset_change", args=[dataset])
        yield Passage(
            role=Role.JUDGED,
            call_id=example.call_id,
            owner_id=example.owner_id,
            version_id=version,
            through=f"{example.dataset.name} {number}",
            address=f"{page}?version={number}",
            split=example.get_split_display(),
            is_withdrawn=not example.is_usable,  # type: ignore[attr-defined]
        )


def list_examples(scope: Scope) -> list[CollectedExample]:
    """Published ones, each with whether its wearer still lets us use it."""
    usable = CollectedExample.objects.usable().filter(pk=OuterRef("pk"))
    examples = CollectedExample.objects.exclude(published_in=None).annotate(
        is_usable=Exists(usable)
    )
    if scope.calls is not None:
        examples = examples.filter(call__in=scope.calls)
    if scope.owner is not None:
        examples = examples.filter(owner=scope.owner)
    if scope.version is not None:
        examples = examples.filter(dataset__prompt=scope.version.prompt_id)
    return list(examples.select_related("dataset"))


def list_judged(
    scope: Scope, keys: Collection[tuple[int, str]]
) -> Iterator[tuple[int, str, int, int]]:
    """Dataset and digest of an example, a version that was asked it, and the newest dataset version it was asked in."""
    runs = EvaluationRun.objects.filter(ending=EvaluationRun.Ending.COMPLETED)
    if scope.version is not None:
        runs = runs.filter(version=scope.version)
    asked = Example.objects.filter(
        sha256__in=[sha256 for _, sha256 in keys], dataset_version__evaluations__in=runs
    )
    rows = asked.order_by().values_list(
        "dataset_version__dataset", "sha256", "dataset_version__evaluations__version"
    )
    for dataset, sha256, version, number in rows.annotate(Max("dataset_version__number")):
        if (dataset, sha256) in keys:
            yield dataset, sha256, version, number
