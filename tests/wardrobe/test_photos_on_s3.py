"""The same way of a photo with an S3 bucket as its storage, on moto's server."""

import uuid
from collections.abc import Iterator

import boto3
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from moto.server import ThreadedMotoServer
from pytest_django.fixtures import Settings

from accounts.models import User
from tests.wardrobe.pictures import draw_noise, encode
from wardrobe.models import Photo
from wardrobe.services import photos, processing, sweeps

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # botocore's own, for every response that it parses.
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning"),
]

KEYS = {"access_key": "testing", "secret_key": "testing"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(server: str, digitizing: None, settings: Settings) -> Iterator[object]:
    """An empty bucket, as the default storage."""
    name = f"photos-{uuid.uuid4().hex[:8]}"
    options = {"bucket_name": name, "endpoint_url": server, "region_name": "us-east-1", **KEYS}
    options |= {"default_acl": None, "querystring_auth": True, "file_overwrite": False}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options},
    }
    client = boto3.resource(
        "s3",
        endpoint_url=server,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    yield client.create_bucket(Bucket=name)


def names(bucket: object) -> set[str]:
    return {entry.key for entry in bucket.objects.all()}  # type: ignore[attr-defined]


def process(owner: User) -> Photo:
    file = ContentFile(encode(draw_noise(640, 480), "jpeg"), name="photo.jpg")
    photo = photos.add_photo(owner=owner, upload_key=uuid.uuid4(), file=file).photo
    processing.process_photo(photo_id=photo.pk)
    photo.refresh_from_db()
    return photo


def test_a_photo_becomes_garments_in_a_bucket(alice: User, bucket: object) -> None:
    photo = process(alice)
    assert photo.status == Photo.Status.READY
    crop = photo.garments.get().image.name
    assert names(bucket) == {photo.image.name, photo.thumbnail.name, crop}


def test_pictures_of_a_bucket_are_served_through_us(
    alice: User, as_alice: Client, as_charlie: Client, bucket: object
) -> None:
    photo = process(alice)
    address = reverse("wardrobe:photo-media", args=[photo.pk, "image"])
    response = as_alice.get(address)
    assert response.status_code == 200
    assert response.content[8:12] == b"WEBP"
    assert as_charlie.get(address).status_code == 404


def test_an_object_that_is_gone_is_not_found(alice: User, as_alice: Client, bucket: object) -> None:
    photo = process(alice)
    photo.image.storage.delete(photo.image.name)
    address = reverse("wardrobe:photo-media", args=[photo.pk, "image"])
    assert as_alice.get(address).status_code == 404


def test_deleting_and_sweeping_leave_an_empty_bucket(
    alice: User, bucket: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = process(alice)
    photo.image.storage.save(f"incoming/{alice.pk}/{uuid.uuid4()}", ContentFile(b"left behind"))
    photos.delete_photo(photo)
    monkeypatch.setattr(sweeps, "ORPHAN_AFTER", -sweeps.ORPHAN_AFTER)
    assert sweeps.sweep_orphans() == 1
    assert names(bucket) == set()
