"""A LoRA adapter as a version in the registry: loaded at run time, promoted, rolled back, missing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from registry import inference
from registry.models import PromptVersion
from registry.prompts import live_versions
from registry.services import releases
from tests.factories import make_image
from tests.vllm.checkpoints import build_adapter
from tests.vllm.live import DRAWN, go_live
from tests.vllm.server import GEMMA, MODEL, REVISION, VllmServer
from wardrobe.tasks import DigitizeContext

pytestmark = [pytest.mark.vllm, pytest.mark.django_db(transaction=True)]

ADAPTER = "wardrobe-lora"
SERVED = f"{ADAPTER}@{REVISION}"


@pytest.fixture
def adapter(vllm: VllmServer, vllm_python: Path, checkpoint: Path) -> Iterator[str]:
    folder = build_adapter(vllm_python, checkpoint)
    loaded = vllm.post("/v1/load_lora_adapter", {"lora_name": SERVED, "lora_path": str(folder)})
    assert loaded.is_success, loaded.text
    yield ADAPTER
    vllm.post("/v1/unload_lora_adapter", {"lora_name": SERVED})


def describe(*, seeds: int = 1) -> list[inference.Finished]:
    """One answer a seed: the same model draws the same words of the same seed again."""
    context = DigitizeContext.of(make_image(size=(320, 240), format="WEBP"))
    return [
        inference.run("digitize_photo", context, subject="photo:1", seed=seed)
        for seed in range(seeds)
    ]


def roll_back(*, to: PromptVersion) -> None:
    alias = to.prompt.production()
    assert alias is not None
    releases.roll_back(
        prompt=to.prompt, to_version=to, actor=None, reason="worse", expected_epoch=alias.epoch
    )
    live_versions.forget()


def test_an_adapter_is_a_version_and_rolls_back(adapter: str, vocabulary: None) -> None:
    first = go_live("digitize_photo", engine="vllm", sampling=DRAWN)
    plain = describe(seeds=4)
    model = {**GEMMA, "adapter": adapter}
    go_live("digitize_photo", engine="vllm", sampling=DRAWN, model=model)
    adapted = describe(seeds=4)
    roll_back(to=first)
    again = describe(seeds=4)
    models = [{answer.model for answer in answers} for answers in (plain, adapted, again)]
    assert models == [{MODEL}, {SERVED}, {MODEL}]
    assert outputs(plain) == outputs(again) != outputs(adapted)


def outputs(answers: list[inference.Finished]) -> list[object]:
    return [answer.output for answer in answers]


def test_an_adapter_that_is_not_loaded_is_the_operators_fault(
    vllm: VllmServer, vocabulary: None
) -> None:
    go_live("digitize_photo", engine="vllm", model={**GEMMA, "adapter": "not-loaded"})
    with pytest.raises(inference.InferenceError, match="Load the model or adapter") as caught:
        describe()
    assert caught.value.code == "model_missing"
