"""Django is not ready when this file is read: fixtures import what they need."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User


@pytest.fixture
def words(db: None) -> Iterator[None]:
    """The vocabulary of the fixtures."""
    from tests.factories import load_vocabulary
    from wardrobe import vocabulary

    load_vocabulary()
    vocabulary.forget()
    yield
    vocabulary.forget()


@pytest.fixture
def alice(words: None) -> "User":
    """A wearer who has consented."""
    from feedback.services.consents import give_consent
    from tests.factories import make_user

    user = make_user("alice@example.org")
    give_consent(user)
    return user


@pytest.fixture
def as_operator(client: "Client") -> "Client":
    from tests.factories import make_operator

    client.force_login(make_operator(), backend="django.contrib.auth.backends.ModelBackend")
    return client
