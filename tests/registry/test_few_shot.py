"""Few-shot examples with a picture: what a version may hold, and how a model is asked."""

from dataclasses import replace
from typing import Any

import pytest

from registry.engines.base import EngineRequest
from registry.engines.messages import build_messages
from registry.prompts.files import PromptFileError, check_settings
from registry.prompts.live_versions import LiveVersion
from registry.rendering import MOST_PICTURE_BYTES, hash_input, show_examples
from registry.tasks import Image

DIGESTS = ["a" * 64, "b" * 64, "c" * 64]
PICTURES = {DIGESTS[0]: b"x" * MOST_PICTURE_BYTES, DIGESTS[1]: b"one more"}


def find(digests: Any) -> dict[str, bytes]:
    return {digest: PICTURES[digest] for digest in digests if digest in PICTURES}


def make_example(digest: str) -> dict[str, str]:
    return {"user": "What?", "assistant": "A shirt.", "picture": digest}


def make_live(engine: str, *examples: dict[str, str]) -> LiveVersion:
    bundle = {"engine": engine, "examples": list(examples)}
    return LiveVersion(1, 1, 1, "0" * 64, bundle, epoch=1)


@pytest.fixture(autouse=True)
def pictures(settings: Any) -> None:
    settings.EXAMPLE_PICTURES_FINDER = f"{__name__}.find"


@pytest.mark.parametrize(
    "examples",
    [
        [{"user": "What?"}],
        [make_example("photos/1.webp")],
        [make_example(digest) for digest in [*DIGESTS, "d" * 64]],
    ],
)
def test_a_version_holds_three_pictures_by_digest_at_most(examples: list[dict[str, str]]) -> None:
    check_settings({"examples": [make_example(digest) for digest in DIGESTS]})
    with pytest.raises(PromptFileError):
        check_settings({"examples": examples})


def test_an_example_is_sent_as_the_photo_itself_is() -> None:
    shown = {"user": "What?", "assistant": "A shirt.", "image": Image(b"seen")}
    request = EngineRequest(
        task="look", system="", user="And?", schema={}, images=[Image(b"asked")], examples=[shown]
    )
    _, question, answer, last = build_messages(request)
    assert question["content"][0]["image_url"]["url"] == "data:image/webp;base64,c2Vlbg=="
    assert question["content"][1]["text"] == "What?"
    assert answer == {"role": "assistant", "content": "A shirt."}
    assert [part["type"] for part in last["content"]] == ["image_url", "text"]
    assert hash_input(request) != hash_input(replace(request, examples=[]))


def test_pictures_that_are_gone_or_too_much_are_not_sent_with_their_words() -> None:
    text = {"user": "Hi", "assistant": "Hello"}
    gone = make_live("vllm", text, make_example(DIGESTS[1]), make_example(DIGESTS[2]))
    shown = show_examples(gone)
    assert [one.get("image") for one in shown] == [None, Image(b"one more")]
    assert show_examples(make_live("vllm", make_example(DIGESTS[0]), make_example(DIGESTS[1]))) == [
        {"user": "What?", "assistant": "A shirt.", "image": Image(PICTURES[DIGESTS[0]])}
    ]
    assert show_examples(make_live("builtin", text, make_example(DIGESTS[1]))) == [text]
