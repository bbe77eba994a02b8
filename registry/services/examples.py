"""Golden examples made of calls: collected for the next version of a dataset, published, taken back."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import Consent, User
from registry.evaluation.datasets import (
    add_version,
    copy_examples,
    digest_example,
    find_version,
    make_current,
    store_file,
)
from registry.models import (
    CollectedExample,
    Dataset,
    DatasetVersion,
    Example,
    InferenceCall,
    Prompt,
    Split,
)
from registry.tasks import ExampleSource
from telemetry.lines import log_move

NEAR_BITS = 10
"""Of 64, as in registry/sql/collected.sql, which refuses what this would miss."""
DATASET = "golden"
"""The dataset that a prompt without any gets."""


class NoConsentError(PermissionError):
    """Whose photo or question it is has not consented, or not any more."""


class CollectedAlreadyError(ValueError):
    """There is an example of this call."""


class NothingToPublishError(ValueError):
    """The next version would be the current one."""


class PublishedAlreadyError(ValueError):
    """The example is in a version, and versions never change."""


def offer_datasets(prompt: Prompt) -> list[Dataset]:
    """Where an example of this prompt may go; a prompt without a dataset gets one."""
    datasets = list(prompt.datasets.all())
    return datasets or [Dataset.objects.get_or_create(prompt=prompt, name=DATASET)[0]]


@transaction.atomic
def collect_example(
    *,
    dataset: Dataset,
    source: ExampleSource,
    fingerprint: str,
    call: InferenceCall,
    owner: User,
    author: Any,
) -> CollectedExample:
    """Keep what is right of a call for the next version of a dataset, with pixels of its own.

    Its side of the split is that of its near-duplicates, or follows from its fingerprint.
    Raises NoConsentError, CollectedAlreadyError.
    """
    if not Consent.objects.given(by=owner).exists():
        raise NoConsentError("This wearer has not consented to it.")
    lock_split()
    try:
        with transaction.atomic():
            example = CollectedExample.objects.create(
                dataset=dataset,
                key=source.key,
                sha256=digest_example(source),
                input=source.input,
                expected=source.expected,
                slices=list(source.slices),
                file=store_file(source.file) if source.file else "",
                fingerprint=fingerprint,
                split=choose_split(dataset, fingerprint),
                call=call,
                owner=owner,
                author=author,
            )
    except IntegrityError as error:
        raise CollectedAlreadyError("There is an example of this already.") from error
    log_move("collect_example", actor=author, dataset=dataset.pk, call=call.pk.hex)
    return example


def lock_split() -> None:
    """One chooses a side at a time; the guard of the table takes the same lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('registry_collectedexample'))")


def choose_split(dataset: Dataset, fingerprint: str) -> str:
    """Where something alike is, there; for training if a network has learned from it; else one side or the other, by
    the fingerprint alone."""
    known = CollectedExample.objects.filter(dataset__prompt=dataset.prompt_id)
    for other, split in known.values_list("fingerprint", "split"):
        if is_near(int(other, 16), int(fingerprint, 16)):
            return split
    if import_string(settings.LEARNED_FINDER)(dataset.prompt, fingerprint):
        return Split.TRAINING
    digest = hashlib.sha256(fingerprint.encode()).digest()
    return Split.HOLDOUT if digest[0] % 2 else Split.TRAINING


def is_near(one: int, other: int) -> bool:
    """Whether two fingerprints, as numbers, are of nearly the same photo."""
    return (one ^ other).bit_count() <= NEAR_BITS


@transaction.atomic
def remove_example(*, example: CollectedExample, actor: Any) -> None:
    """Take an example out of the draft. Raises PublishedAlreadyError."""
    Dataset.objects.select_for_update().get(pk=example.dataset_id)
    deleted, _ = CollectedExample.objects.drafts().filter(pk=example.pk).delete()
    if not deleted:
        raise PublishedAlreadyError(f"{example.key} is published, or was removed.")
    forget_file(str(example.file))
    log_move("remove_example", actor=actor, dataset=example.dataset_id, call=example.call_id.hex)


@transaction.atomic
def publish_examples(*, dataset: Dataset, author: Any) -> DatasetVersion:
    """The current examples and the draft become the next version, and the gate asks it from then on.

    What its wearer has withdrawn is left out. Raises NothingToPublishError, and AsksLessError where more is
    left out than is new.
    """
    dataset = Dataset.objects.select_for_update().get(pk=dataset.pk)
    former = dataset.current
    drafts = list(dataset.collected.drafts().usable().order_by("pk"))
    withdrawn = dataset.collected.withdrawn().values("key")
    current = Example.objects.filter(dataset_version=former).exclude(key__in=withdrawn)
    examples = [*copy_examples(current), *copy_examples(drafts)]
    thresholds = former.thresholds if former else {}
    known = find_version(dataset, thresholds, [example.sha256 for example in examples])
    if not examples or (known and known == former):
        raise NothingToPublishError("The draft is empty: nothing would change.")
    version = known or add_version(dataset, thresholds, examples, author)
    make_current(dataset, version, author)
    CollectedExample.objects.filter(pk__in=[draft.pk for draft in drafts]).update(
        published_in=version
    )
    return version


@transaction.atomic
def forget_examples_of(owner: User) -> None:
    """A wearer takes their consent back: drafts of theirs go, published ones are marked."""
    forget_drafts(CollectedExample.objects.filter(owner=owner))
    published = CollectedExample.objects.filter(owner=owner, withdrawn_at=None)
    published.update(withdrawn_at=timezone.now())


def forget_withdrawn() -> int:
    """Remove what nobody consents to any more: drafts, and the pixels of published examples that the current
    version does not ask. Returns how many files and drafts were looked at."""
    usable = CollectedExample.objects.usable().values("pk")
    forgotten = forget_drafts(CollectedExample.objects.exclude(pk__in=usable))
    asked = Example.objects.filter(dataset_version=F("dataset_version__dataset__current"))
    for example in CollectedExample.objects.withdrawn().exclude(file=""):
        names = [
            rows.filter(file=example.file) for rows in (asked, CollectedExample.objects.usable())
        ]
        if not any(rows.exists() for rows in names):
            CollectedExample.objects.filter(pk=example.pk).update(file="")
            default_storage.delete(str(example.file))
            forgotten += 1
    return forgotten


def forget_drafts(examples: Any) -> int:
    """Delete the drafts among some, with their files."""
    drafts = list(examples.drafts())
    CollectedExample.objects.filter(pk__in=[draft.pk for draft in drafts]).delete()
    for draft in drafts:
        forget_file(str(draft.file))
    return len(drafts)


def forget_file(name: str) -> None:
    """Delete a file that no example names, once this is committed."""
    transaction.on_commit(lambda: delete_unnamed(name), robust=True)


def delete_unnamed(name: str) -> None:
    is_named = any(
        rows.filter(file=name).exists() for rows in (Example.objects, CollectedExample.objects)
    )
    if name and not is_named:
        default_storage.delete(name)
