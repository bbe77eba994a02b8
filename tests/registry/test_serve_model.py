"""The command that serves the model."""

import shlex
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from registry.engines.serving import SIZES
from registry.prompts import bundles
from registry.prompts.files import parse_prompt_file


def show(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("serve_model", "--print", *arguments, stdout=out)
    return shlex.split(out.getvalue())


@pytest.mark.parametrize("size", SIZES)
def test_every_size_has_a_command(size: str) -> None:
    command = show("--size", size, "--revision", "c0ffee")
    assert command[:3] == ["vllm", "serve", SIZES[size].model]
    assert command[command.index("--revision") + 1] == "c0ffee"
    assert command[command.index("--served-model-name") + 1] == f"{SIZES[size].model}@c0ffee"
    assert command[command.index("--tensor-parallel-size") + 1] == str(SIZES[size].gpus)


def test_adapters_are_named_after_one_flag() -> None:
    command = show("--revision", "c", "--adapter", "a=/lora/a", "--adapter", "b=/lora/b")
    assert command[-4:] == ["--enable-lora", "--lora-modules", "a@c=/lora/a", "b@c=/lora/b"]


def test_model_and_port_are_those_of_the_settings(settings: Any) -> None:
    model = f"{SIZES['31b'].model}@c0ffee"
    options = {"base_url": "http://gpu.example.org:8123/v1", "model": model}
    settings.INFERENCE_ENGINES = {"vllm": {"OPTIONS": options}}
    command = show()
    assert command[2] == SIZES["31b"].model
    assert command[command.index("--served-model-name") + 1] == model
    assert command[command.index("--port") + 1] == "8123"


def test_a_size_that_is_not_configured_needs_a_revision() -> None:
    with pytest.raises(CommandError, match="--revision is needed"):
        show("--size", "31b")


def test_the_configured_model_is_the_one_of_the_shipped_prompts(settings: Any) -> None:
    configured = settings.INFERENCE_ENGINES["vllm"]["OPTIONS"]["model"]
    files = (settings.BASE_DIR / "fixtures" / "prompts").glob("*.md")
    models = {bundles.name_model(parse_prompt_file(file).bundle["model"]) for file in files}
    assert models == {configured}


def test_the_model_of_embeddings_has_a_command_of_its_own(settings: Any) -> None:
    options = {
        "base_url": "http://gpu.example.org:8124",
        "model": "google/siglip2-base-patch16-224",
    }
    settings.EMBEDDINGS = options
    command = show("--embeddings")
    assert command[:5] == ["vllm", "serve", options["model"], "--runner", "pooling"]
    assert command[command.index("--port") + 1] == "8124"
    assert "--tool-call-parser" not in command


@pytest.mark.parametrize("adapter", ["a", "=/lora/a", "a="])
def test_an_adapter_needs_a_name_and_a_path(adapter: str) -> None:
    with pytest.raises(CommandError, match="NAME=PATH"):
        show("--adapter", adapter)


def test_without_vllm_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(CommandError, match=r"requirements-serving\.txt"):
        call_command("serve_model")
