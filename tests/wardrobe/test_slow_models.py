"""A model that never ends, or never begins: each photo ends all the same, within the time of its job."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from accounts.models import User
from registry.engines import get_engine
from registry.models import InferenceCall
from tests.factories import let_every_engine_answer
from tests.fakes import Script, ScriptedVllm, chunk, serve_vllm
from tests.wardrobe.pictures import draw_corners, encode
from wardrobe.models import Photo
from wardrobe.services import photos, processing
from wardrobe.tasks import DigitizePhoto

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("digitizing")]

STEADY = [part for _ in range(2000) for part in (chunk("and so on "), 0.05)]
ENDLESS = [chunk('{"garments": [{"type": "'), *STEADY]
SILENT = [60.0]
DEADLINE_S = 1.0


@pytest.fixture
def vllm(
    request: pytest.FixtureRequest, alice: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ScriptedVllm]:
    monkeypatch.setattr(DigitizePhoto, "deadline_s", DEADLINE_S)
    with serve_vllm(Script(request.param)) as server:
        engines: dict[str, Any] = settings.INFERENCE_ENGINES
        limits = {"first_token_timeout_s": 0.5, "token_timeout_s": 0.5, "total_timeout_s": 120.0}
        options = {**engines["vllm"]["OPTIONS"], "base_url": server.url, **limits}
        settings.INFERENCE_ENGINES = {
            **engines,
            "vllm": {**engines["vllm"], "OPTIONS": options},
            "default": {**engines["default"], "OPTIONS": {"engines": ["vllm", "builtin"]}},
        }
        settings.VLLM_BASE_URL = server.url
        get_engine.cache_clear()
        let_every_engine_answer("digitize_photo")
        yield server
    get_engine.cache_clear()


def process(owner: User) -> Photo:
    """As often as the sweep would, until it is done; a photo without rows of faults is ready."""
    file = ContentFile(encode(draw_corners(480, 640), "jpeg"), name="photo.jpg")
    photo = photos.add_photo(
        owner=owner, upload_key="00000000-0000-4000-8000-000000000001", file=file
    ).photo
    while photo.is_working and photo.tries_left:
        Photo.objects.filter(pk=photo.pk).update(leased_until=Now())
        processing.process_photo(photo_id=photo.pk)
        photo.refresh_from_db()
    return photo


@pytest.mark.parametrize(
    ("vllm", "attempts"),
    [(ENDLESS, 2), (STEADY, 1), (SILENT, 1)],
    indirect=["vllm"],
    ids=["endless", "no JSON", "silent"],
)
def test_a_photo_ends_within_the_deadline_of_its_model(
    vllm: ScriptedVllm, alice: User, attempts: int
) -> None:
    """One that spoke has decided its call, which failed; then it rests, and the built-in engine answers."""
    began = time.monotonic()
    photo = process(alice)
    assert (photo.status, photo.attempt) == ("ready", attempts)
    assert time.monotonic() - began < 30, "not the 60 to 120 s of the model"
    calls = InferenceCall.objects.order_by("started_at").values_list("outcome", "error_code")
    assert list(calls)[-1] == ("succeeded", "")
    assert len(vllm.requests) == 1


def test_a_job_has_time_for_both_of_its_questions(settings: Settings) -> None:
    """The answer, a second one where that was no JSON, and the wait for a photo like it."""
    job_s = settings.RQ_QUEUES["photos"]["DEFAULT_TIMEOUT"]
    assert 2 * DigitizePhoto.deadline_s + processing.PATIENCE_S < job_s
