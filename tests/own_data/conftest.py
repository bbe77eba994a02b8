"""Django is not ready when this file is read: fixtures import what they need."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def alice(words: None) -> "User":
    """A wearer with something of everything."""
    from tests.own_data.wearers import make_wearer

    return make_wearer("alice@example.org")


@pytest.fixture
def charlie(words: None) -> "User":
    from tests.factories import make_user

    return make_user("charlie@example.org")


@pytest.fixture
def page(alice: "User", client: "Client") -> "Client":
    """Alice's browser."""
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return client
