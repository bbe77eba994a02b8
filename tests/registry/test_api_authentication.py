"""Who the HTTP API lets in."""

import json
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client

from registry import roles
from registry.models import ApiToken, Prompt
from registry.services import tokens
from tests.factories import make_operator
from tests.registry.api_client import REGISTRY, Program, make_member

pytestmark = pytest.mark.django_db

ADDRESS = f"{REGISTRY}prompts"


def ask(authorization: str | None) -> tuple[int, str]:
    headers: dict[str, Any] = {"Authorization": authorization} if authorization is not None else {}
    response = Client().get(ADDRESS, headers=headers)
    assert response["Cache-Control"] == "no-store"
    return response.status_code, response.headers.get("WWW-Authenticate", "")


def test_a_token_opens_the_api_and_its_use_is_noted() -> None:
    program = Program(make_member(roles.AUTHOR))
    assert ask(f"bearer {program.token}")[0] == 200
    assert ApiToken.objects.get().last_used_at is not None


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Basic cnVpOnJ1aQ==", "Token x"])
def test_without_a_token_the_api_asks_for_one(authorization: str | None) -> None:
    assert ask(authorization) == (401, 'Bearer realm="dresscode"')


@pytest.mark.parametrize("guess", [tokens.PREFIX + "x" * 43, "x", "\xff", "a b", "' OR 1=1"])
def test_a_wrong_token_opens_nothing(guess: str) -> None:
    make_member(roles.AUTHOR)
    assert ask(f"Bearer {guess}")[0] == 401


def test_the_digest_is_no_token() -> None:
    Program(make_member(roles.AUTHOR))
    assert ask(f"Bearer {ApiToken.objects.get().sha256}")[0] == 401


def test_an_expired_and_a_revoked_token_open_nothing() -> None:
    program = Program(make_member(roles.AUTHOR))
    ApiToken.objects.update(created_at="2026-01-01T00:00Z", expires_at=Now())
    assert ask(f"Bearer {program.token}") == (
        401,
        'Bearer realm="dresscode", error="invalid_token"',
    )
    program = Program(make_operator())
    tokens.revoke_token(ApiToken.objects.get(owner__is_superuser=True))
    assert ask(f"Bearer {program.token}")[0] == 401


def test_a_closed_account_takes_its_tokens_with_it() -> None:
    owner = make_member(roles.AUTHOR)
    program = Program(owner)
    owner.is_active = False
    owner.save()
    assert program.get("prompts")[0] == 401


def test_signing_in_does_not_open_the_api(client: Client) -> None:
    client.force_login(make_operator())
    assert client.get(ADDRESS).status_code == 401


def test_an_operator_no_more_may_do_nothing() -> None:
    owner = make_member(roles.RELEASER)
    program = Program(owner)
    owner.is_staff = False
    owner.save()
    assert program.get("prompts")[0] == 403


def test_a_permission_taken_away_counts_at_once(prompt: Prompt) -> None:
    owner = make_member(roles.AUTHOR)
    program = Program(owner)
    assert program.get("prompts")[0] == 200
    owner.groups.clear()
    status, problem = program.get("prompts")
    assert (status, problem["kind"]) == (403, "forbidden")
    assert "registry.view_prompt" in problem["detail"]


def test_the_log_names_the_token_that_acts_and_does_not_hold_it(
    caplog: pytest.LogCaptureFixture, prompt: Prompt
) -> None:
    program = Program(make_member(roles.EVALUATOR))
    with caplog.at_level("INFO"):
        program.post("prompts/greet/versions/1/evaluations")
    token = ApiToken.objects.get()
    line = f"token {token.pk}: POST {REGISTRY}prompts/greet/versions/1/evaluations"
    assert line in caplog.messages
    assert program.token not in caplog.text


def test_what_breaks_is_a_problem_that_the_log_explains(
    monkeypatch: pytest.MonkeyPatch, prompt: Prompt
) -> None:
    monkeypatch.delattr("registry.selectors.live_at")
    program = Program(make_member(roles.AUTHOR))
    program.client.raise_request_exception = False
    status, problem = program.get("prompts/greet/live")
    assert (status, problem["kind"]) == (500, "broken")
    assert problem["detail"].startswith("Request ")


def test_what_is_not_there_is_a_problem_too() -> None:
    program = Program(make_member(roles.AUTHOR))
    assert program.get("nothing")[1]["kind"] == "not-found"
    assert program.client.get("/api/v1/")["Content-Type"] == "application/problem+json"
    response = program.client.delete(ADDRESS, headers=program.authorization)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert json.loads(response.content)["type"] == "urn:dresscode:problem:method-not-allowed"
    assert program.client.head(ADDRESS, headers=program.authorization).status_code == 200
