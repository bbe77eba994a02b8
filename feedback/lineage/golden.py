"""The road through golden examples: a version was checked against what wearers corrected."""

from collections.abc import Iterator

from django.db.models import Exists, Max, OuterRef
from django.urls import reverse

from feedback.lineage.passages import Passage, Role, Scope
from registry.models import CollectedExample, EvaluationRun, Example


def find_golden(scope: Scope) -> Iterator[Passage]:
    """Every completed evaluation of a version on a dataset that held an example made of a call."""
    for example in list_examples(scope):
        for version, number in list_judged(example, scope):
            page = reverse("admin:registry_dataset_change", args=[example.dataset_id])
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


def list_judged(example: CollectedExample, scope: Scope) -> list[tuple[int, int]]:
    """Pairs of a version that was asked the example and the newest dataset version it was asked in."""
    runs = EvaluationRun.objects.filter(
        ending=EvaluationRun.Ending.COMPLETED,
        dataset_version__dataset=example.dataset_id,
        dataset_version__in=Example.objects.filter(key=example.key, sha256=example.sha256).values(
            "dataset_version"
        ),
    )
    if scope.version is not None:
        runs = runs.filter(version=scope.version)
    newest = runs.order_by().values_list("version").annotate(Max("dataset_version__number"))
    return [(version, number) for version, number in newest]
