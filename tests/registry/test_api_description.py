"""The OpenAPI description says what the API does."""

import json
import re
from typing import Any

import openapi_spec_validator
import pytest
from django.test import Client
from django.urls import resolve

from registry import roles, urls
from registry.api import problems
from registry.models import Prompt
from tests.conftest import ROOT
from tests.registry.api_client import Program, make_member
from tests.registry.live import make_live

EXAMPLES = {"{name}": "greet", "{number}": "1", "{pk}": "1"}


def test_the_guide_names_every_problem() -> None:
    guide = (ROOT / "docs" / "automation.md").read_text()
    kinds = [kind for kind in vars(problems).values() if isinstance(kind, problems.Kind)]
    assert [kind.name for kind in kinds if f"`{kind.name}`" not in guide] == []
    assert len(kinds) > 15


@pytest.fixture
def description(client: Client) -> Any:
    return client.get("/api/v1/openapi.json").json()


def list_operations(description: Any) -> dict[str, Any]:
    """By their ids."""
    operations = [item for path in description["paths"].values() for item in path.values()]
    return {operation["operationId"]: operation for operation in operations}


def list_properties(description: Any, name: str) -> set[str]:
    return set(description["components"]["schemas"][name]["properties"])


def test_every_address_is_described_and_is_there(description: Any) -> None:
    assert description["openapi"] == "3.1.0"
    names = set()
    for path in description["paths"]:
        for parameter, value in EXAMPLES.items():
            path = path.replace(parameter, value)
        names.add(resolve(path).url_name)
    described = {pattern.name for pattern in urls.urlpatterns} - {"openapi-json", "api-root", None}
    assert names == described
    assert len(list_operations(description)) == 10


def test_the_description_is_valid_openapi(description: Any) -> None:
    openapi_spec_validator.validate(description)


def test_every_operation_takes_a_token_and_names_its_permission(description: Any) -> None:
    for operation in list_operations(description).values():
        assert operation["security"] == [{"BearerToken": []}]
        assert {"401", "403"} <= set(operation["responses"])
        assert re.search(r"takes the permission `registry\.\w+`", operation["description"])
    scheme = description["components"]["securitySchemes"]["BearerToken"]
    assert scheme == {"type": "http", "scheme": "bearer"}


def test_every_reference_leads_somewhere(description: Any) -> None:
    referred = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(description)))
    assert referred == set(description["components"]["schemas"])


def test_parameters_of_an_address_are_those_in_it(description: Any) -> None:
    for path, methods in description["paths"].items():
        for operation in methods.values():
            inside = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
            assert inside == set(re.findall(r"{(\w+)}", path))


def test_problems_and_permissions_are_named(description: Any) -> None:
    promote = list_operations(description)["promote"]
    assert set(promote["responses"]) == {"200", "401", "403", "404", "409", "413", "415", "422"}
    assert "urn:dresscode:problem:not-passed" in promote["responses"]["422"]["description"]
    assert "`registry.promote_prompt`" in promote["description"]
    body = description["components"]["schemas"]["Promotion"]
    assert set(body["required"]) == {"version", "reason", "expected_epoch"}


def test_the_query_of_the_history_is_described(description: Any) -> None:
    parameters = list_operations(description)["list_history"]["parameters"]
    assert [p["name"] for p in parameters] == ["name", "before", "limit"]


@pytest.mark.django_db
def test_answers_have_what_is_described(description: Any, prompt: Prompt) -> None:
    make_live(prompt)
    program = Program(make_member(roles.AUTHOR))
    answer = program.get("prompts/greet/versions/1")[1]
    assert set(answer) == list_properties(description, "VersionDetail")
    problem = program.get("prompts/oracle")[1]
    assert {*problem} - {"kind"} <= list_properties(description, "Problem")
