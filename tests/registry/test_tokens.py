"""Tokens of the HTTP API: made in a shell, shown once, listed and revoked in the admin."""

import hashlib
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from registry.models import ApiToken
from registry.services import tokens
from tests.factories import make_operator, make_user

pytestmark = pytest.mark.django_db

LIST = reverse("admin:registry_apitoken_changelist")


def make_member(email: str) -> User:
    return make_user(email, is_staff=True)


def make_token(owner: User, name: str = "CI") -> tuple[ApiToken, str]:
    return tokens.make_token(owner=owner, name=name, days=30)


def run_command(username: str, **options: object) -> str:
    out = StringIO()
    call_command("make_token", username, stdout=out, stderr=StringIO(), **options)
    return out.getvalue().strip()


def revoke(client: Client, *chosen: ApiToken) -> None:
    picked = [str(token.pk) for token in chosen]
    client.post(LIST, {"action": "revoke", "_selected_action": picked})


def test_a_shell_makes_one_and_shows_it_once() -> None:
    make_member("rui@example.org")
    text = run_command("rui@example.org", name="CI", days=30)
    token = ApiToken.objects.get()
    assert token.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert timedelta(days=29) < token.expires_at - timezone.now() <= timedelta(days=30)
    assert len(text) == len(tokens.PREFIX) + 43
    assert text not in str(ApiToken.objects.values())


@pytest.mark.parametrize(
    ("username", "options", "said"),
    [
        ("nobody@example.org", {"name": "CI"}, "no user"),
        ("wearer@example.org", {"name": "CI"}, "may not sign in to the admin"),
        ("rui@example.org", {"name": "CI", "days": 0}, "1 to 366 days"),
        ("rui@example.org", {"name": "CI", "days": 367}, "1 to 366 days"),
        ("rui@example.org", {"name": " "}, "has a name"),
    ],
)
def test_a_shell_says_why_it_makes_none(
    username: str, options: dict[str, object], said: str
) -> None:
    make_member("rui@example.org"), make_user("wearer@example.org")
    with pytest.raises(CommandError, match=said):
        run_command(username, **options)
    assert not ApiToken.objects.exists()


def test_a_token_is_found_by_its_whole_text_alone() -> None:
    token, text = make_token(make_member("rui@example.org"))
    assert tokens.find_token(text) == token
    assert tokens.find_token(text[:-1]) is None
    assert tokens.find_token(token.sha256) is None


def test_the_database_keeps_no_token_without_an_end() -> None:
    owner = make_member("rui@example.org")
    with pytest.raises(IntegrityError, match="api_token_expires"):
        ApiToken.objects.create(owner=owner, name="CI", sha256="0" * 64, expires_at=Now())


def test_its_use_is_noted_once_a_minute() -> None:
    token, _ = make_token(make_member("rui@example.org"))
    tokens.note_use(token)
    token.refresh_from_db()
    first = token.last_used_at
    tokens.note_use(token)
    token.refresh_from_db()
    assert first is not None and token.last_used_at == first


def test_bob_sees_and_revokes_his_own_alone(client: Client) -> None:
    bob, alice = make_member("bob@example.org"), make_member("alice@example.org")
    (his, _), (hers, _) = make_token(bob, "nightly"), make_token(alice, "laptop")
    client.force_login(bob)
    page = client.get(LIST).content.decode()
    assert "nightly" in page and "laptop" not in page
    revoke(client, his, hers)
    assert set(ApiToken.objects.valid()) == {hers}
    assert client.get(reverse("admin:registry_apitoken_change", args=[hers.pk])).status_code == 302


def test_a_superuser_revokes_anybodys_and_it_is_in_the_log(client: Client) -> None:
    token, text = make_token(make_member("bob@example.org"))
    client.force_login(make_operator())
    revoke(client, token)
    assert tokens.find_token(text) is None
    page = client.get(reverse("admin:registry_apitoken_history", args=[token.pk]))
    assert "Revoked" in page.content.decode()


def test_a_wearer_gets_no_list_of_tokens(client: Client) -> None:
    client.force_login(make_user())
    assert client.get(LIST).status_code == 302
