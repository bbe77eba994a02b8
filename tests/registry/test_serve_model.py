"""The command that serves the model."""

import shlex
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from registry.engines.serving import SIZES


def show(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("serve_model", "--print", *arguments, stdout=out)
    return shlex.split(out.getvalue())


@pytest.mark.parametrize("size", SIZES)
def test_every_size_has_a_command(size: str) -> None:
    command = show("--size", size)
    assert command[:3] == ["vllm", "serve", SIZES[size].model]
    assert command[command.index("--tensor-parallel-size") + 1] == str(SIZES[size].gpus)


def test_adapters_are_named_after_one_flag() -> None:
    command = show("--adapter", "a=/lora/a", "--adapter", "b=/lora/b")
    assert command[-4:] == ["--enable-lora", "--lora-modules", "a=/lora/a", "b=/lora/b"]


def test_model_and_port_are_those_of_the_settings(settings: Any) -> None:
    options = {"base_url": "http://gpu.example.org:8123/v1", "model": SIZES["31b"].model}
    settings.INFERENCE_ENGINES = {"vllm": {"OPTIONS": options}}
    command = show()
    assert command[2] == SIZES["31b"].model
    assert command[command.index("--port") + 1] == "8123"


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
