"""What a worker adds to the event of an upload: what it measured, and what only the decoder refuses."""

from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from PIL import Image, ImageCms, ImageFilter

from accounts.models import User
from tests.wardrobe.pictures import draw_noise, encode
from tests.wardrobe.test_upload_events import CANARY, add_exif, get_event, send
from wardrobe.models import Photo, UploadEvent
from wardrobe.photos import measuring
from wardrobe.services import processing

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_only_the_decoder_refuses(as_alice: Client, alice: User, digitizing: None) -> None:
    data = bytearray(encode(draw_noise(600, 800), "heif"))
    start = data.index(b"mdat") + 8
    data[start:] = bytes(len(data) - start)
    send(as_alice, bytes(data))
    assert get_event().outcome == "admitted"
    processing.process_photo(photo_id=alice.photos.get().pk)
    event = get_event()
    assert alice.photos.get().failure_code == "damaged"
    assert (event.outcome, event.refusal) == ("refused", "damaged")


def test_nothing_personal_is_kept(as_alice: Client, alice: User, digitizing: None) -> None:
    send(as_alice, add_exif(draw_noise(), make=CANARY), name=f"{CANARY}.jpg")
    processing.process_photo(photo_id=alice.photos.get().pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(e)::text FROM wardrobe_uploadevent e")
        [(row,)] = cursor.fetchall()
    assert CANARY not in row
    assert CANARY.lower() not in row
    assert get_event().camera == "other"


def render(client: Client, owner: User, picture: Image.Image, **options: Any) -> UploadEvent:
    send(client, encode(picture, "jpeg", **options))
    photo = owner.photos.latest("created_at")
    processing.process_photo(photo_id=photo.pk)
    return UploadEvent.objects.get(photo=photo)


def test_dark_is_darker_and_blurred_is_more_blurred(
    as_alice: Client, alice: User, digitizing: None
) -> None:
    sharp = Image.fromarray(
        np.random.default_rng(1).integers(60, 200, (300, 300, 3), dtype=np.uint8)
    )
    plain = render(as_alice, alice, sharp)
    soft = render(as_alice, alice, sharp.filter(ImageFilter.GaussianBlur(4)))
    dark = render(as_alice, alice, sharp.point(lambda value: value // 4))
    assert plain.blur and soft.blur and plain.brightness and soft.brightness and dark.brightness
    assert soft.blur < plain.blur / 10
    assert dark.brightness < plain.brightness / 3
    assert plain.brightness == pytest.approx(130, abs=5)
    assert soft.brightness == pytest.approx(plain.brightness, abs=2)


def test_a_flat_picture_has_no_edges() -> None:
    assert measuring.measure_blur(np.full((9, 9), 7.0)) == 0
    spot = np.zeros((5, 5))
    spot[2, 2] = 1.0  # The Laplacian is -4 there, 1 at four neighbours, 0 at the four corners.
    assert measuring.measure_blur(spot) == pytest.approx((16 + 4) / 9)


def test_the_profile_is_named(as_alice: Client, alice: User, digitizing: None) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert render(as_alice, alice, draw_noise(), icc_profile=profile).colour_profile == "srgb"
    assert render(as_alice, alice, draw_noise(seed=2)).colour_profile == "none"
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert measuring.name_profile(lab) == measuring.name_profile(b"broken") == "other"


def test_another_rendering_of_a_known_picture_is_measured_too(
    as_alice: Client, alice: User, digitizing: None
) -> None:
    first = render(as_alice, alice, draw_noise(), quality=95)
    send(as_alice, encode(draw_noise(), "jpeg", quality=95, comment=b"copy"))
    photo = alice.photos.latest("created_at")
    processing.process_photo(photo_id=photo.pk)
    photo.refresh_from_db()
    assert photo.status == Photo.Status.DUPLICATE
    assert UploadEvent.objects.get(photo=photo).brightness == first.brightness


@pytest.mark.parametrize("name", ["read_header", "measure_photo"])
def test_a_file_that_cannot_be_described_fails_no_upload(
    as_alice: Client,
    alice: User,
    digitizing: None,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(measuring, name, fail)
    assert send(as_alice, encode(draw_noise(), "jpeg")).status_code == 201
    processing.process_photo(photo_id=alice.photos.get().pk)
    assert alice.photos.get().pixel_sha256
