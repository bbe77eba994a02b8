"""What vLLM itself refuses, and which kind of fault we make of it."""

from contextlib import aclosing
from dataclasses import replace

import pytest

from registry.engines.base import (
    EngineError,
    EngineRequest,
    InputRefusedError,
    ModelMissingError,
    OutputError,
)
from registry.engines.vllm import VllmEngine
from registry.tasks import Image
from tests.factories import make_image
from tests.vllm.server import MODEL, VllmServer

pytestmark = pytest.mark.vllm

WORD = {"type": "object", "properties": {"word": {"enum": ["yes", "no"]}}, "required": ["word"]}
REQUEST = EngineRequest(
    task="greet",
    system="You greet.",
    user="Greet.",
    schema=WORD,
    model=MODEL,
    sampling={"max_tokens": 200},
    seed=1,
)
PICTURE = make_image(size=(64, 64))

REFUSED = {
    "a prompt that is too long": {"user": "cold " * 20_000},
    "more tokens than the context": {"sampling": {"max_tokens": 1_000_000}},
    "a picture that is none": {"images": [Image(b"no picture at all", "image/webp")]},
    "half a picture": {"images": [Image(PICTURE[: len(PICTURE) // 3], "image/jpeg")]},
    "too many pictures": {"images": [Image(PICTURE, "image/jpeg")] * 5},
    "a schema that is none": {"schema": {"type": "no such type"}},
    "odd sampling": {"sampling": {"temperature": -1}},
}


async def play(server: VllmServer, request: EngineRequest) -> str:
    engine = VllmEngine(base_url=server.url, first_token_timeout_s=60, token_timeout_s=60)
    text = ""
    async with aclosing(engine.stream(request)) as events:
        async for event in events:
            text += getattr(event, "text", "")
    return text


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED)
async def test_a_request_that_cannot_be_answered_is_refused(
    server: VllmServer, changes: dict[str, object]
) -> None:
    with pytest.raises(InputRefusedError):
        await play(server, replace(REQUEST, **changes))
    assert server.is_healthy()


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"model": "gemma-99"}, ModelMissingError), ({"sampling": {"max_tokens": 2}}, OutputError)],
)
async def test_other_faults_have_their_kinds(
    server: VllmServer, changes: dict[str, object], error: type[EngineError]
) -> None:
    with pytest.raises(error):
        await play(server, replace(REQUEST, **changes))


async def test_a_request_in_order_is_answered_in_its_shape(server: VllmServer) -> None:
    assert await play(server, replace(REQUEST, images=[Image(PICTURE, "image/jpeg")])) in {
        '{"word":"yes"}',
        '{"word":"no"}',
        '{"word": "yes"}',
        '{"word": "no"}',
    }
