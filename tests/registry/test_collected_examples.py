"""Golden examples made of calls: drafted, published, split in two, and taken back by those whose they are."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Consent, User
from registry import jobs
from registry.evaluation.datasets import AsksLessError, import_dataset
from registry.models import CollectedExample, Dataset, Example, Prompt, Split
from registry.services.examples import (
    CollectedAlreadyError,
    NoConsentError,
    NothingToPublishError,
    PublishedAlreadyError,
    collect_example,
    forget_examples_of,
    publish_examples,
    remove_example,
)
from registry.tasks import ExampleSource
from tests.factories import make_call, make_operator, make_user, make_version
from tests.registry.test_datasets import ADA, BOB, write

pytestmark = pytest.mark.django_db(transaction=True)

PRINT = "00000000000000ff"
NEAR = "00000000000001fe"
FAR = "ffffffff000000ff"


@pytest.fixture
def dataset(prompt: Prompt, tmp_path: Path, settings: Any) -> Dataset:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    folder = tmp_path / "golden"
    folder.mkdir()
    write(folder, ada=ADA, bob=BOB)
    return import_guests(folder)


def import_guests(folder: Path) -> Dataset:
    import_dataset(task_name="greet", directory=folder, name="golden")
    return Dataset.objects.get()


@pytest.fixture
def alice() -> User:
    user = make_user("alice@example.org")
    Consent.objects.create(user=user, text_version=1)
    return user


def collect(
    dataset: Dataset, owner: User, key: str = "call-1", fingerprint: str = PRINT, **options: Any
) -> CollectedExample:
    source = ExampleSource(key, {"name": key}, {"prose": key}, ("short",), f"pixels {key}".encode())
    call = make_call(make_version("greet"))
    options.setdefault("author", None)
    return collect_example(
        dataset=dataset, source=source, fingerprint=fingerprint, call=call, owner=owner, **options
    )


def keys_of(dataset: Dataset) -> list[str]:
    dataset.refresh_from_db()
    assert dataset.current
    return [example.key for example in dataset.current.examples.all()]


def test_a_draft_becomes_the_next_version_and_the_last_one_stays(
    dataset: Dataset, alice: User
) -> None:
    first = dataset.current
    example = collect(dataset, alice)
    assert first and keys_of(dataset) == ["ada", "bob"]
    version = publish_examples(dataset=dataset, author=None)
    assert (version.number, keys_of(dataset)) == (2, ["ada", "bob", "call-1"])
    assert first.examples.count() == 2
    published = version.examples.get(key="call-1")
    assert (published.sha256, published.split) == (example.sha256, example.split)
    with default_storage.open(str(published.file)) as file:
        assert file.read() == b"pixels call-1"
    with pytest.raises(NothingToPublishError):
        publish_examples(dataset=dataset, author=None)


def test_the_next_import_keeps_what_was_collected(
    dataset: Dataset, alice: User, tmp_path: Path
) -> None:
    collect(dataset, alice)
    publish_examples(dataset=dataset, author=None)
    write(tmp_path / "golden", ada={**ADA, "slice": "other"})
    import_guests(tmp_path / "golden")
    assert keys_of(dataset) == ["ada", "bob", "call-1"]


def test_without_consent_nothing_is_kept(dataset: Dataset, alice: User) -> None:
    stranger = make_user()
    Consent.objects.create(user=stranger, text_version=0)  # To another text.
    with pytest.raises(NoConsentError):
        collect(dataset, stranger)
    Consent.objects.update(withdrawn_at="2026-11-01T00:00Z")
    with pytest.raises(NoConsentError):
        collect(dataset, alice)
    assert not CollectedExample.objects.exists()


def test_one_example_a_call(dataset: Dataset, alice: User) -> None:
    collect(dataset, alice)
    with pytest.raises(CollectedAlreadyError):
        collect(dataset, alice)


def test_near_duplicates_are_on_one_side_and_others_on_either(
    dataset: Dataset, alice: User
) -> None:
    one, other = collect(dataset, alice), collect(dataset, alice, "call-2", NEAR)
    assert one.split == other.split
    many = [f"{number:016x}" for number in range(0x1234567890ABCDEF, 2**64, 0x0F1E2D3C4B5A6978)]
    splits = {collect(dataset, alice, key, key).split for key in many}
    assert splits == {Split.TRAINING, Split.HOLDOUT}


def test_the_database_refuses_a_near_duplicate_on_the_other_side(
    dataset: Dataset, alice: User
) -> None:
    example = collect(dataset, alice)
    other = {Split.TRAINING: Split.HOLDOUT}.get(Split(example.split), Split.TRAINING)
    example.pk, example.key, example.split = None, "call-2", other
    example.fingerprint = NEAR
    with pytest.raises(DatabaseError, match="other side"), transaction.atomic():
        example.save(force_insert=True)
    example.fingerprint = FAR
    example.save(force_insert=True)
    with pytest.raises(DatabaseError, match="its side"), transaction.atomic():
        CollectedExample.objects.update(split=other, fingerprint=NEAR)


def test_what_is_locked_is_never_for_training(dataset: Dataset, alice: User) -> None:
    for key in ("call-1", "call-2", "call-3", "call-4"):
        collect(dataset, alice, key, sha256(key.encode()).hexdigest()[:16])
    version = publish_examples(dataset=dataset, author=None)
    training = set(CollectedExample.objects.filter(split="training").values_list("key", flat=True))
    assert set(version.examples.for_training().values_list("key", flat=True)) == training
    copy = version.examples.get(key="ada")
    copy.pk, copy.key, copy.split = None, "copy", Split.TRAINING
    with pytest.raises(DatabaseError, match="locked unless"), transaction.atomic():
        copy.save(force_insert=True)


def test_a_draft_can_be_removed_and_a_published_one_cannot(dataset: Dataset, alice: User) -> None:
    example = collect(dataset, alice)
    remove_example(example=example, actor=None)
    assert not CollectedExample.objects.exists()
    assert not default_storage.exists(str(example.file))
    again = collect(dataset, alice)
    publish_examples(dataset=dataset, author=None)
    with pytest.raises(PublishedAlreadyError):
        remove_example(example=again, actor=None)


def test_consent_taken_back_empties_drafts_and_marks_versions(
    dataset: Dataset, alice: User
) -> None:
    published = collect(dataset, alice)
    publish_examples(dataset=dataset, author=None)
    draft = collect(dataset, alice, "call-2")
    Consent.objects.update(withdrawn_at="2026-11-01T00:00Z")
    forget_examples_of(alice)
    assert [one.key for one in CollectedExample.objects.all()] == ["call-1"]
    assert not default_storage.exists(str(draft.file))
    assert CollectedExample.objects.withdrawn().get() == published
    assert jobs.forget_withdrawn_job() == 0  # The gate still asks it.
    with pytest.raises(AsksLessError):
        publish_examples(dataset=dataset, author=make_user())
    publish_examples(dataset=dataset, author=make_operator())
    assert keys_of(dataset) == ["ada", "bob"]
    assert jobs.forget_withdrawn_job() == 1
    assert not default_storage.exists(str(published.file))


def test_an_account_that_is_gone_takes_its_examples_along(dataset: Dataset, alice: User) -> None:
    published = collect(dataset, alice)
    publish_examples(dataset=dataset, author=None)
    draft = collect(dataset, alice, "call-2")
    alice.delete()
    assert not CollectedExample.objects.drafts().usable().exists()
    jobs.forget_withdrawn_job()
    assert [one.key for one in CollectedExample.objects.all()] == ["call-1"]
    assert not default_storage.exists(str(draft.file))
    assert CollectedExample.objects.withdrawn().get() == published


def test_a_withdrawn_example_is_not_imported_again(
    dataset: Dataset, alice: User, tmp_path: Path
) -> None:
    collect(dataset, alice)
    publish_examples(dataset=dataset, author=None)
    alice.delete()
    write(tmp_path / "golden", carol={**BOB, "name": "Carol"})
    import_guests(tmp_path / "golden")
    assert keys_of(dataset) == ["ada", "bob", "carol"]


def test_operators_publish_and_remove_in_the_admin(
    client: Client, dataset: Dataset, alice: User
) -> None:
    first, second = collect(dataset, alice), collect(dataset, alice, "call-2")
    viewer = make_user(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_dataset"))
    page = reverse("admin:registry_dataset_change", args=[dataset.pk])
    publish = reverse("admin:registry_dataset_publish", args=[dataset.pk])
    remove = reverse("admin:registry_collected_remove", args=[first.pk])
    client.force_login(viewer)
    assert first.key in client.get(page).text
    assert [client.post(to, {"confirm": "on"}).status_code for to in (publish, remove)] == [
        403,
        403,
    ]
    client.force_login(make_operator())
    assert client.get(remove).status_code == client.get(publish).status_code == 405
    client.post(remove)
    client.post(publish)
    assert keys_of(dataset) == ["ada", "bob"]  # Nobody has confirmed it.
    client.post(publish, {"confirm": "on"})
    assert keys_of(dataset) == ["ada", "bob", second.key]


def test_the_picture_of_a_withdrawn_example_is_not_shown(
    client: Client, dataset: Dataset, alice: User
) -> None:
    draft = collect(dataset, alice)
    client.force_login(make_operator())
    waiting = reverse("admin:registry_collected_picture", args=[draft.pk])
    assert client.get(waiting).content == b"pixels call-1"
    publish_examples(dataset=dataset, author=None)
    example = Example.objects.get(key="call-1")
    picture = reverse("admin:registry_example_picture", args=[example.pk])
    page = reverse("admin:registry_dataset_change", args=[dataset.pk])
    assert client.get(picture).status_code == 200
    assert "Consent withdrawn" not in client.get(page).text
    Consent.objects.all().delete()
    forget_examples_of(alice)
    assert [client.get(one).status_code for one in (picture, waiting)] == [404, 404]
    assert "Consent withdrawn" in client.get(page).text
