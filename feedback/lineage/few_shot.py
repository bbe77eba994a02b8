"""The road through few-shot examples: a version shows a model what wearers corrected."""

from collections.abc import Iterator

from django.urls import reverse

from feedback.lineage.passages import Passage, Role, Scope
from feedback.models import FewShotExample
from registry.models import PromptVersion
from wardrobe.tasks import DigitizePhoto


def find_shown(scope: Scope) -> Iterator[Passage]:
    """Every correction in the answer of an example, into each version that has the example, whoever wrote it."""
    for example in list_examples(scope):
        for version, number in list_versions(example, scope):
            for correction in example.corrections:
                yield Passage(
                    role=Role.LEARNED,
                    call_id=example.call,
                    owner_id=example.owner_id,
                    version_id=version,
                    through=f"the examples of v{number}",
                    address=reverse("admin:registry_promptversion_change", args=[version]),
                    split="Few-shot",
                    is_withdrawn=not example.is_usable,  # type: ignore[attr-defined]
                    correction_id=correction,
                )


def list_examples(scope: Scope) -> list[FewShotExample]:
    """Each with whether it may still be shown."""
    examples = FewShotExample.objects.with_usable()
    if scope.calls is not None:
        examples = examples.filter(call__in=scope.calls)
    if scope.owner is not None:
        examples = examples.filter(owner=scope.owner)
    if scope.version is not None:
        shown = [one.get("picture", "") for one in scope.version.bundle.get("examples", [])]
        examples = examples.filter(pixel_sha256__in=shown)
    return list(examples)


def list_versions(example: FewShotExample, scope: Scope) -> list[tuple[int, int]]:
    """Their keys and numbers."""
    held = [{"picture": example.pixel_sha256, "assistant": example.answer}]
    versions = PromptVersion.objects.filter(
        prompt__name=DigitizePhoto.name, bundle__examples__contains=held
    )
    if scope.version is not None:
        versions = versions.filter(pk=scope.version.pk)
    return list(versions.values_list("pk", "number"))
