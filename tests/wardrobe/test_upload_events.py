"""Each attempt to add a photo leaves exactly one event, with nothing personal in it, and never fails for it."""

import io
import logging
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django.fixtures import Settings

from accounts.models import User
from tests.factories import make_garment, make_image, make_operator
from tests.wardrobe.pictures import claim_size, draw_noise, encode
from wardrobe.models import UploadEvent
from wardrobe.photos import formats, storage
from wardrobe.services import sweeps, upload_events

pytestmark = pytest.mark.django_db

UPLOAD = "/photos/add/"
CANARY = "Zanzibar-4711"


def send(client: Client, data: bytes, *, key: uuid.UUID | None = None, name: str = "a.jpg") -> Any:
    file = SimpleUploadedFile(name, data)
    return client.post(UPLOAD, {"photos": file, "upload_key": key or uuid.uuid4()})


def get_event() -> UploadEvent:
    """The one there is."""
    return UploadEvent.objects.get()


def add_exif(picture: Image.Image, **tags: str) -> bytes:
    exif = Image.Exif()
    for number, text in ((0x010F, tags["make"]), (0x0110, CANARY), (0x010E, CANARY)):
        exif[number] = text
    return encode(picture, tags.get("format", "jpeg"), exif=exif.tobytes())


def test_an_admitted_photo(as_alice: Client, alice: User) -> None:
    data = make_image(size=(600, 800))
    send(as_alice, data)
    event = get_event()
    assert (event.owner, event.photo) == (alice, alice.photos.get())
    assert (event.outcome, event.refusal, event.format) == ("admitted", "", "jpeg")
    assert (event.bytes, event.megapixels, event.aspect) == (len(data), 0.48, 0.75)
    assert event.brightness is event.blur is None


def test_a_repeat_has_an_event_of_its_own(as_alice: Client) -> None:
    data, key = make_image(), uuid.uuid4()
    for number in range(3):
        send(as_alice, data, key=key if number < 2 else None)
    outcomes = UploadEvent.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["admitted", "duplicate", "duplicate"]


REFUSED = {
    "empty": (b"", ""),
    "unsupported": (b"\xff\x0a" + b"\x00" * 50, "jpeg-xl"),
    "truncated": (encode(draw_noise(), "heif")[:-200], "heif"),
    "too_small": (make_image(size=(8, 8)), "jpeg"),
    "too_many_pixels": (claim_size(make_image(), 30_000, 30_000), "jpeg"),
}


@pytest.mark.parametrize(("refusal", "data", "format"), [(k, *v) for k, v in REFUSED.items()])
def test_a_refused_file(as_alice: Client, refusal: str, data: bytes, format: str) -> None:
    assert send(as_alice, data).status_code == 422
    event = get_event()
    assert (event.outcome, event.refusal, event.format) == ("refused", refusal, format)
    assert (event.photo, event.bytes) == (None, len(data))


def test_a_file_that_is_too_large_is_known_by_its_beginning(
    as_alice: Client, settings: Settings
) -> None:
    settings.PHOTO_MAX_BYTES = 1000
    send(as_alice, make_image(size=(600, 800)))
    event = get_event()
    assert (event.refusal, event.format, event.megapixels) == ("too_large", "jpeg", None)


def test_text_under_the_name_of_a_photo(as_alice: Client) -> None:
    send(as_alice, b"dear diary")
    assert (get_event().refusal, get_event().format) == ("unsupported", "text")


def test_another_file_under_the_same_key(as_alice: Client) -> None:
    key = uuid.uuid4()
    send(as_alice, make_image(), key=key)
    send(as_alice, make_image(colour="white"), key=key)
    assert UploadEvent.objects.filter(outcome="refused", refusal="key_reused").count() == 1


def test_a_storage_that_is_away(as_alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise OSError("no disk")

    monkeypatch.setattr(storage, "save_file", fail)
    response = send(as_alice, make_image())
    assert response.status_code == 503
    number = response.headers["X-Request-ID"][:10]
    assert f"If you write to us, add {number}." in response.content.decode()
    assert get_event().refusal == "not_kept"


def test_more_files_than_allowed_are_one_attempt(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)  # There, the request is refused before the view.
    client.force_login(alice)
    client.get(UPLOAD)
    token = {"X-CSRFToken": client.cookies["csrftoken"].value}
    files = [SimpleUploadedFile("a.jpg", make_image()) for _ in range(31)]
    assert client.post(UPLOAD, {"photos": files}, headers=token).status_code == 400
    event = get_event()
    assert (event.outcome, event.refusal, event.format) == ("refused", "bad_request", "")
    assert event.bytes > 31 * len(make_image())


def test_one_upload_over_the_limit_of_an_hour(as_alice: Client) -> None:
    cache.set("posts:upload:127.0.0.1", 1000, 60)
    assert send(as_alice, make_image()).status_code == 429
    assert get_event().refusal == "too_many_uploads"


@pytest.mark.parametrize("door", ["garment-photos", "garment-photo"])
def test_what_other_doors_refuse_whole_is_an_attempt_and_a_form_without_files_none(
    as_alice: Client, alice: User, door: str
) -> None:
    cache.set("posts:upload:127.0.0.1", 1000, 60)
    page = reverse(f"wardrobe:{door}", args=[make_garment(alice).pk])
    photo = SimpleUploadedFile("a.jpg", make_image())
    assert as_alice.post(page, {"photos": photo}).status_code == 429
    typed = "application/x-www-form-urlencoded"
    assert as_alice.post(page, "photo=1", content_type=typed).status_code == 429
    assert get_event().refusal == "too_many_uploads"


def test_many_files_in_one_form_are_many_attempts(as_alice: Client) -> None:
    files = [SimpleUploadedFile("a.jpg", data) for data in (make_image(), b"no photo")]
    as_alice.post(UPLOAD, {"photos": files})
    assert sorted(UploadEvent.objects.values_list("outcome", flat=True)) == ["admitted", "refused"]


def test_nothing_sent_is_no_attempt(as_alice: Client) -> None:
    as_alice.post(UPLOAD, {})
    assert not UploadEvent.objects.exists()


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "heif", "avif"])
def test_the_camera_is_told_as_a_family(as_alice: Client, format: str) -> None:
    send(as_alice, add_exif(draw_noise(), make="NIKON CORPORATION", format=format))
    assert (get_event().format, get_event().camera) == (format, "nikon")


def test_an_event_that_cannot_be_written_fails_no_upload(
    as_alice: Client, alice: User, digitizing: None, caplog: pytest.LogCaptureFixture
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE wardrobe_uploadevent RENAME TO wardrobe_elsewhere")
    with caplog.at_level(logging.ERROR):
        assert send(as_alice, encode(draw_noise(), "jpeg")).status_code == 201
        upload_events.add_measures(alice.photos.get(), {"brightness": 1.0})
    assert [record.message.split(" photo")[0] for record in caplog.records] == [
        "the event of an upload was not written",
        "the upload event of",
    ]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE wardrobe_elsewhere RENAME TO wardrobe_uploadevent")


def test_events_go_with_their_wearer_and_stay_without_their_photo(
    as_alice: Client, alice: User
) -> None:
    send(as_alice, make_image())
    alice.photos.all().delete()
    assert get_event().photo is None
    alice.delete()
    assert not UploadEvent.objects.exists()


def test_events_are_kept_for_400_days(as_alice: Client) -> None:
    for days in (399, 401):
        send(as_alice, b"no photo")
        newest = UploadEvent.objects.latest("pk")
        moment = timezone.now() - timedelta(days=days)
        UploadEvent.objects.filter(pk=newest.pk).update(created_at=moment)
    sweeps.sweep_orphans()
    assert (timezone.now() - get_event().created_at).days == 399


def test_every_stranger_has_a_name() -> None:
    names = formats.list_format_names()
    heads = [beginning + b"\x00" * 20 for beginning, _ in formats.STRANGERS]
    heads += [b"<svg>", b"<html>", b"hello", b"\x00" * 9, make_image(), io.BytesIO().getvalue()]
    assert {formats.name_format(head) for head in heads} <= {*names, ""}
    assert "jpeg-xl" in names
    assert max(map(len, names)) <= 32


def test_the_list_of_events_is_filtered_by_fixed_words(as_alice: Client, client: Client) -> None:
    send(as_alice, b"\xff\x0a" + b"\x00" * 50)
    send(as_alice, make_image())
    client.force_login(make_operator())
    address = reverse("admin:wardrobe_uploadevent_changelist")
    page = client.get(address, {"format": "jpeg-xl"})
    assert [event.format for event in page.context["cl"].result_list] == ["jpeg-xl"]
    assert "avif" in page.text  # Offered though nobody sent one.
    event = UploadEvent.objects.filter(format="jpeg").get()
    change = reverse("admin:wardrobe_uploadevent_change", args=[event.pk])
    assert client.get(change).status_code == 200
    assert client.post(change, {"format": "png"}).status_code == 403
