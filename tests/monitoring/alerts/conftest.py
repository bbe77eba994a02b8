"""The toy task is the only one, and nobody is on the network."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.registry.conftest import fresh_process_state, greet, prompt

if TYPE_CHECKING:
    from registry.models import Prompt, PromptVersion

__all__ = ["fresh_process_state", "greet", "prompt"]


@pytest.fixture
def two(prompt: "Prompt", tmp_path: Path) -> "list[PromptVersion]":
    """Two versions that have passed and been live; the second one is."""
    from registry.services import releases
    from tests.registry.golden import evaluate, import_guests, make_draft, write_guests

    golden = import_guests(write_guests(tmp_path))
    versions = []
    for _ in range(2):
        version = make_draft(prompt)
        evaluate(version, golden)
        releases.promote_version(version=version, actor=None, reason="better")
        versions.append(version)
    return versions
