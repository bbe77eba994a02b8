"""What is kept of pixels: by extractor the vectors, by version what a model read in them."""

import numpy as np
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accounts.models import User
from registry.models import InferenceCall, PromptVersion
from registry.prompts import live_versions
from registry.services.versions import create_version
from tests.factories import make_garment, make_photo, make_user, promote
from tests.wardrobe.test_identity_questions import add, process
from wardrobe import jobs
from wardrobe.identity import alignment
from wardrobe.models import Garment, PhotoEmbedding, PhotoFeatures
from wardrobe.services import photos
from wardrobe.services.embeddings import find_unembedded
from wardrobe.similarity.extractors import BuiltinExtractor
from wardrobe.similarity.search import garments_alike


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("digitizing")
def test_a_rollback_finds_what_the_old_version_read(alice: User) -> None:
    photos.delete_photo(process(add(alice)))
    first = PromptVersion.objects.get(pk=live_versions.resolve("digitize_photo").version_id)
    second = create_version(prompt=first.prompt, bundle={**first.bundle, "system": "Look again."})
    promote(second)
    photos.delete_photo(process(add(alice)))
    assert InferenceCall.objects.count() == 2
    promote(first)
    garment = process(add(alice)).garments.get()
    assert garment.call == PhotoFeatures.objects.get(version=first).call
    assert InferenceCall.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("digitizing")
def test_what_another_engine_answered_is_found_under_its_name(
    alice: User, settings: Settings
) -> None:
    another = {"ENGINE": "registry.engines.builtin.BuiltinEngine"}
    settings.INFERENCE_ENGINES = {**settings.INFERENCE_ENGINES, "another": another}
    first = PromptVersion.objects.get(pk=live_versions.resolve("digitize_photo").version_id)
    promote(create_version(prompt=first.prompt, bundle={**first.bundle, "engine": "another"}))
    photos.delete_photo(process(add(alice)))
    garment = process(add(alice)).garments.get()
    assert PhotoFeatures.objects.get().engine == garment.call.engine == "another"
    assert InferenceCall.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("digitizing")
def test_another_extractor_starts_afresh_and_the_old_vectors_stay(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = process(add(alice))
    old = set(PhotoEmbedding.objects.values_list("extractor", "pk"))
    assert {name for name, _ in old} == {alignment.EXTRACTOR, BuiltinExtractor().name}
    with monkeypatch.context() as patch:
        patch.setattr(BuiltinExtractor, "name", "another")
        assert list(find_unembedded()) == [photo]
        assert jobs.embed_photos_job() == 1
        assert PhotoEmbedding.objects.get(extractor="another").box == photo.garments.get().box
    assert not find_unembedded().exists()
    assert old < set(PhotoEmbedding.objects.values_list("extractor", "pk"))
    call_command("embed_photos", verbosity=0)
    assert PhotoEmbedding.objects.count() == 3


def make_embedded_garment(owner: User, angle: float, **fields: object) -> Garment:
    """A garment whose vector stands at `angle` radians from the first axis."""
    pixels = f"{angle:.3f}".ljust(64, "0")
    vector = np.zeros(128)
    vector[:2] = np.cos(angle), np.sin(angle)
    PhotoEmbedding.objects.create(
        owner=owner, extractor=BuiltinExtractor().name, pixel_sha256=pixels, vector=vector
    )
    return make_garment(owner, photo=make_photo(owner, pixel_sha256=pixels), **fields)


@pytest.mark.django_db
@pytest.mark.usefixtures("words")
def test_the_nearest_of_the_slot_come_first_then_lookalikes_worn_elsewhere() -> None:
    owner = make_user()
    asked = make_embedded_garment(owner, 0.0)
    far = make_embedded_garment(owner, 1.0)
    near = make_embedded_garment(owner, 0.3)
    coat = make_embedded_garment(owner, 0.1, slot="outer", type="coat")
    make_embedded_garment(owner, 1.2, slot="outer", type="coat")
    unseen = make_garment(owner)
    assert [other for other, _ in garments_alike(asked)] == [near, far, unseen, coat]


@pytest.mark.django_db
@pytest.mark.usefixtures("words")
def test_it_is_said_why_a_garment_is_alike() -> None:
    owner = make_user()
    asked = make_embedded_garment(owner, 0.0)
    plain = {"colours": [], "material": "", "warmth": ""}
    make_embedded_garment(owner, 0.1, **plain)
    make_embedded_garment(owner, 0.2)
    make_embedded_garment(owner, 1.2, **plain)
    assert [why for _, why in garments_alike(asked)] == ["Looks like it", "Same colour"]


@pytest.mark.django_db
@pytest.mark.usefixtures("words")
def test_no_more_rows_are_read_than_are_told() -> None:
    owner = make_user()
    asked = make_embedded_garment(owner, 0.0)
    for number in range(9):
        make_embedded_garment(owner, 0.1 + number / 10)
    with CaptureQueriesContext(connection) as queries:
        assert len(garments_alike(asked, limit=4)) == 4
    assert queries.captured_queries[-1]["sql"].endswith("LIMIT 4")


@pytest.mark.django_db
@pytest.mark.usefixtures("words")
def test_vectors_of_other_extractors_and_owners_are_not_compared() -> None:
    owner, other = make_user(), make_user()
    asked = make_embedded_garment(owner, 0.0)
    make_embedded_garment(other, 0.0)
    stranger = make_embedded_garment(owner, 0.1)
    PhotoEmbedding.objects.filter(pixel_sha256=stranger.photo.pixel_sha256).update(extractor="old")
    assert [one.distance for one, _ in garments_alike(asked)] == [None]
