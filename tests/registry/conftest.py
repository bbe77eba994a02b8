"""Django is not ready when this file is read: fixtures import what they need."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from pytest_django.fixtures import Settings

if TYPE_CHECKING:
    from registry.models import Prompt


SAME = 1_000_000
"""The toy prompt's key in each test, so that rows that refer to it can be recalled."""


@pytest.fixture(autouse=True)
def fresh_process_state() -> Iterator[None]:
    """What a process remembers must not outlive a test."""
    from registry import tasks
    from registry.engines import get_engine

    yield
    get_engine.cache_clear()
    tasks.all_tasks.cache_clear()


@pytest.fixture
def greet(settings: Settings) -> None:
    """The toy is the only task there is."""
    from registry import tasks

    settings.INFERENCE_TASKS = ["tests.registry.toy.Greet"]
    tasks.all_tasks.cache_clear()


@pytest.fixture
def prompt(greet: None, db: None) -> "Prompt":
    from registry.models import Prompt

    return Prompt.objects.create(pk=SAME, name="greet")
