"""Golden datasets: reading a folder of examples into an immutable version."""

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from PIL import Image

from registry.evaluation.thresholds import check_thresholds
from registry.models import (
    CollectedExample,
    Dataset,
    DatasetChange,
    DatasetVersion,
    Example,
    Prompt,
)
from registry.prompts import bundles
from registry.tasks import BadExample, ExampleSource, get_task
from telemetry.lines import log_move

THRESHOLDS = "thresholds.toml"
"""Beside the examples, if the dataset has its own."""


class BadExamplesError(Exception):
    """Examples that cannot be used; nothing was imported."""

    def __init__(self, bad: list[BadExample]) -> None:
        super().__init__(f"{len(bad)} examples cannot be used")
        self.bad = bad


class AsksLessError(PermissionError):
    """Fewer examples, or other thresholds, and nobody who may decide that; nothing was imported."""


@dataclass(frozen=True)
class Imported:
    version: DatasetVersion
    is_new: bool
    bad: list[BadExample] = field(default_factory=list)


def import_dataset(
    *,
    task_name: str,
    directory: Path,
    name: str,
    skip_bad: bool = False,
    author: Any = None,
    report: Callable[[int], None] = lambda count: None,
) -> Imported:
    """Make the examples of a folder a version of a dataset; the same ones again are the same version,
    and the same files are not even read. What was collected of calls stays in the next version.

    `report` hears how many were read. Raises BadExamplesError, AsksLessError, LookupError for a folder
    without examples or a task without a prompt, ValueError for thresholds that are none, and what the
    task raises.
    """
    prompt = Prompt.objects.filter(name=task_name).first()
    if prompt is None:
        raise LookupError(f"{task_name} has no prompt: run manage.py load_prompts first")
    files = digest_files(directory)
    same = Dataset.objects.filter(prompt=prompt, name=name, source_sha256=files)
    if (dataset := same.select_related("current").first()) and dataset.current:
        return Imported(dataset.current, False)
    sources, bad = read_sources(task_name, directory, report)
    if bad and not skip_bad:
        raise BadExamplesError(bad)
    if not sources:
        raise LookupError(f"{directory} holds no usable example")
    thresholds = read_thresholds(directory)
    with transaction.atomic():
        Dataset.objects.get_or_create(prompt=prompt, name=name)
        dataset = Dataset.objects.select_for_update().get(prompt=prompt, name=name)
        kept = list(list_collected(dataset))
        digests = [*map(digest_example, sources), *(example.sha256 for example in kept)]
        known = find_version(dataset, thresholds, digests)
        version = known or add_version(
            dataset, thresholds, [*build_examples(sources), *copy_examples(kept)], author
        )
        make_current(dataset, version, author)
        # Files with bad ones among them are read again, so that the bad ones are told again.
        dataset.source_sha256 = "" if bad else files
        dataset.save(update_fields=["source_sha256"])
    return Imported(version, known is None, bad)


def find_version(
    dataset: Dataset, thresholds: dict[str, Any], digests: list[str]
) -> DatasetVersion | None:
    """The version that holds just these examples, in this order."""
    return dataset.versions.filter(sha256=bundles.digest([thresholds, digests])).first()


def add_version(
    dataset: Dataset, thresholds: dict[str, Any], examples: list[Example], author: Any
) -> DatasetVersion:
    """The next version, of examples that are of no version yet."""
    latest = dataset.versions.first()
    version = DatasetVersion.objects.create(
        dataset=dataset,
        number=latest.number + 1 if latest else 1,
        sha256=bundles.digest([thresholds, [example.sha256 for example in examples]]),
        thresholds=thresholds,
        author=author,
    )
    for ordinal, example in enumerate(examples):
        example.dataset_version, example.ordinal = version, ordinal
    Example.objects.bulk_create(examples)
    return version


def list_collected(dataset: Dataset) -> QuerySet[Example]:
    """The current examples that were made of calls, and that may still be used."""
    keys = dataset.collected.usable().exclude(published_in=None).values("key")
    return Example.objects.filter(dataset_version=dataset.current_id, key__in=keys)


def digest_files(directory: Path) -> str:
    """Of the names and contents of all files below a folder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in directory.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(directory)} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def read_sources(
    task_name: str, directory: Path, report: Callable[[int], None]
) -> tuple[list[ExampleSource], list[BadExample]]:
    """Raises LookupError when the folder has nothing for this task."""
    good: dict[str, ExampleSource] = {}
    bad: list[BadExample] = []
    for found in get_task(task_name).read_examples(directory):
        if isinstance(found, BadExample):
            bad.append(found)
        elif found.key in good:
            bad.append(BadExample(found.key, "This key is there twice."))
        else:
            good[found.key] = found
        report(len(good) + len(bad))
    return list(good.values()), bad


def read_thresholds(directory: Path) -> dict[str, Any]:
    """What a folder says that a version must reach, and how often each example is asked."""
    path = directory / THRESHOLDS
    values = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    check_thresholds(values)
    return values


def digest_example(source: ExampleSource) -> str:
    """All that decides the question and what is right. The key, too: it is part of the input."""
    file = hashlib.sha256(source.file).hexdigest() if source.file else ""
    return bundles.digest([source.input, source.expected, sorted(source.slices), file])


def build_examples(sources: Iterable[ExampleSource]) -> Iterator[Example]:
    for source in sources:
        yield Example(
            key=source.key,
            sha256=digest_example(source),
            input=source.input,
            expected=source.expected,
            slices=list(source.slices),
            file=store_file(source.file) if source.file else "",
        )


COPIED = ("key", "sha256", "input", "expected", "slices", "file", "split")


def copy_examples(examples: Iterable[Example | CollectedExample]) -> Iterator[Example]:
    """The same for another version; their files are shared."""
    for example in examples:
        yield Example(**{name: getattr(example, name) for name in COPIED})


def store_file(data: bytes) -> str:
    """Keep bytes under their digest; what is there already stays. A crash leaves a file, never a row
    without one."""
    name = f"datasets/{hashlib.sha256(data).hexdigest()}"
    return name if default_storage.exists(name) else default_storage.save(name, ContentFile(data))


def make_current(dataset: Dataset, version: DatasetVersion, actor: Any) -> None:
    """What the gate asks from now on. The caller holds the lock; the database refuses a change that is
    not in the log. Raises AsksLessError."""
    if dataset.current_id == version.pk:
        return
    try:
        DatasetChange.objects.create(
            dataset=dataset, from_version=dataset.current, to_version=version, actor=actor
        )
    except IntegrityError as error:
        raise AsksLessError(
            f"{dataset.name} would have fewer examples, or other thresholds: import it as the role that "
            "owns the tables"
        ) from error
    dataset.current = version
    dataset.save(update_fields=["current"])
    log_move("change_dataset", actor=actor, dataset=dataset.pk, to_version=version.pk)


def shrink_picture(data: bytes, side: int) -> bytes:
    """The picture of an example as WebP, its longer side at most `side` pixels."""
    small = BytesIO()
    with Image.open(BytesIO(data)) as picture:
        picture.thumbnail((side, side))
        picture.save(small, "WEBP", quality=80)
    return small.getvalue()


def list_current_examples(prompt: Prompt) -> QuerySet[Example]:
    """What the gate asks versions of a prompt now."""
    current = prompt.datasets.exclude(current=None).values("current")
    return Example.objects.filter(dataset_version__in=current)
