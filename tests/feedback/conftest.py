"""Django is not ready when this file is read: fixtures import what they need."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User
    from styling.models import Suggestion
    from wardrobe.models import Garment


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


@pytest.fixture
def garments(alice: "User") -> list["Garment"]:
    from tests.factories import make_garment

    return [make_garment(alice), make_garment(alice, slot="bottom", type="pants")]


@pytest.fixture
def outfit(alice: "User", garments: list["Garment"]) -> "Suggestion":
    """Of both garments, as the stylist answered for today."""
    from styling.models import OutfitPiece
    from tests.styling.conftest import ask_for_outfit

    suggestion = ask_for_outfit(alice, date=alice.today)
    for position, garment in enumerate(garments):
        OutfitPiece.objects.create(
            suggestion=suggestion, garment=garment, position=position, slot=garment.slot
        )
    suggestion.status = "ready"
    suggestion.save()
    return suggestion


@pytest.fixture
def page(alice: "User", client: "Client") -> "Client":
    """Alice's browser."""
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def clothes(alice: "User") -> list["Garment"]:
    """A whole outfit: a blue shirt, trousers, boots."""
    from tests.factories import make_garment

    return [
        make_garment(alice, name="Navy shirt"),
        make_garment(alice, name="Grey trousers", slot="bottom", type="pants", material="wool"),
        make_garment(alice, name="Brown boots", slot="shoes", type="boots", material="leather"),
    ]
