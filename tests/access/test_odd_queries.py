"""What nobody's form sends: a NUL in the place of a word that a page looks for."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from styling.models import Trip
from tests.access.test_access import alice, values

__all__ = ["alice", "values"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/looks/build/?slot=%00", "/trips/{trip_id}/?kind=%00"])
def test_no_page_of_a_wearer_breaks_on_a_nul(
    client: Client, alice: User, values: dict[str, Any], address: str
) -> None:
    client.force_login(alice)
    Trip.objects.update(status=Trip.Status.READY)
    assert client.get(address.format(**values)).status_code == 200


def test_nobody_signs_in_with_a_nul(client: Client, db: None) -> None:
    answer = client.post("/accounts/login/", {"username": "a\0@example.org", "password": "x\0"})
    assert answer.status_code == 200
    assert "Null characters are not allowed." in answer.text
