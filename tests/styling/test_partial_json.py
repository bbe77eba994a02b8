import json
import random
from typing import Any

import pytest

from styling.streaming.partial_json import Ended, Item, PartialJson, PartialJsonError, Text

ANSWER = {
    "pieces": [{"garment_id": "a", "slot": 'to]p"}'}, {"garment_id": "b", "slot": "{"}],
    "missing": [],
    "scores": [1, 2.5e-3, [3, {"x": "]"}], None],
    "prose": 'He said "hi" \\ é 😀 \n\ttab, {end}',
    "extra": {"a": [1, "}"]},
    "sure": True,
}


def read(text: str, *, size: int) -> dict[str, Any]:
    """The object put together again from what was handed out."""
    reader, found = PartialJson(), {}
    for start in range(0, len(text), size):
        for part in reader.feed(text[start : start + size]):
            match part:
                case Text(key, words):
                    found[key] = found.get(key, "") + words
                case Item(key, value):
                    found.setdefault(key, []).append(value)
                case Ended(key, value):
                    found.setdefault(key, [] if key == "missing" else value)
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_any_cut_gives_the_same_object(size: int, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(ANSWER, indent=indent, ensure_ascii=ascii_only)
    assert read(text, size=size) == ANSWER


def test_random_text_survives_random_cuts() -> None:
    letters = random.Random(7)
    for _ in range(200):
        prose = "".join(chr(letters.choice([9, 34, 92, 233, 0x1F45E])) for _ in range(40))
        assert read(json.dumps({"prose": prose}), size=letters.randint(1, 9)) == {"prose": prose}


def test_text_is_handed_out_as_it_grows() -> None:
    reader = PartialJson()
    assert reader.feed('{"prose": "The na') == [Text("prose", "The na")]
    assert reader.feed("vy") == [Text("prose", "vy")]


def test_an_element_waits_until_it_is_whole() -> None:
    reader = PartialJson()
    assert reader.feed('{"pieces": [{"slot": "to') == []
    assert reader.feed('p"}') == []
    assert reader.feed(",") == [Item("pieces", {"slot": "top"})]


def test_raw_newlines_pass_and_nul_and_half_characters_do_not() -> None:
    text = '{"prose": "a\nb\\u0000c\\ud83d d\\udc00"}'
    assert read(text, size=1) == {
        "prose": "a\nbc\N{REPLACEMENT CHARACTER} d\N{REPLACEMENT CHARACTER}"
    }


@pytest.mark.parametrize(
    "text", ["[1]", "hello", '{"a" 1}', '{"a": 1} x', '{"a": [1, }]}', '{"a": tru}', "{1: 2}"]
)
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(PartialJsonError):
        PartialJson().feed(text)


def test_an_answer_without_end_is_refused() -> None:
    with pytest.raises(PartialJsonError):
        PartialJson().feed('{"prose": "' + "a" * 200_000)
