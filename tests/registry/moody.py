"""A model whose answers vary: it plays the toy's own answer, but for the seeds at which it is in a mood."""

from collections.abc import AsyncGenerator
from typing import Any

from registry.engines import get_engine
from registry.engines.base import Completion, EngineEvent, EngineRequest, TextDelta
from registry.engines.builtin import BuiltinEngine
from registry.evaluation.runner import SEED

RUDE = '{"mood": "kind", "prose": "Go away."}'


class MoodyModel(BuiltinEngine):
    """`moods` maps an attempt and a guest to what is answered in place of the greeting."""

    def __init__(self, name: str, moods: dict[tuple[int, str], str]) -> None:
        super().__init__(name)
        self.moods = moods

    async def stream(self, request: EngineRequest) -> AsyncGenerator[EngineEvent, None]:
        first = (
            request.examples[-1]["user"] if request.examples else request.user
        )  # When asked again.
        guest = first.removeprefix("Greet ").split(".")[0]
        assert request.seed is not None
        if mood := self.moods.get((request.seed - SEED + 1, guest)):
            yield TextDelta(mood)
            yield Completion(engine=self.name, output_tokens=1)
            return
        async for event in super().stream(request):
            yield event


def use_moody_model(settings: Any, moods: dict[tuple[int, str], str] | None = None) -> None:
    """It answers as `vllm`, before the built-in engine."""
    model = {"ENGINE": "tests.registry.moody.MoodyModel", "OPTIONS": {"moods": moods or {}}}
    default = {**settings.INFERENCE_ENGINES["default"], "OPTIONS": {"engines": ["vllm", "builtin"]}}
    settings.INFERENCE_ENGINES = {**settings.INFERENCE_ENGINES, "vllm": model, "default": default}
    get_engine.cache_clear()
