"""The road through proposals: a version that the system wrote by itself goes back to corrections."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.models import Consent
from feedback.lineage.passages import Passage, Role, Scope
from feedback.models import Correction


def find_proposed(scope: Scope) -> Iterator[Passage]:
    """Every correction that a proposed version was written from."""
    wanted: dict[str, Any] = {"proposals__isnull": False}
    if scope.calls is not None:
        wanted["call__in"] = scope.calls
    if scope.owner is not None:
        wanted["owner"] = scope.owner
    if scope.version is not None:
        wanted["proposals__version"] = scope.version
    usable = Exists(Consent.objects.given(by=OuterRef("owner")))
    rows = (
        Correction.objects.filter(**wanted)
        .order_by("pk")
        .values_list("pk", "call", "owner", usable, "proposals__version", "proposals__base__number")
    )
    for key, call, owner, is_usable, version, base in rows:
        yield Passage(
            role=Role.LEARNED,
            call_id=call,
            owner_id=owner,
            version_id=version,
            through=f"the proposal from v{base}",
            address=reverse("admin:registry_promptversion_change", args=[version]),
            split="Proposed",
            is_withdrawn=not is_usable,
            correction_id=key,
        )
