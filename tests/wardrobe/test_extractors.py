"""Vectors from an embeddings server: what it is asked, what is taken from it, who answers without it."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO, StringIO
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image
from pytest_django.fixtures import Settings

from accounts.models import User
from registry.engines.base import (
    EngineError,
    EngineOverloadedError,
    EngineTimeoutError,
    EngineUnavailableError,
    InputRefusedError,
    ModelMissingError,
    OutputError,
)
from registry.engines.breaker import Breaker
from tests.factories import make_garment, make_photo, make_user
from tests.fakes import CLOSE, RESET, Script, ScriptedVllm, serve_vllm
from tests.wardrobe.pictures import draw_noise
from tests.wardrobe.test_identity_questions import OTHER, add, model, process  # noqa: F401
from wardrobe import jobs
from wardrobe.models import Garment, PhotoEmbedding
from wardrobe.similarity.extractors import BuiltinExtractor, list_extractors
from wardrobe.similarity.search import garments_alike
from wardrobe.similarity.served import BREAKER, VllmExtractor

DIMENSIONS = 4
BUILTIN = BuiltinExtractor().name


def embedding(*numbers: Any) -> Script:
    return Script(body=json.dumps({"data": [{"embedding": list(numbers)}]}))


GOOD = embedding(3.0, 0.0, 4.0, 0.0)


@pytest.fixture(autouse=True)
def _the_breaker_is_closed() -> Iterator[None]:
    forget = Breaker(BREAKER)
    forget.read()
    forget.close()
    yield
    forget.read()
    forget.close()


def make_extractor(server: ScriptedVllm, **options: Any) -> VllmExtractor:
    fixed = {"base_url": f"{server.url}/v1", "model": "siglip", "dimensions": DIMENSIONS}
    return VllmExtractor(**{**fixed, "timeout_s": 2.0, **options})


@contextmanager
def serving(settings: Settings, *scripts: Script) -> Iterator[ScriptedVllm]:
    """An embeddings server in use, which is tried again at once after a failure."""
    with serve_vllm(*scripts) as server:
        fixed = {"model": "siglip", "dimensions": DIMENSIONS, "timeout_s": 2.0, "cooldown_s": 0.0}
        settings.EMBEDDINGS = {"base_url": server.url, **fixed}
        yield server


def test_it_sends_a_small_jpeg_and_takes_a_unit_vector() -> None:
    with serve_vllm(GOOD) as server:
        vector = make_extractor(server).embed(draw_noise(1600, 1200))
    assert vector.tolist() == pytest.approx([0.6, 0.0, 0.8, 0.0])
    [body] = server.requests
    [part] = body["messages"][0]["content"]
    head, _, data = part["image_url"]["url"].partition(",")
    picture = Image.open(BytesIO(base64.b64decode(data)))
    assert (body["model"], head, picture.size) == ("siglip", "data:image/jpeg;base64", (512, 384))


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (embedding(1.0, 2.0), OutputError),
        (embedding(*[1.0] * 9), OutputError),
        (embedding(float("nan"), 1.0, 1.0, 1.0), OutputError),
        (embedding(float("inf"), 1.0, 1.0, 1.0), OutputError),
        (embedding(0, 0, 0, 0), OutputError),
        (embedding("1", "2", "3", "4"), OutputError),
        (embedding(10**400, 1, 1, 1), OutputError),
        (embedding([1.0], [1.0], [1.0], [1.0]), OutputError),
        (Script(body="<html>Welcome</html>"), OutputError),
        (Script(body="[" * 100_000), OutputError),
        (Script(body='{"data": []}'), OutputError),
        (Script(body=" " * 2_000_000), OutputError),
        (Script(lines=[RESET]), EngineUnavailableError),
        (Script(lines=[CLOSE]), OutputError),
        (Script(lines=[5.0]), EngineTimeoutError),
        (Script(lines=[b" ", 0.2] * 20), EngineTimeoutError),
        (Script(status=500, body="out of memory"), EngineUnavailableError),
        (Script(status=302), EngineUnavailableError),
        (Script(status=429), EngineOverloadedError),
        (Script(status=404, body="no such model"), ModelMissingError),
    ],
)
def test_a_failed_server_rests_with_its_reason(script: Script, error: type[EngineError]) -> None:
    with serve_vllm(script) as server:
        extractor = make_extractor(server, timeout_s=0.5)
        with pytest.raises(error) as raised:
            extractor.embed(draw_noise(64, 64))
        with pytest.raises(EngineUnavailableError, match="rests"):
            extractor.embed(draw_noise(64, 64))
    trouble = Breaker(BREAKER).read()
    assert trouble and trouble.reason == str(raised.value)
    assert len(server.requests) == 1


def test_a_huge_number_is_still_a_direction() -> None:
    with serve_vllm(embedding(1e300, 0.0, 0.0, 0.0)) as server:
        assert make_extractor(server).embed(draw_noise(64, 64)).tolist() == [1.0, 0.0, 0.0, 0.0]


def test_a_server_that_refuses_one_picture_takes_the_next() -> None:
    with serve_vllm(Script(status=400, body="bad picture"), GOOD) as server:
        extractor = make_extractor(server)
        with pytest.raises(InputRefusedError, match="bad picture"):
            extractor.embed(draw_noise(64, 64))
        assert len(extractor.embed(draw_noise(64, 64))) == DIMENSIONS


def test_an_address_where_nobody_listens_is_away() -> None:
    with serve_vllm(GOOD) as server:
        extractor = make_extractor(server)
    with pytest.raises(EngineUnavailableError, match="away"):
        extractor.embed(draw_noise(64, 64))


def test_names_tell_model_and_width_apart_and_fit_the_column() -> None:
    options = [("a", 4), ("a", 8), ("b" * 300, 16_000)]
    names = {
        VllmExtractor(base_url="http://gpu", model=name, dimensions=width).name
        for name, width in options
    }
    assert len(names) == 3
    assert max(map(len, names)) <= 32


@pytest.mark.django_db
@pytest.mark.usefixtures("digitizing", "model")
def test_both_extractors_keep_their_vectors_side_by_side(alice: User, settings: Settings) -> None:
    with serving(settings, GOOD):
        process(add(alice))
        assert {row.extractor: len(row.vector) for row in PhotoEmbedding.objects.all()} == {
            "dct-1": 128,
            BUILTIN: 128,
            list_extractors()[0].name: DIMENSIONS,
        }


@pytest.mark.django_db
@pytest.mark.usefixtures("digitizing", "model")
@pytest.mark.parametrize("script", [Script(status=500), embedding(1.0), Script(body="{}")])
def test_a_photo_is_ready_whatever_the_server_does_and_has_its_vector_later(
    alice: User, settings: Settings, script: Script
) -> None:
    with serving(settings, script, GOOD):
        photo = process(add(alice))
        own = PhotoEmbedding.objects.exclude(extractor="dct-1")
        assert (photo.status, [row.extractor for row in own.all()]) == (
            photo.Status.READY,
            [BUILTIN],
        )
        assert Breaker(BREAKER).read() is not None
        assert jobs.embed_photos_job() == 1
        assert {row.extractor for row in own.all()} == {e.name for e in list_extractors()}
        assert Breaker(BREAKER).read() is None
        assert jobs.embed_photos_job() == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("digitizing", "model")
def test_the_job_gives_way_to_others_of_its_queue_when_the_server_is_slow(
    alice: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    process(add(alice))
    process(add(alice, OTHER))
    monkeypatch.setattr(jobs, "MOST_TIME_S", 0.0)
    with serving(settings, GOOD):
        assert [jobs.embed_photos_job() for _ in range(3)] == [1, 1, 0]


@pytest.mark.django_db
@pytest.mark.usefixtures("digitizing", "model")
def test_the_command_makes_what_this_machine_can_and_says_what_failed(
    alice: User, settings: Settings
) -> None:
    process(add(alice))
    PhotoEmbedding.objects.all().delete()
    with serving(settings, Script(status=500, body="out of memory"), GOOD) as server:
        with pytest.raises(CommandError, match="1 photos, then .*out of memory"):
            call_command("embed_photos", stdout=StringIO())
        out = StringIO()
        call_command("embed_photos", stdout=out)
        call_command("embed_photos", stdout=out)
        assert out.getvalue().splitlines() == [
            "Vectors made for 1 photos.",
            "Vectors made for 0 photos.",
        ]
    assert (len(server.requests), PhotoEmbedding.objects.count()) == (2, 3)


@pytest.mark.django_db
@pytest.mark.usefixtures("digitizing", "model")
def test_the_command_leaves_out_a_picture_that_is_refused(alice: User, settings: Settings) -> None:
    process(add(alice))
    with serving(settings, Script(status=400)):
        out = StringIO()
        call_command("embed_photos", stdout=out)
    assert "1 were left out" in out.getvalue()


def make_known_garment(owner: User, known: dict[str, list[float]], **fields: object) -> Garment:
    """A garment with the vectors of `known` by extractor."""
    photo = make_photo(owner)
    photo.pixel_sha256 = photo.pk.hex.ljust(64, "0")
    photo.save()
    for extractor, numbers in known.items():
        vector = np.resize(np.array(numbers), 128 if extractor == BUILTIN else DIMENSIONS)
        key = {"owner": owner, "extractor": extractor, "pixel_sha256": photo.pixel_sha256}
        PhotoEmbedding.objects.create(**key, vector=vector)
    return make_garment(owner, photo=photo, **fields)


@pytest.mark.django_db
@pytest.mark.usefixtures("words")
def test_the_server_compares_once_it_knows_nearly_all_garments(settings: Settings) -> None:
    with serving(settings, GOOD):
        remote = list_extractors()[0].name
        owner = make_user()
        asked = make_known_garment(owner, {BUILTIN: [1, 0], remote: [1, 0]})
        one = make_known_garment(owner, {BUILTIN: [1, 0], remote: [0, 1]})
        two = make_known_garment(owner, {BUILTIN: [0, 1], remote: [1, 0]})
        assert [other for other, _ in garments_alike(asked)] == [two, one]
        PhotoEmbedding.objects.filter(
            extractor=remote, pixel_sha256=one.photo and one.photo.pixel_sha256
        ).delete()
        assert [other for other, _ in garments_alike(asked)] == [one, two]


@pytest.mark.django_db
@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(("alike_distance", "whys"), [(0.5, ["Looks like it"]), (0.1, [])])
def test_each_extractor_has_its_own_idea_of_alike(
    settings: Settings, alike_distance: float, whys: list[str]
) -> None:
    with serving(settings, GOOD):
        settings.EMBEDDINGS["alike_distance"] = alike_distance
        remote = list_extractors()[0].name
        owner = make_user()
        asked = make_known_garment(owner, {remote: [1, 0, 0, 0]})
        plain: dict[str, Any] = {"colours": [], "material": "", "warmth": ""}
        make_known_garment(owner, {remote: [1, 0.9, 0, 0]}, **plain)
        assert [why for _, why in garments_alike(asked)] == whys
