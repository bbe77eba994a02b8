"""Should I buy this? A photo is judged, and nothing of it is left."""

import io
import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from uuid import UUID

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_rq import get_queue
from PIL import Image
from redis.exceptions import RedisError

from accounts.models import User
from styling.buying import jobs as buying_jobs
from styling.buying import store
from styling.buying.jobs import judge_job
from styling.buying.judging import count_yearly, forecast
from styling.services.profiles import get_profile
from tests.conftest import ROOT
from tests.factories import load_prompts, make_garment
from wardrobe.models import Garment, Photo
from wardrobe.services.wears import log_wear
from wardrobe.vision.trunk import sessions

pytestmark = pytest.mark.django_db
JEANS = ROOT / "fixtures" / "demo" / "photos" / "dark-jeans.jpg"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def page(alice: User) -> Client:
    load_prompts()
    get_profile(alice)
    client = Client()
    client.force_login(alice)
    return client


def send(page: Client, data: bytes, **more: str) -> Any:
    file = SimpleUploadedFile("secret-name.jpg", data, "image/jpeg")
    return page.post("/wardrobe/buy/", {"photo": file, **more})


def judge(page: Client, alice: User, **more: str) -> str:
    """The address of the answer."""
    address = send(page, JEANS.read_bytes(), **more).headers["Location"]
    judge_job(alice.pk, address.split("/")[3])
    return address


def count_rows() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.managed
    }


def test_a_photo_is_judged_and_leaves_no_row_file_or_vector(
    page: Client, alice: User, media: Path
) -> None:
    for name, slot, kind in (("Shirt", "top", "shirt"), ("Boots", "shoes", "boots")):
        make_garment(alice, name=name, slot=slot, type=kind)
    before = count_rows()
    address = judge(page, alice)
    shown = page.get(address).text
    assert "more outfit" in shown and "Add it to my wardrobe" in shown
    assert count_rows() == before
    assert not [path for path in media.rglob("*") if path.is_file()]
    picture = page.get(f"{address}picture/")
    assert Image.open(io.BytesIO(picture.content)).format == "WEBP"
    assert "no-store" in picture.headers["Cache-Control"]
    assert "Forget this photo?" in page.post(f"{address}forget/").text
    page.post(f"{address}forget/", {"sure": "1"})
    token = address.split("/")[3]
    assert not any(store.read(alice.pk, token, part) for part in store.PARTS)
    assert page.get(f"{address}picture/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_worker_of_another_release_leaves_it_to_others(
    page: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody waits: after a while they are told to try once more."""
    monkeypatch.setattr(buying_jobs, "REST_S", 0.0)
    address = send(page, JEANS.read_bytes()).headers["Location"]
    queue = get_queue("photos")
    with monkeypatch.context() as patch:
        patch.setattr(sessions, "ADAPTER_SHA256", "f" * 64)
        for left in range(3):
            (job,) = queue.jobs
            assert (job.args[2] if job.args[2:] else 0) == left
            job.delete()
            judge_job(*job.args)
    (job,) = queue.jobs
    judge_job(*job.args)
    assert "jeans" in page.get(address).content.decode().lower()
    monkeypatch.setattr(sessions, "ADAPTER_SHA256", "f" * 64)
    address = send(page, JEANS.read_bytes()).headers["Location"]
    queue.empty()
    judge_job(alice.pk, address.split("/")[3], buying_jobs.MOST_LEFT)
    assert str(buying_jobs.NOT_NOW) in page.get(address).content.decode()
    assert queue.count == 0


def test_what_is_kept_is_kept_for_minutes(page: Client, alice: User) -> None:
    token = judge(page, alice).split("/")[3]
    client = cache._cache.get_client()  # type: ignore[attr-defined]
    for part in store.PARTS:
        left = client.ttl(cache.make_key(store.name_key(alice.pk, token, part)))
        assert 0 < left <= store.KEPT_S


def test_one_at_a_time_and_nobody_elses(page: Client, alice: User, charlie: User) -> None:
    first = judge(page, alice)
    second = judge(page, alice)
    assert page.get(first).headers["Location"] == "/wardrobe/buy/"
    other = Client()
    other.force_login(charlie)
    assert other.get(second).headers["Location"] == "/wardrobe/buy/"
    assert other.get(f"{second}picture/").status_code == 404
    other.post(f"{second}forget/")
    assert page.get(second).status_code == 200


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"", "empty"), (b"no photo at all", "photo"), (JEANS.read_bytes()[:200], "photo")],
)
def test_the_door_is_that_of_every_photo(page: Client, alice: User, data: bytes, told: str) -> None:
    answer = send(page, data)
    if answer.status_code == 302:
        judge_job(alice.pk, answer.headers["Location"].split("/")[3])
        answer = page.get(answer.headers["Location"])
        assert "Another photo" in answer.text
    else:
        assert answer.status_code == 422
        assert told in answer.text.lower()
    assert cache.get(store.name_current(alice.pk)) is None or answer.status_code == 200


def test_too_large_a_file_is_refused(page: Client, settings: Any) -> None:
    settings.PHOTO_MAX_BYTES = 1000
    assert send(page, JEANS.read_bytes()).status_code == 422


def test_it_is_added_only_when_that_is_wished(page: Client, alice: User) -> None:
    address = judge(page, alice)
    assert not Photo.objects.exists()
    page.post(f"{address}add/")
    photo = Photo.objects.get()
    assert (photo.owner, str(photo.upload_key)) == (alice, address.split("/")[3])
    assert page.get(address).headers["Location"] == "/wardrobe/buy/"
    page.post(f"{address}add/")
    assert Photo.objects.count() == 1


def test_what_is_no_photo_to_keep_is_said(page: Client, alice: User, settings: Any) -> None:
    address = judge(page, alice)
    settings.PHOTO_MAX_BYTES = 1000
    assert "we take up to" in page.post(f"{address}add/", follow=True).text
    assert not Photo.objects.exists()


def test_it_may_be_called_something_else(page: Client, alice: User) -> None:
    address = judge(page, alice)
    page.post(f"{address}again/", {"type": "rain-jacket"})
    judge_job(alice.pk, address.split("/")[3])
    assert "rain jacket" in page.get(address).text.lower()


def test_a_price_wants_a_currency(page: Client) -> None:
    answer = send(page, JEANS.read_bytes(), price="20", currency="")
    assert answer.status_code == 422
    assert "In which currency?" in answer.text


def test_the_page_begins_with_the_wearers_currency_and_no_complaint(
    page: Client, alice: User
) -> None:
    profile = get_profile(alice)
    profile.currency = "EUR"
    profile.save()
    shown = page.get("/wardrobe/buy/").text
    assert '<option value="EUR" selected>' in shown
    assert "aria-invalid" not in shown and "Not yet." not in shown


def test_the_photo_stays_where_the_price_was_told_wrongly(page: Client, alice: User) -> None:
    answer = send(page, JEANS.read_bytes(), price="20", currency="")
    (kept,) = re.findall('name="kept" value="([^"]+)"', answer.text)
    again = page.post("/wardrobe/buy/", {"price": "20", "currency": "EUR", "kept": kept})
    assert again.headers["Location"] == f"/wardrobe/buy/{kept}/"
    question = store.read(alice.pk, kept, "question")
    assert (question["price"], question["currency"]) == ("20", "EUR")


@pytest.mark.parametrize(
    ("kept", "told"),
    [("x", "Choose a photo first."), (str(UUID(int=1)), "That photo is forgotten")],
)
def test_a_photo_that_is_not_kept_is_asked_for(page: Client, kept: str, told: str) -> None:
    answer = page.post("/wardrobe/buy/", {"price": "20", "currency": "EUR", "kept": kept})
    assert answer.status_code == 422
    assert told in answer.text
    assert 'name="kept"' not in answer.text


def test_a_second_photo_that_cannot_be_read_leaves_the_first(page: Client, alice: User) -> None:
    sent = send(page, JEANS.read_bytes(), price="20", currency="")
    (kept,) = re.findall('name="kept" value="([^"]+)"', sent.text)
    for broken in (b"not a photo", b"<svg/>", b""):
        answer = send(page, broken, price="20", currency="EUR", kept=kept)
        assert answer.status_code == 422
        assert "id_photo_error" in answer.text
        assert f'name="kept" value="{kept}"' in answer.text
        assert "The photo from before is still here" in answer.text
    again = page.post("/wardrobe/buy/", {"price": "20", "currency": "EUR", "kept": kept})
    assert again.headers["Location"] == f"/wardrobe/buy/{kept}/"


def test_a_photo_that_another_took_the_place_of_is_said_to_be_replaced(page: Client) -> None:
    first = send(page, JEANS.read_bytes()).headers["Location"]
    send(page, JEANS.read_bytes())
    told = "you asked about another since"
    assert told in page.get(first, follow=True).text
    assert told in page.post(f"{first}add/", follow=True).text
    kept = {"price": "20", "currency": "EUR", "kept": first.split("/")[3]}
    assert told in page.post("/wardrobe/buy/", kept).text


def test_a_photo_that_somebody_else_sent_is_not_judged(page: Client, charlie: User) -> None:
    sent = send(page, JEANS.read_bytes(), price="20", currency="")
    (kept,) = re.findall('name="kept" value="([^"]+)"', sent.text)
    page.force_login(charlie)
    answer = page.post("/wardrobe/buy/", {"price": "20", "currency": "EUR", "kept": kept})
    assert answer.status_code == 422


@pytest.mark.parametrize("part", ["keep", "read"])
def test_without_redis_it_is_said_that_nothing_is_judged_now(
    page: Client, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(store, part, Mock(side_effect=RedisError))
    sent: dict[str, Any] = {"price": "20", "currency": "EUR", "kept": str(UUID(int=1))}
    if part == "keep":
        sent["photo"] = SimpleUploadedFile("jeans.jpg", JEANS.read_bytes(), "image/jpeg")
    answer = page.post("/wardrobe/buy/", sent)
    assert answer.status_code == 422
    assert "It cannot be judged just now." in answer.text


def test_the_cost_of_a_wear_is_told_from_what_was_worn(alice: User) -> None:
    coats = [make_garment(alice, name=f"Coat {n}", slot="outerwear", type="coat") for n in range(2)]
    Garment.objects.update(created_at=timezone.now() - timedelta(days=400))
    for ago in range(20):
        log_wear(coats[0], day=alice.today - timedelta(days=ago))
    assert count_yearly(alice, type="coat") == (10.0, 2)
    asked = {"price": "100", "currency": "EUR", "type": "", "format": "jpeg"}
    told = forecast(alice, Garment(type="coat", slot="outerwear"), asked)
    assert told and (told.pieces, told.first, told.second) == (2, "€10.00", "€5.00")
    assert forecast(alice, Garment(type="coat", slot="outerwear"), {**asked, "price": ""}) is None
    unknown = forecast(alice, Garment(type="boots", slot="shoes"), asked)
    assert unknown and (unknown.pieces, unknown.first) == (0, "")


def test_what_is_asked_again_is_gone_when_its_photo_is(
    page: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says after a quarter of an hour: of all of it, whatever was asked meanwhile."""
    address = judge(page, alice)
    token = address.split("/")[3]
    began = time.time()
    monkeypatch.setattr(time, "time", lambda: began + 10 * 60)
    page.post(f"{address}again/", {"type": "pants"})
    judge_job(alice.pk, token)
    client = cache._cache.get_client()  # type: ignore[attr-defined]
    for part in store.PARTS:
        left = client.ttl(cache.make_key(store.name_key(alice.pk, token, part)))
        assert 0 < left <= (store.KEPT_S if part in {"file", "until"} else 5 * 60 + 1), part
    monkeypatch.setattr(time, "time", lambda: began + store.KEPT_S + 1)
    store.answer(alice.pk, token, {}, b"picture")
    assert store.read(alice.pk, token, "picture") is None
