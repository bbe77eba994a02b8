"""The way of a photo from bytes to garments, with the real vision and the real storage."""

import uuid
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db.models.functions import Now

from accounts.models import User
from registry import inference
from registry.canary.service import start_canary
from registry.models import CanaryCall, InferenceCall, PromptVersion
from registry.prompts import live_versions
from registry.services.versions import create_version
from tests.factories import promote
from tests.wardrobe.pictures import add_segment, draw_corners, draw_noise, encode
from wardrobe.identity import alignment, hashes
from wardrobe.models import Garment, Photo, PhotoEmbedding, PhotoFeatures
from wardrobe.photos import ingestion, storage
from wardrobe.services import photos, processing, rendering, sweeps

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("digitizing")]

JPEG = encode(draw_noise(640, 480), "jpeg")


def add(owner: User, data: bytes = JPEG, key: uuid.UUID | None = None) -> Photo:
    file = ContentFile(data, name="photo.jpg")
    return photos.add_photo(owner=owner, upload_key=key or uuid.uuid4(), file=file).photo


def process(photo: Photo) -> Photo:
    processing.process_photo(photo_id=photo.pk)
    photo.refresh_from_db()
    return photo


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def refuse(*args: object, **options: object) -> None:
    """In place of `inference.run`: an engine that will never answer this."""
    raise inference.InferenceError("no", call_id=uuid.uuid4(), code="input", permanent=True)


def test_a_photo_becomes_garments(alice: User) -> None:
    photo = process(add(alice))
    garment = photo.garments.get()
    assert photo.status == Photo.Status.READY
    assert (photo.width, photo.height) == (640, 480)
    assert garment.call == InferenceCall.objects.get(subject=f"photo:{photo.pk}")
    assert garment.name
    assert garment.confidence["type"] > 0


def test_only_the_renditions_are_kept(alice: User, media: Path) -> None:
    photo = process(add(alice))
    garment = photo.garments.get()
    assert files(media) == {photo.image.name, photo.thumbnail.name, garment.image.name}
    assert not photo.incoming


def test_the_photo_knows_its_pixels_its_looks_and_its_neighbourhood(alice: User) -> None:
    photo = process(add(alice))
    picture = ingestion.read_picture(JPEG, format="jpeg")
    assert photo.sha256 == hashes.hash_file(JPEG)
    assert photo.pixel_sha256 == hashes.hash_pixels(picture)
    assert photo.perceptual_hash == hashes.hash_appearance(picture)
    vector = PhotoEmbedding.objects.get(extractor=alignment.EXTRACTOR).vector
    assert list(vector) == pytest.approx(list(alignment.describe_appearance(picture)), abs=1e-6)


def test_a_second_job_does_nothing(alice: User) -> None:
    photo = process(add(alice))
    process(photo)
    assert photo.attempt == 1
    assert Garment.objects.count() == InferenceCall.objects.count() == 1


def test_the_same_pixels_in_another_file_are_a_duplicate(alice: User, media: Path) -> None:
    first = process(add(alice))
    before = files(media)
    again = process(add(alice, add_segment(JPEG, 0xFE, b"a comment")))
    assert again.status == Photo.Status.DUPLICATE
    assert again.duplicate_of == first
    assert Garment.objects.count() == InferenceCall.objects.count() == 1
    assert files(media) == before


def test_a_copy_whose_original_is_deleted_meanwhile_is_tried_again(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = process(add(alice))
    render = rendering.render_photo

    def render_and_delete(photo: Photo) -> rendering.Rendered:
        rendered = render(photo)
        photos.delete_photo(first)
        return rendered

    with monkeypatch.context() as patch:
        patch.setattr(rendering, "render_photo", render_and_delete)
        copy = process(add(alice, add_segment(JPEG, 0xFE, b"a comment")))
    assert copy.status == Photo.Status.RECEIVED
    Photo.objects.update(leased_until=Now())
    assert process(copy).status == Photo.Status.READY
    assert copy.image and not copy.incoming


def test_another_wearers_same_photo_is_their_own(alice: User, charlie: User) -> None:
    process(add(alice))
    photo = process(add(charlie))
    assert photo.status == Photo.Status.READY
    assert photo.garments.get().owner == charlie


def test_known_pixels_are_not_shown_to_the_model_again(alice: User) -> None:
    photo = process(add(alice))
    photos.delete_photo(photo)
    again = process(add(alice))
    assert again.garments.count() == 1
    assert InferenceCall.objects.count() == 1


def test_a_new_version_looks_again(alice: User) -> None:
    photos.delete_photo(process(add(alice)))
    live = live_versions.resolve("digitize_photo")
    first = PhotoFeatures.objects.get().version
    version = create_version(prompt=first.prompt, bundle={**live.bundle, "system": "Look again."})
    promote(version)
    process(add(alice))
    assert {features.version for features in PhotoFeatures.objects.all()} == {first, version}


def test_photos_of_a_wearer_stay_on_one_side_of_a_canary(alice: User, charlie: User) -> None:
    live = live_versions.resolve("digitize_photo")
    first = PromptVersion.objects.get(pk=live.version_id)
    bundle = {**live.bundle, "system": "Look again."}
    promote(create_version(prompt=first.prompt, bundle=bundle))
    canary = start_canary(version=first, share=0.5, actor=None, reason="see")
    for owner in (alice, charlie):
        features = process(add(owner)).garments.get().call.canary_call
        assert features.wearer == live_versions.draw_token(canary.pk, owner.pk)
        photos.delete_photo(owner.photos.get())
        process(add(owner))
    assert CanaryCall.objects.count() == 2


def test_an_answer_that_was_not_written_down_is_not_asked_for_again(alice: User) -> None:
    photo = process(add(alice))
    PhotoFeatures.objects.all().delete()
    photo.garments.all().delete()
    Photo.objects.update(status=Photo.Status.RECEIVED)
    process(photo)
    assert photo.garments.count() == InferenceCall.objects.count() == 1


def test_an_unsure_garment_waits_for_a_look(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wardrobe.tasks.REVIEW_BELOW", {"type": 1.0})
    live = live_versions.resolve("digitize_photo")
    live.bundle["parameters"].pop("review_below")
    prompt = PhotoFeatures.version.field.related_model.objects.get(pk=live.version_id).prompt
    version = create_version(prompt=prompt, bundle=live.bundle)
    promote(version)
    garment = process(add(alice)).garments.get()
    assert garment.status == Garment.Status.NEEDS_REVIEW


def test_a_photo_that_breaks_in_the_decoder_fails_with_a_reason(alice: User) -> None:
    data = bytearray(encode(draw_noise(640, 480), "webp", lossless=True))
    data[400:2000] = bytes(1600)
    photo = process(add(alice, bytes(data)))
    assert (photo.status, photo.failure_code) == (Photo.Status.FAILED, "damaged")
    assert "damaged" in photo.failure
    assert photo.incoming and photo.can_retry


def test_a_photo_without_garments_is_kept_and_says_so(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wardrobe.tasks.detect_garments", lambda picture, **options: [])
    photo = process(add(alice))
    assert (photo.status, photo.failure_code) == (Photo.Status.FAILED, "no_garment")
    assert storage.read_file(photo.thumbnail.name)


def test_a_call_that_cannot_succeed_is_not_repeated(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inference, "run", refuse)
    photo = process(add(alice))
    assert (photo.status, photo.failure_code) == (Photo.Status.FAILED, "input")
    assert photo.image


def test_a_call_that_failed_for_now_is_tried_again_from_the_rendition(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise inference.InferenceError("no", call_id=uuid.uuid4(), code="away", permanent=False)

    with monkeypatch.context() as patch:
        patch.setattr(inference, "run", fail)
        photo = process(add(alice))
    assert (photo.status, photo.tries_left) == (Photo.Status.RECEIVED, 2)
    Photo.objects.update(leased_until=Now())
    assert process(photo).status == Photo.Status.READY


def test_a_failed_photo_can_be_tried_again(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(inference, "run", refuse)
        photo = process(add(alice))
    assert photos.retry_photo(photo)
    assert process(photo).status == Photo.Status.READY
    assert photo.attempt == 2


def test_sending_a_failed_photo_again_replaces_it(alice: User) -> None:
    failed = add(alice)
    Photo.objects.update(status=Photo.Status.FAILED)
    again = add(alice)
    assert [photo.pk for photo in alice.photos.all()] == [again.pk] != [failed.pk]


def test_a_file_that_could_not_be_read_is_forgotten_after_a_day(alice: User) -> None:
    photo = add(alice)
    Photo.objects.update(status=Photo.Status.FAILED, updated_at="2020-01-01T00:00Z")
    sweeps.sweep_orphans()
    photo.refresh_from_db()
    assert not photo.incoming
    assert not photo.can_retry


def test_deleting_a_photo_deletes_its_duplicates_and_files(alice: User, media: Path) -> None:
    photo = process(add(alice))
    process(add(alice, add_segment(JPEG, 0xFE, b"a comment")))
    photos.delete_photo(photo)
    assert not alice.photos.exists()
    assert files(media) == set()


def test_two_garments_in_one_photo_get_their_own_pictures(alice: User) -> None:
    garment = process(add(alice, encode(draw_corners(600, 800), "jpeg"))).garments.first()
    assert garment is not None
    ingestion.verify_rendition(storage.read_file(garment.image.name), ingestion.CROP_SIZE)
