"""The commands that serve a Gemma 4 and a model of embeddings for us: sizes, memory, flags and the reasons for them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ModelSize:
    """`weights_gb`: GB of memory in bfloat16, by Google's table (ai.google.dev/gemma/docs/core);
    `gpus`: cards of 80 GB that hold them and a useful cache."""

    model: str
    weights_gb: float
    gpus: int = 1


SIZES = {
    "e2b": ModelSize("google/gemma-4-E2B-it", 11.4),
    "e4b": ModelSize("google/gemma-4-E4B-it", 17.9),
    "12b": ModelSize("google/gemma-4-12B-it", 26.7),
    "26b-a4b": ModelSize("google/gemma-4-26B-A4B-it", 57.7),
    "31b": ModelSize("google/gemma-4-31B-it", 69.9, gpus=2),
}

CONTEXT = 16_384
"""Tokens: a wardrobe of 8,000, a system prompt, and the answer, with room to grow."""


def build_command(
    size: ModelSize,
    *,
    revision: str,
    host: str = "127.0.0.1",
    port: int = 8000,
    gpus: int | None = None,
    max_model_len: int = CONTEXT,
    gpu_memory_utilization: float = 0.90,
    adapters: Sequence[str] = (),
    fp8_cache: bool = False,
) -> list[str]:
    """The arguments of `vllm serve`. `adapters` are NAME=PATH pairs of LoRA weights.

    vLLM reports no revision, so that the name it serves under says the commit of the weights.
    """
    command = ["vllm", "serve", size.model, "--revision", revision]
    command += ["--served-model-name", f"{size.model}@{revision}"]
    command += ["--host", host, "--port", str(port)]
    command += ["--max-model-len", str(max_model_len)]
    command += ["--gpu-memory-utilization", f"{gpu_memory_utilization:g}"]
    command += ["--tensor-parallel-size", str(gpus or size.gpus)]
    # A photo behind three examples (MOST_PICTURES) a request; data URIs only: vLLM must not fetch what a prompt names.
    command += ["--limit-mm-per-prompt", dump({"image": 4, "audio": 0})]
    command += ["--allowed-media-domains", "none.invalid"]
    # Ours decide: the model's own generation_config would override a version's sampling.
    command += ["--generation-config", "vllm"]
    command += ["--structured-outputs-config", dump(STRUCTURED)]
    command += ["--reasoning-parser", "gemma4", "--tool-call-parser", "gemma4"]
    command += ["--enable-auto-tool-choice", "--async-scheduling"]
    if fp8_cache:
        command += ["--kv-cache-dtype", "fp8"]
    if adapters:
        named = [adapter.replace("=", f"@{revision}=", 1) for adapter in adapters]
        command += ["--enable-lora", "--lora-modules", *named]
    return command


def build_embeddings_command(
    model: str,
    *,
    host: str = "127.0.0.1",
    port: int = 8001,
    gpu_memory_utilization: float = 0.05,
) -> list[str]:
    """The arguments of `vllm serve` for a SigLIP: vectors of one picture a request."""
    command = ["vllm", "serve", model, "--runner", "pooling", "--host", host, "--port", str(port)]
    command += ["--gpu-memory-utilization", f"{gpu_memory_utilization:g}"]
    command += ["--limit-mm-per-prompt", dump({"image": 1})]
    return [*command, "--allowed-media-domains", "none.invalid"]


STRUCTURED = {"backend": "xgrammar", "disable_any_whitespace": True}


def find_size(model: str) -> str:
    """The size whose model this is, `@` whatever revision; the default one for any other."""
    model = model.partition("@")[0]
    return next((name for name, size in SIZES.items() if size.model == model), "e4b")


def dump(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
