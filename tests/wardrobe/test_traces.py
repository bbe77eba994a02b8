"""From a photo's upload to its call and its log lines by one id, and from a number back to them."""

import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from registry import inference
from registry.models import InferenceCall
from telemetry import exporting
from tests.dresscode.collector import collect_traces
from tests.dresscode.processes import LONGEST_S
from tests.wardrobe.pictures import draw_noise, encode
from tests.wardrobe.test_photo_kills import spawn_worker
from tests.wardrobe.test_photo_upload import a_file, send
from tests.wardrobe.test_processing import refuse
from wardrobe.models import Photo
from wardrobe.services import processing, sweeps

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("digitizing")]

JPEG = encode(draw_noise(640, 480), "jpeg")


@pytest.mark.slow
def test_the_call_and_the_workers_lines_have_the_id_of_the_upload(
    as_alice: Client, media: Path
) -> None:
    answer = send(as_alice, a_file(data=JPEG))
    log, _ = spawn_worker(media, TEST_BURST="1", LOG_FORMAT="json").communicate(timeout=LONGEST_S)
    call = InferenceCall.objects.get()
    trace = answer.headers["X-Request-ID"]
    assert call.trace_id.hex == trace
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    (end,) = (line for line in lines if line["message"] == "call")
    assert end["trace_id"] == end["request_id"] == end["trace"] == trace
    assert (end["call"], end["task"], end["outcome"]) == (
        call.pk.hex,
        "digitize_photo",
        "succeeded",
    )
    assert {"queue", "decode", "engine"} <= set(end["steps_ms"])
    waited = (timezone.now() - Photo.objects.get().created_at).total_seconds() * 1000
    assert sum(call.steps_ms.values()) <= waited


@pytest.mark.slow
def test_a_collector_gets_one_trace_from_the_upload_to_the_engine(
    as_alice: Client, media: Path, settings: Settings
) -> None:
    with collect_traces() as collector:
        settings.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url
        trace = send(as_alice, a_file("canary-9c41.jpg", data=JPEG)).headers["X-Request-ID"]
        exporting.get_sender().provider.force_flush()
        exporting.forget()
        variables = {"TEST_BURST": "1", "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
        log, _ = spawn_worker(media, **variables).communicate(timeout=LONGEST_S)
    upload, job, photo, chat = (
        collector.find(name, trace)
        for name in ("POST /photos/add/", "process photos", "process photo", "chat builtin")
    )
    parents = [span.parent_id for span in (upload, job, photo, chat)]
    assert parents == ["", upload.span_id, job.span_id, photo.span_id]
    assert chat.attributes["gen_ai.response.id"] == InferenceCall.objects.get().pk.hex
    assert job.attributes["dresscode.job"] == "wardrobe.jobs.process_photo_job"
    assert f"[{trace}] call " in log
    assert b"canary-9c41" not in b"".join(collector.bodies)


def test_a_photo_that_nobody_could_read_shows_its_number(
    as_alice: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = send(as_alice, a_file(data=JPEG)).headers["X-Request-ID"][:10]
    monkeypatch.setattr(inference, "run", refuse)
    processing.process_photo(photo_id=alice.photos.get().pk)
    assert number in as_alice.get(reverse("wardrobe:garment-list")).content.decode()


def test_the_number_of_the_last_try_is_shown(as_alice: Client, alice: User) -> None:
    first = send(as_alice, a_file(data=JPEG)).headers["X-Request-ID"][:10]
    give_up(alice)
    assert first in alice.photos.get().failure
    photo = alice.photos.get()
    second = as_alice.post(f"/photos/{photo.pk}/retry/").headers["X-Request-ID"][:10]
    give_up(alice)
    assert second in alice.photos.get().failure
    assert second != first


def give_up(owner: User) -> None:
    long_ago = timezone.now() - timezone.timedelta(hours=1)
    owner.photos.update(tries_left=0, leased_until=long_ago)
    sweeps.give_up_photos()


def test_a_file_that_is_no_photo_needs_no_number(as_alice: Client, alice: User) -> None:
    broken = JPEG[: len(JPEG) // 2]
    answer = send(as_alice, a_file(data=broken))
    for photo in alice.photos.all():
        processing.process_photo(photo_id=photo.pk)
        photo.refresh_from_db()
        if photo.status == Photo.Status.FAILED:
            assert answer.headers["X-Request-ID"][:10] not in photo.failure
