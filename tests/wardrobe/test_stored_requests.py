"""What a model was shown of a photo, found again for as long as the photo is there."""

import uuid

import pytest
from django.core.files.base import ContentFile

from accounts.models import User
from registry.evaluation.replays import NotKeptError, ask_call, is_rebuilt
from registry.models import CallRequest, InferenceCall
from tests.wardrobe.pictures import draw_noise, encode
from wardrobe.models import Photo
from wardrobe.services import photos, processing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("digitizing")]


@pytest.fixture
def photo(alice: User) -> Photo:
    """Digitized by the built-in engine."""
    file = ContentFile(encode(draw_noise(480, 360), "jpeg"), name="photo.jpg")
    added = photos.add_photo(owner=alice, upload_key=uuid.uuid4(), file=file).photo
    processing.process_photo(photo_id=added.pk)
    return added


def test_a_photo_is_asked_about_again_byte_for_byte(photo: Photo, alice: User) -> None:
    call = InferenceCall.objects.get()
    request = CallRequest.objects.get()
    assert (request.owner, request.context, len(request.picture_sha256s)) == (alice, {}, 1)
    assert is_rebuilt(call, ask_call(call))


def test_a_photo_that_is_gone_cannot_be_asked_about(photo: Photo) -> None:
    call = InferenceCall.objects.get()
    photos.delete_photo(photo)
    with pytest.raises(NotKeptError, match="The photo that this call was about is gone"):
        ask_call(call)


@pytest.mark.parametrize("subject", ["suggestion:1", "photo:00000000-0000-0000-0000-000000000000"])
def test_a_subject_that_is_no_photo_has_no_picture(subject: str) -> None:
    assert photos.find_picture(subject) is None
