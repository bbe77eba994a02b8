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
    from tests.recalling import recall
    from tests.registry.golden import pass_and_promote, recall_guests

    golden = recall_guests(tmp_path)
    return recall("two versions", lambda: [pass_and_promote(prompt, golden) for _ in range(2)])
