"""Vectors of garments by a real vLLM with a tiny SigLIP, and what happens when it dies."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from accounts.models import User
from registry.engines.base import ModelMissingError, OutputError
from registry.engines.breaker import Breaker
from tests.vllm.checkpoints import build_siglip
from tests.vllm.server import POOLING_FLAGS, VllmServer
from tests.wardrobe.conftest import alice, digitizing, media  # noqa: F401
from tests.wardrobe.pictures import draw_noise, encode
from tests.wardrobe.test_identity_questions import OTHER, add, model, process  # noqa: F401
from wardrobe.models import PhotoEmbedding
from wardrobe.similarity.extractors import BuiltinExtractor, list_extractors
from wardrobe.similarity.search import garments_alike
from wardrobe.similarity.served import BREAKER, VllmExtractor

pytestmark = [pytest.mark.vllm, pytest.mark.django_db]

MODEL = "google/siglip-base-patch16-224"
WIDTH = 64
PICTURE = draw_noise(640, 480)


@pytest.fixture(scope="module")
def server(vllm_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[VllmServer]:
    log = tmp_path_factory.mktemp("embeddings") / "server.log"
    checkpoint = build_siglip(vllm_python)
    server = VllmServer(vllm_python, checkpoint, log, model=MODEL, flags=POOLING_FLAGS)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def extractor(server: VllmServer, settings: Any) -> Iterator[VllmExtractor]:
    """As settings name it, well until a test finds otherwise."""
    options = {"model": MODEL, "dimensions": WIDTH, "timeout_s": 20.0, "cooldown_s": 0.0}
    settings.EMBEDDINGS = {"base_url": server.url, **options}
    forget_trouble()
    yield make_extractor(server)
    forget_trouble()


def make_extractor(server: VllmServer, **options: Any) -> VllmExtractor:
    fixed = {"base_url": server.url, "model": MODEL, "dimensions": WIDTH, "timeout_s": 20.0}
    return VllmExtractor(**{**fixed, "cooldown_s": 0.0, **options})


def forget_trouble() -> None:
    breaker = Breaker(BREAKER)
    breaker.read()
    breaker.close()


def test_a_resaved_photo_is_near_and_another_one_is_not(extractor: VllmExtractor) -> None:
    again = Image.open(BytesIO(encode(PICTURE, "jpeg", quality=60)))
    one, two, other = map(extractor.embed, [PICTURE, again, draw_noise(640, 480, seed=2)])
    assert 1 - one @ two < 0.02
    assert 1 - one @ other > 0.1


def test_photos_that_come_at_once_get_the_same_vectors_as_one_by_one(
    extractor: VllmExtractor,
) -> None:
    pictures = [draw_noise(64 + 32 * seed, 96, seed=seed) for seed in range(8)]
    alone = [extractor.embed(picture) for picture in pictures]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(extractor.embed, pictures))
    assert np.allclose(alone, together, atol=1e-4)


def test_another_model_and_another_width_are_told(extractor: VllmExtractor, server: Any) -> None:
    with pytest.raises(ModelMissingError, match="does not exist"):
        make_extractor(server, model="google/another").embed(PICTURE)
    with pytest.raises(OutputError, match="64 numbers, expected 768"):
        make_extractor(server, dimensions=768).embed(PICTURE)


@pytest.mark.usefixtures("digitizing", "model")
def test_a_photo_is_embedded_by_vllm_and_by_the_network_alone_when_it_dies(
    alice: User,  # noqa: F811
    extractor: VllmExtractor,
    server: VllmServer,
) -> None:
    first = process(add(alice))
    rows = PhotoEmbedding.objects.filter(pixel_sha256=first.pixel_sha256)
    assert len(rows.get(extractor=extractor.name).vector) == WIDTH

    server.kill()
    second = process(add(alice, OTHER))
    assert second.status == second.Status.READY
    rows = PhotoEmbedding.objects.filter(pixel_sha256=second.pixel_sha256)
    assert {row.extractor for row in rows} == {"dct-1", BuiltinExtractor().name}
    trouble = Breaker(BREAKER).read()
    assert trouble and "away" in trouble.reason
    [(other, _)] = garments_alike(first.garments.get())
    assert other.photo == second and list_extractors()[0].name == extractor.name
