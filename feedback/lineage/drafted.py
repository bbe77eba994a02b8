"""The road through drafts: a version was written of what wearers corrected."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.models import Consent
from feedback.lineage.passages import Passage, Role, Scope
from feedback.models import Correction
from registry.models import Split


def find_drafted(scope: Scope) -> Iterator[Passage]:
    """Every correction behind a draft that the system wrote by itself."""
    consents = Consent.objects.given(by=OuterRef("owner"))
    corrections = Correction.objects.filter(proposals__isnull=False)
    if scope.calls is not None:
        corrections = corrections.filter(call__in=scope.calls)
    if scope.owner is not None:
        corrections = corrections.filter(owner=scope.owner)
    if scope.version is not None:
        corrections = corrections.filter(proposals__version=scope.version)
    rows = corrections.annotate(has_consent=Exists(consents)).order_by()
    for pk, call, owner, version, has_consent in rows.values_list(
        "pk", "call", "owner", "proposals__version", "has_consent"
    ):
        yield Passage(
            role=Role.LEARNED,
            call_id=call,
            owner_id=owner,
            version_id=version,
            through="Sentences of a draft",
            address=reverse("admin:registry_promptversion_change", args=[version]),
            split=Split.TRAINING.label,
            is_withdrawn=not has_consent,
            correction_id=pk,
        )
