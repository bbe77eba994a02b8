from pathlib import Path

import django
import pytest
from django.test import Client
from pytest_django.fixtures import Settings

# Named on the command line, this file is read before pytest-django has set Django up.
django.setup()

from accounts.models import User  # noqa: E402
from tests.factories import load_prompts, make_user  # noqa: E402


@pytest.fixture
def alice(words: None) -> User:
    return make_user("alice@example.org", first_name="Alice")


@pytest.fixture
def charlie(words: None) -> User:
    """An outsider: nothing of Alice's exists for him."""
    return make_user("charlie@example.org", first_name="Charlie")


@pytest.fixture
def as_alice(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def as_charlie(charlie: User) -> Client:
    client = Client()
    client.force_login(charlie)
    return client


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    """An empty folder for photos."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def digitizing(words: None, media: Path) -> None:
    """All that a worker needs to make garments of a photo."""
    load_prompts()
