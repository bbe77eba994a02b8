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


def build_obedient(python: Path, chats: list[dict[str, Any]]) -> Path:
    """A tiny Gemma 4, over-fitted on `chats`: their `messages`, and the `answer` to them.

    Its tokenizer has read them too: what they repeat, garment ids above all, is one token and soon learned.
    """
    folder = environment.environment_dir() / "checkpoints"
    digest = hashlib.sha256(json.dumps(chats).encode()).hexdigest()[:12]
    file, words = folder / f"chats-{digest}.json", folder / f"chats-{digest}.txt"
    file.write_text(json.dumps(chats))
    words.write_text("\n".join(read_words(chat) for chat in chats))
    gemma = build(python, HERE / "checkpoint.py", str(words))
    return build(python, HERE / "obedient.py", str(gemma), str(file))


def read_words(chat: dict[str, Any]) -> str:
    asked = [part for message in chat["messages"] for part in texts_of(message["content"])]
    return "\n".join([*asked, chat["answer"]])


def texts_of(content: str | list[dict[str, Any]]) -> list[str]:
    return [content] if isinstance(content, str) else [part.get("text", "") for part in content]


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
