"""Live versions of the toy task's prompt."""

from typing import Any

from registry.models import Prompt, PromptVersion
from registry.services.versions import create_version
from tests.factories import promote

BUNDLE: dict[str, Any] = {
    "system": "You greet.",
    "user": "Greet $name.",
    "engine": "default",
    "model": {"id": "google/gemma-4-E4B-it", "revision": "c0ffee"},
    "sampling": {"temperature": 0.2, "max_tokens": 64},
    "enable_thinking": False,
    "examples": [],
    "parameters": {"word": "Hello"},
}


def make_live(prompt: Prompt, **changes: Any) -> PromptVersion:
    """The next version of the toy's prompt, live."""
    version = create_version(prompt=prompt, bundle={**BUNDLE, **changes})
    promote(version)
    return version
