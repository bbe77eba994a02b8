"""A disk without room: what comes in is refused and may be sent again; what was taken in waits; nothing is left half."""

import errno
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from dresscode.web.bodies import BodyLimits
from tests.wardrobe.pictures import draw_corners, draw_noise, encode
from wardrobe.models import Photo, UploadEvent
from wardrobe.services import processing, sweeps

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("digitizing")]

ROOM = 400_000
LARGE = encode(draw_noise(1600, 1200), "png")
SMALL = encode(draw_corners(480, 640), "jpeg")
FULL = OSError(errno.ENOSPC, "No space left on device")


def fail(*args: object, **options: object) -> NoReturn:
    raise OSError(*FULL.args)


@pytest.fixture
def full(media: Path) -> Iterator[Path]:
    """A folder for photos on a disk with 400 KB of room."""
    media.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", media], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no disk may be mounted here")
    yield media
    subprocess.run(["umount", "--lazy", media], check=True)


def send(client: Client, data: bytes) -> HttpResponse:
    file = SimpleUploadedFile("photo.jpg", data)
    answer: HttpResponse = client.post("/photos/add/", {"photos": file, "upload_key": str(uuid4())})
    return answer


def files(folder: Path) -> set[str]:
    return {path.parts[-3] for path in folder.rglob("*") if path.is_file()}


def test_a_photo_for_which_there_is_no_room_is_refused_and_leaves_nothing(
    full: Path, as_alice: Client
) -> None:
    assert len(LARGE) > ROOM
    answer = send(as_alice, LARGE)
    assert answer.status_code == 503
    assert "Keep the photo and try again" in answer.content.decode()
    assert not Photo.objects.exists()
    assert files(full) == set()
    assert UploadEvent.objects.get().refusal == "not_kept"
    assert send(as_alice, SMALL).status_code == 201
    assert files(full) == {"incoming"}


def test_a_photo_that_was_taken_in_waits_for_room(
    full: Path, as_alice: Client, alice: User
) -> None:
    """However often it is tried meanwhile: an upload that was acknowledged is not lost."""
    assert send(as_alice, SMALL).status_code == 201
    photo = alice.photos.get()
    ballast = full / "ballast"
    with pytest.raises(OSError, match="No space left"):
        ballast.write_bytes(bytes(ROOM))
    for _ in range(5):
        processing.process_photo(photo_id=photo.pk)
        Photo.objects.update(leased_until=Now())
    photo.refresh_from_db()
    assert (photo.status, photo.tries_left) == ("received", 3)
    sweeps.sweep_orphans()
    assert (full / photo.incoming.name).exists()
    ballast.unlink()
    Photo.objects.update(leased_until=Now())
    processing.process_photo(photo_id=photo.pk)
    photo.refresh_from_db()
    assert photo.status == "ready"


def test_a_storage_that_breaks_off_keeps_no_part(
    as_alice: Client, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same at the seam, for where nothing can be mounted."""

    def write_a_part(storage: FileSystemStorage, name: str, content: object) -> NoReturn:
        path = Path(storage.path(name))
        path.parent.mkdir(parents=True)
        path.write_bytes(SMALL[:100])
        fail()

    monkeypatch.setattr(FileSystemStorage, "_save", write_a_part)
    assert send(as_alice, SMALL).status_code == 503
    assert files(media) == set()
    assert not Photo.objects.exists()


def test_no_room_for_what_django_sets_aside_is_no_fault_of_the_sender(
    as_alice: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", fail)
    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", fail)
    as_alice.raise_request_exception = False
    answer = send(as_alice, SMALL)
    assert answer.status_code == 503
    assert "Nothing was lost" in answer.content.decode()


async def test_no_room_for_a_body_is_answered_too() -> None:
    refused, sent = [], []

    async def application(scope: dict, receive: object, send: object) -> None:
        if "dresscode.refusal" not in scope:
            fail()
        refused.append(scope["dresscode.refusal"])

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {"type": "http", "path": "/photos/add/", "headers": []}
    await BodyLimits(application)(scope, receive, send)
    assert refused == [507]
