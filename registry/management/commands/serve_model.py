"""Serve a Gemma 4, or a model of embeddings, with vLLM on this machine's GPU, or show the command that
does."""

import os
import shlex
import shutil
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from registry.engines.serving import (
    CONTEXT,
    SIZES,
    build_command,
    build_embeddings_command,
    find_size,
)


class Command(BaseCommand):
    help = (
        "Serves a Gemma 4 with vLLM, or prints the command with --print. Model and port are those of "
        "VLLM_MODEL and VLLM_BASE_URL; vLLM itself asks for the key in VLLM_API_KEY. With --embeddings it "
        "is the model of EMBEDDINGS_MODEL, at EMBEDDINGS_BASE_URL."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        options = settings.INFERENCE_ENGINES["vllm"]["OPTIONS"]
        parser.add_argument("--size", choices=SIZES, default=find_size(options["model"]))
        parser.add_argument(
            "--revision", help="the commit of the weights; that of VLLM_MODEL unless given"
        )
        parser.add_argument("--print", action="store_true", help="show the command, run nothing")
        parser.add_argument(
            "--embeddings", action="store_true", help="the model of similar garments, not Gemma 4"
        )
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int)
        parser.add_argument("--gpus", type=int, help="cards to spread the model over")
        parser.add_argument("--max-model-len", type=int, default=CONTEXT, help="tokens of context")
        parser.add_argument("--gpu-memory-utilization", type=float)
        parser.add_argument("--adapter", action="append", default=[], metavar="NAME=PATH")
        parser.add_argument("--fp8-cache", action="store_true", help="half the cache's memory")

    def handle(self, **options: Any) -> None:
        command = self.build(options)
        if options["print"]:
            self.stdout.write(shlex.join(command))
            return
        program = shutil.which(command[0])
        if program is None:
            raise CommandError(
                "vLLM is not installed here. On the host with the GPU: "
                "pip install -r requirements-serving.txt"
            )
        os.execv(program, command)

    def build(self, options: dict[str, Any]) -> list[str]:
        if options["embeddings"]:
            configured = settings.EMBEDDINGS
            return build_embeddings_command(
                configured["model"],
                host=options["host"],
                port=options["port"] or find_port(configured["base_url"]) or 8001,
                gpu_memory_utilization=options["gpu_memory_utilization"] or 0.05,
            )
        for adapter in options["adapter"]:
            if not all(adapter.partition("=")):
                raise CommandError(f"--adapter wants NAME=PATH, not {adapter!r}")
        configured = settings.INFERENCE_ENGINES["vllm"]["OPTIONS"]
        return build_command(
            SIZES[options["size"]],
            revision=options["revision"] or find_revision(options["size"], configured["model"]),
            host=options["host"],
            port=options["port"] or find_port(configured["base_url"]) or 8000,
            gpus=options["gpus"],
            max_model_len=options["max_model_len"],
            gpu_memory_utilization=options["gpu_memory_utilization"] or 0.90,
            adapters=options["adapter"],
            fp8_cache=options["fp8_cache"],
        )


def find_revision(size: str, model: str) -> str:
    """That of the configured model, if this is its size. Raises CommandError."""
    revision = model.partition("@")[2]
    if size != find_size(model) or not revision:
        raise CommandError(
            f"--revision is needed: the commit of {SIZES[size].model} that versions name as "
            "`revision` under [model]"
        )
    return revision


def find_port(url: str) -> int | None:
    return urlsplit(url).port
