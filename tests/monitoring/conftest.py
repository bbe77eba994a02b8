"""A stylist that is live, and an operator who looks at the pages."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from registry.models import PromptVersion


@pytest.fixture
def live(db: None) -> "PromptVersion":
    from tests.factories import make_version, promote

    version = make_version("suggest_outfit")
    promote(version)
    return version


@pytest.fixture
def operator(client: "Client", db: None) -> "Client":
    from tests.factories import make_operator

    client.force_login(make_operator())
    return client
