"""Texts that are no versions yet: their answers are read as a wearer's are, and nothing of them is kept."""

from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings

from registry.engines import get_engine
from registry.evaluation.trials import try_bundle
from registry.models import InferenceCall, Prompt
from tests.fakes import Script, answer, serve_vllm
from tests.registry.live import make_live
from tests.registry.toy import Greeting, Guest

pytestmark = pytest.mark.django_db(transaction=True)

WHOLE = '{"mood": "kind", "prose": "Hello Ada"}'
BROKEN = '{"mood": "kind"'


@pytest.fixture
def ask(prompt: Prompt, settings: Settings) -> Callable[..., tuple[object, int]]:
    """What a trial answers where the model says this, and how often the model was asked."""
    bundle = make_live(prompt).bundle

    def ask(*said: str) -> tuple[object, int]:
        with serve_vllm(*(Script(answer(text)) for text in said)) as server:
            settings.INFERENCE_ENGINES = {
                **settings.INFERENCE_ENGINES,
                "vllm": {
                    "ENGINE": "registry.engines.vllm.VllmEngine",
                    "OPTIONS": {"base_url": server.url, "model": "gemma"},
                },
            }
            get_engine.cache_clear()
            told = try_bundle("greet", bundle, Guest(), engine="vllm")
            return told, len(server.requests)

    return ask


@pytest.mark.parametrize(
    "said", [WHOLE, f"Here it is: {WHOLE} Goodbye.", WHOLE.replace(" Ada", "\\u0000 Ada")]
)
def test_what_production_reads_a_trial_reads(
    ask: Callable[..., tuple[object, int]], said: str
) -> None:
    assert ask(said) == (Greeting(mood="kind", prose="Hello Ada"), 1)


def test_a_raw_newline_in_a_string_is_read(ask: Callable[..., tuple[object, int]]) -> None:
    told, _ = ask(WHOLE.replace("Hello ", "Hello\n"))
    assert told == Greeting(mood="kind", prose="Hello\nAda")


def test_broken_json_is_asked_for_once_more(ask: Callable[..., tuple[object, int]]) -> None:
    assert ask(BROKEN, WHOLE) == (Greeting(mood="kind", prose="Hello Ada"), 2)
    assert ask(BROKEN) == (None, 2)
    assert not InferenceCall.objects.exists()
