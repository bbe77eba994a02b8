"""A model server on a bad day: whatever it sends, the wearer reads an outfit within ten seconds."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as real_settings

from registry.engines import get_engine
from registry.models import InferenceCall
from stores.threads import in_thread
from styling.models import Suggestion
from styling.streaming import generation
from tests.factories import make_version, promote
from tests.fakes import CLOSE, RESET, Script, ScriptedVllm, answer, chunk, serve_vllm
from tests.styling.conftest import Page, forget_everything
from tests.styling.scripted import PROSE, answer_text
from tests.styling.test_stream import stored
from wardrobe.models import Garment

pytestmark = pytest.mark.django_db(transaction=True)

Lines = Callable[[str], list[Any]]
READ_WITHIN_S = 10.0
FOREVER = 3_000


def cut(text: str) -> list[str]:
    """The chunks of a text, without an end."""
    return [chunk(text[start : start + 30]) for start in range(0, len(text), 30)]


def delta(**fields: Any) -> str:
    return json.dumps({"choices": [{"delta": fields, "finish_reason": None}]})


def pieces_of(text: str) -> str:
    return text[: text.index('"missing"')]


def half_of(text: str) -> str:
    return text[: text.index("The grey")]


def slowly(lines: list[str], pause_s: float = 0.01) -> list[Any]:
    return [step for line in lines for step in (line, pause_s)]


STANDS: dict[str, Lines] = {
    "thought before": lambda text: answer(f"<|channel>thought\nThe {{shirt}}?\n<channel|>{text}"),
    "object in a thought": lambda text: answer(f'<think>{{"pieces": []}} no</think>{text}'),
    "code fence": lambda text: answer(f"```json\n{text}\n```"),
    "words before": lambda text: answer(f"Sure! Here it is: {text}"),
    "turn mark behind": lambda text: answer(text + "<turn|>"),
    "a second object behind": lambda text: answer(text + text),
    "words behind, for ever": lambda text: [*cut(text), *slowly(cut(" and more" * FOREVER))],
    "blanks behind, for ever": lambda text: [*cut(text), *slowly([chunk("\n   ")] * FOREVER)],
    "reasoning beside": lambda text: [delta(reasoning_content="Hm."), *answer(text)],
    "no choices": lambda text: [json.dumps({"id": "x"}), *answer(text), json.dumps({"usage": None})],
    "usage without choices": lambda text: [
        *cut(text), chunk("", "stop"), json.dumps({"usage": {"prompt_tokens": 1}}),
    ],
    "delta null": lambda text: [json.dumps({"choices": [{"delta": None}]}), *answer(text)],
    "error null": lambda text: [
        json.dumps({**json.loads(line), "error": None}) if line.startswith("{") else line
        for line in answer(text)
    ],
    "content null": lambda text: [delta(role="assistant", content=None), *answer(text)],
    "whole, then cut by length": lambda text: answer(text, finish_reason="length"),
    "no end": lambda text: [*cut(text), CLOSE],
    "whole, then reset": lambda text: [*cut(text), RESET],
    "whole, then silence": lambda text: [*cut(text), 30],
    "whole, then no chunk": lambda text: [*cut(text), "{{{{", chunk("", "stop")],
    "NUL": lambda text: answer("\x00" + text.replace("The navy", "\x00The navy")),
}  # fmt: skip
"""The first whole object counts, whatever surrounds it."""

REWORDED: dict[str, Lines] = {
    "blanks in the middle": lambda text: [*cut(half_of(text)), *slowly([chunk("\n    ")] * FOREVER)],
    "escaped blanks in the prose": lambda text: [*cut(half_of(text)), *slowly([chunk("\\n")] * FOREVER)],
    "silence in mid-answer": lambda text: [*cut(half_of(text)), 30],
    "empty chunks in mid-answer": lambda text: [*cut(half_of(text)), *slowly([chunk("")] * FOREVER, 0.05)],
    "reset in mid-answer": lambda text: [*cut(half_of(text)), RESET],
    "cut by length": lambda text: answer(half_of(text), finish_reason="length"),
    "cut by stop": lambda text: answer(half_of(text)),
    "no chunk in mid-answer": lambda text: [*cut(half_of(text)), "<html>"],
    "an error in mid-answer": lambda text: [*cut(half_of(text)), json.dumps({"error": {"code": 500}})],
}  # fmt: skip
"""The pieces are shown and stay; the built-in voice speaks of them."""

REPLACED: dict[str, Lines] = {
    "blanks for ever": lambda text: slowly([chunk("\n    ")] * FOREVER),
    "blanks after the first piece": lambda text: [*cut(text[:60]), *slowly([chunk(" \t")] * FOREVER)],
    "blanks in one chunk": lambda text: [*cut(text[:60]), chunk(" " * 5_000), 30],
    "only reasoning": lambda text: [*[delta(reasoning_content="Hm, ")] * 50, chunk("", "stop"), "[DONE]"],
    "reasoning for ever": lambda text: slowly([delta(reasoning_content="Hm, ")] * FOREVER),
    "a thought without end": lambda text: answer("<|channel>thought What shall it be?"),
    "only words": lambda text: answer("I would wear the shirt."),
    "nothing": lambda text: answer(""),
    "silence": lambda text: [30],
    "half a piece, then silence": lambda text: [*cut(text[:60]), 30],
    "half a piece, then reset": lambda text: [*cut(text[:60]), RESET],
    "half a piece, then no end": lambda text: [*cut(text[:60]), CLOSE],
    "deep nesting": lambda text: answer('{"pieces": ' + "[" * 20_000),
    "deep nesting in one chunk": lambda text: [json.dumps("[" * 9)[1:-1] * 9_000],
    "another shape": lambda text: answer('{"pieces": {"top": "shirt"}, "prose": 7}'),
    "an empty outfit": lambda text: answer(
        '{"pieces": [], "missing": ["top", "bottom", "shoes"], "reasons": [], "prose": "You own nothing."}'
    ),
    "a trickle": lambda text: slowly(cut(text[:60]) + [chunk("a")] * FOREVER, 0.2),
}  # fmt: skip
"""The built-in stylist answers."""


@pytest.fixture
def ask_server(
    suggestion: Suggestion, open_page: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[ScriptedVllm], Any]]:
    """A page that has heard the answer of this server to its end, and how long that took."""

    async def ask(server: ScriptedVllm) -> tuple[Page, float]:
        options = {"base_url": server.url, "model": "gemma", "first_token_timeout_s": 1.0}
        settings.VLLM_BASE_URL = server.url
        settings.INFERENCE_ENGINES = {
            **real_settings.INFERENCE_ENGINES,
            "vllm": {
                "ENGINE": "registry.engines.vllm.VllmEngine",
                "OPTIONS": {**options, "token_timeout_s": 0.5},
            },
            "default": {
                "ENGINE": "registry.engines.fallback.FallbackEngine",
                "OPTIONS": {"engines": ["vllm", "builtin"], "cooldown_s": 0.01},
            },
        }
        settings.REDIS_PREFIX = f"bad-day-{suggestion.pk}"
        monkeypatch.setattr(generation, "PIECES_WITHIN_S", 2.5)
        page = await open_page(suggestion)
        began = time.monotonic()
        await page.resume()
        await page.hear_until("done")
        return page, time.monotonic() - began

    settings.INFERENCE_TASKS = ["styling.tasks.SuggestOutfit"]
    forget_everything()
    promote(
        make_version(
            "suggest_outfit",
            engine="default",
            model={},
            sampling={},
            examples=[],
            enable_thinking=False,
        )
    )
    yield ask
    get_engine.cache_clear()


def notices(page: Page) -> list[str]:
    return [event["code"] for event in page.events if event["type"] == "notice"]


@pytest.mark.parametrize("lines", STANDS.values(), ids=STANDS)
async def test_the_first_whole_object_is_the_answer(
    suggestion: Suggestion, clothes: list[Garment], ask_server: Any, lines: Lines
) -> None:
    with serve_vllm(Script(lines(answer_text(clothes)))) as server:
        page, took_s = await ask_server(server)
    assert (page.text, notices(page)) == (PROSE, [])
    assert took_s < READ_WITHIN_S
    call = await in_thread(InferenceCall.objects.get)()
    assert (call.outcome, call.engine) == ("succeeded", "vllm")


@pytest.mark.parametrize("lines", REWORDED.values(), ids=REWORDED)
async def test_words_that_break_off_are_written_by_the_built_in_voice(
    suggestion: Suggestion, clothes: list[Garment], ask_server: Any, lines: Lines
) -> None:
    with serve_vllm(Script(lines(answer_text(clothes)))) as server:
        page, took_s = await ask_server(server)
    kinds = [event["type"] for event in page.events]
    assert (kinds.count("piece"), kinds.count("superseded"), notices(page)) == (3, 0, ["reworded"])
    assert took_s < READ_WITHIN_S
    row = await stored(suggestion)
    assert (row.status, row.pieces.count()) == ("ready", 3)
    assert row.prose and page.text.endswith(row.prose)
    assert row.call and row.call.outcome == "failed"


@pytest.mark.parametrize("lines", REPLACED.values(), ids=REPLACED)
async def test_an_answer_that_is_none_is_the_built_in_stylists(
    suggestion: Suggestion, clothes: list[Garment], ask_server: Any, lines: Lines
) -> None:
    with serve_vllm(Script(lines(answer_text(clothes)))) as server:
        page, took_s = await ask_server(server)
    assert took_s < READ_WITHIN_S
    assert len(notices(page)) == 1
    row = await stored(suggestion)
    assert (row.status, row.pieces.count()) == ("ready", 3)
    assert "own nothing" not in page.text
    assert row.call and (row.call.outcome, row.call.engine) == ("succeeded", "builtin")


def test_the_default_times_leave_room_for_the_built_in_stylist() -> None:
    """The worst of them: pieces at the last moment, and words that never come."""
    options = real_settings.INFERENCE_ENGINES["vllm"]["OPTIONS"]
    first_s, between_s = options["first_token_timeout_s"], options["token_timeout_s"]
    assert first_s + between_s < generation.PIECES_WITHIN_S + 1
    assert max(first_s, generation.PIECES_WITHIN_S) + between_s < READ_WITHIN_S
    assert options["connect_timeout_s"] <= first_s
