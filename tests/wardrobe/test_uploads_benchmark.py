"""What `benchmarks.uploads` plays to both sides, and what it says of a peer that is not there."""

import json
from pathlib import Path

import httpx
import pytest

from benchmarks.uploads import find_least, serve_model
from benchmarks.uploads_wardrowbe import PeerMissingError, Wardrowbe
from wardrobe.tasks import DigitizeAnswer

ASKED = {"model": "model", "messages": []}


def test_the_model_answers_ours_in_a_stream() -> None:
    with serve_model(0) as url:
        text = httpx.post(f"{url}/v1/chat/completions", json={**ASKED, "stream": True}).text
    first, *_, last = text.removesuffix("\n\n").split("\n\n")
    content = json.loads(first.removeprefix("data: "))["choices"][0]["delta"]["content"]
    assert DigitizeAnswer.model_validate_json(content).garments[0].type == "t-shirt"
    assert last == "data: [DONE]"


def test_the_model_answers_the_peer_at_once() -> None:
    with serve_model(0) as url:
        answer = httpx.post(f"{url}/v1/chat/completions", json=ASKED).json()
    assert json.loads(answer["choices"][0]["message"]["content"])["type"] == "t-shirt"


@pytest.mark.parametrize("has_folder", [False, True])
def test_a_peer_that_is_not_there_is_named(tmp_path: Path, has_folder: bool) -> None:
    folder = tmp_path if has_folder else None
    with (
        pytest.raises(PeerMissingError, match="wardrowbe"),
        Wardrowbe.start(folder, "http://localhost", port=1, workers=2, calls=8),
    ):
        pass


def test_a_model_takes_as_many_turns_as_all_calls_at_once_leave() -> None:
    assert find_least(100, 1.0) == 7.0
