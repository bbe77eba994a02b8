"""What is kept no longer. Each is a scheduled job's, may run twice, and says how much went (docs/own-data.md)."""

from datetime import timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, UUIDField, When
from django.db.models.functions import Cast, Now, Substr
from django.utils import timezone

from dresscode.own_data.models import RECEIPTS_KEPT, Deletion, Transfer
from dresscode.own_data.transfers import FOLDERS, Status
from feedback.models import Correction
from registry.models import CollectedExample, InferenceCall
from registry.services.forgetting import BATCH, forget_calls, list_old_answers
from styling.models import Suggestion
from wardrobe.models import Garment, Photo
from wardrobe.photos import storage

STRAY_AFTER = timedelta(hours=1)
ORPHANED_FOR = timedelta(days=2)
"""Answers are looked for whose photo or question is gone, as far back as this: what came after a deletion."""
DROPPED_KEPT = timedelta(days=7)
"""How long the page tells of an export or import that is over."""


def forget_old_answers() -> int:
    """Of calls that people waited for, after `CALL_WORDS_KEPT_DAYS`; but what described a garment that is still there,
    or was corrected, is that garment's, and goes with it."""
    garments = Garment.objects.filter(call=OuterRef("pk"))
    corrections = Correction.objects.filter(call=OuterRef("pk"))
    old = list_old_answers().exclude(Exists(garments) | Exists(corrections))
    return forget_all(old)


def forget_orphaned_answers() -> int:
    """Of calls for photos and questions that are gone. A call that was under way as its account was deleted ends here."""
    since = timezone.now() - ORPHANED_FOR
    answered = list_old_answers(days=0).filter(finished_at__gte=since)
    forgotten = 0
    owned: tuple[tuple[str, QuerySet[Any]], ...] = (
        ("photo:", Photo.objects.all()),
        ("suggestion:", Suggestion.objects.all()),
    )
    for kind, rows in owned:
        of_kind = answered.filter(subject__startswith=kind).alias(key=read_key(kind))
        gone = of_kind.filter(~Exists(rows.filter(pk=OuterRef("key"))))
        collected = CollectedExample.objects.usable().filter(call=OuterRef("pk"))
        forgotten += forget_all(gone.exclude(Exists(collected)))
    return forgotten


def read_key(kind: str) -> Case:
    """The row's key that a call's subject names, as a key, by which PostgreSQL finds it without reading all of them; none
    where it is no key."""
    is_key = Q(subject__regex=f"^{kind}[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$")
    return Case(When(is_key, then=Cast(Substr("subject", len(kind) + 1), UUIDField())))


def forget_all(calls: QuerySet[InferenceCall]) -> int:
    forgotten = 0
    while some := list(calls.order_by().values_list("pk", flat=True)[:BATCH]):
        forgotten += forget_calls(some)
    return forgotten


def delete_old_sessions() -> int:
    """Those that ran out: two weeks after the last sign-in."""
    deleted, _ = Session.objects.filter(expire_date__lt=Now()).delete()
    return deleted


def expire_transfers() -> int:
    """Exports after a day, imports that waited a day for a word; and rows of what was over a week ago."""
    over = Transfer.objects.filter(expires_at__lt=Now()).exclude(file="")
    expired = 0
    for one in list(over):
        with transaction.atomic():
            rows = Transfer.objects.filter(pk=one.pk, expires_at__lt=Now())
            changed = rows.filter(status=Status.OFFERED).update(
                status=Status.DROPPED, finished_at=Now(), file=""
            ) or rows.filter(status=Status.DONE).update(file="")
            if changed:
                storage.delete_files_on_commit([one.file])
        expired += bool(changed)
    Transfer.objects.filter(finished_at__lt=Now() - DROPPED_KEPT).delete()
    return expired


def delete_stray_files() -> int:
    """Files of exports and imports that no row names, once they are an hour old: uploads that never finished."""
    return storage.delete_unnamed(
        FOLDERS,
        older_than=STRAY_AFTER,
        is_named=lambda name: Transfer.objects.filter(file=name).exists(),
    )


def delete_old_receipts() -> int:
    """Receipts of deletions, and what was taken back, after four hundred days."""
    ended = Q(finished_at__lt=Now() - RECEIPTS_KEPT) | Q(cancelled_at__lt=Now() - RECEIPTS_KEPT)
    deleted, _ = Deletion.objects.filter(ended).delete()
    return deleted
