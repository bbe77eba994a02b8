"""The checkpoints of the tests, built in vLLM's environment and kept beside it."""

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

from tests.vllm import environment

HERE = Path(__file__).resolve().parent
PROMPTS = sorted((HERE.parent.parent / "fixtures" / "prompts").glob("*.md"))


def build_gemma(python: Path) -> Path:
    """The tiny Gemma 4, with a tokenizer of our own prompts."""
    return build(python, HERE / "checkpoint.py", *map(str, PROMPTS))


def build_adapter(python: Path, gemma: Path) -> Path:
    """A LoRA adapter for it."""
    return build(python, HERE / "adapter.py", str(gemma))


def build_caller(python: Path, gemma: Path) -> Path:
    """The tiny Gemma 4, over-fitted to call a tool."""
    return build(python, HERE / "caller.py", str(gemma))


def build_obedient(python: Path, gemma: Path, chats: list[dict[str, Any]]) -> Path:
    """The tiny Gemma 4, over-fitted on `chats`: their `messages`, and the `answer` to them."""
    text = json.dumps(chats)
    name = f"chats-{hashlib.sha256(text.encode()).hexdigest()[:12]}.json"
    file = environment.environment_dir() / "checkpoints" / name
    file.write_text(text)
    return build(python, HERE / "obedient.py", str(gemma), str(file))


def build_siglip(python: Path) -> Path:
    """A tiny SigLIP, for embeddings."""
    return build(python, HERE / "siglip.py")


def build(python: Path, script: Path, *arguments: str) -> Path:
    """What `script` writes, made once for each change of what makes it."""
    content = hashlib.sha256(script.read_bytes())
    for file in (HERE / "chat_template.jinja", HERE / "caller.py", *PROMPTS):
        content.update(file.read_bytes())
    for argument in arguments:
        content.update(argument.encode())
    out = (
        environment.environment_dir() / "checkpoints" / f"{script.stem}-{content.hexdigest()[:12]}"
    )
    if not (out / "finished").exists():
        command = [str(python), str(script), str(out), *arguments]
        subprocess.run(command, check=True, capture_output=True, text=True)
        (out / "finished").touch()
    return out
