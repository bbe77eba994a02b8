"""A program that talks to the HTTP API in somebody's name."""

import json
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from registry import roles
from registry.services import tokens
from tests.factories import make_user

REGISTRY = "/api/v1/registry/"


class Program:
    def __init__(self, owner: User) -> None:
        self.owner = owner
        _, self.token = tokens.make_token(owner=owner, name="a test", days=1)
        self.client = Client(enforce_csrf_checks=True)

    def get(self, path: str, **query: Any) -> tuple[int, Any]:
        return self.read(self.client.get(REGISTRY + path, query, headers=self.authorization))

    def post(self, path: str, body: object = None, content_type: str = "") -> tuple[int, Any]:
        """A `str` goes as the text of a prompt file, anything else as JSON."""
        is_text = isinstance(body, str | bytes)
        kind = content_type or ("text/markdown" if is_text else "application/json")
        content = body if is_text else json.dumps(body)
        return self.read(
            self.client.post(
                REGISTRY + path, content, content_type=kind, headers=self.authorization
            )
        )

    @property
    def authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def read(self, response: Any) -> tuple[int, Any]:
        """The status and the JSON; errors have the one form that they have."""
        content = json.loads(response.content)
        if response.status_code >= 400:
            assert response["Content-Type"] == "application/problem+json"
            assert content["status"] == response.status_code
            content["kind"] = content["type"].removeprefix("urn:dresscode:problem:")
        return response.status_code, content


def make_member(role: str, email: str = "rui@example.org") -> User:
    """An operator in one of the groups that migrating makes."""
    roles.make_roles()
    member = make_user(email, is_staff=True)
    member.groups.add(Group.objects.get(name=role))
    return member
