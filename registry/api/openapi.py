"""The description of the API as OpenAPI 3.1, made of the table that it runs by."""

import re
from functools import cache
from http import HTTPStatus
from itertools import groupby
from typing import Any

from django.http import HttpRequest, JsonResponse
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from registry.api.endpoints import ENDPOINTS, Endpoint, get_route
from registry.api.problems import FORBIDDEN, UNAUTHENTICATED, Kind, Problem

Schema = dict[str, Any]

PREFIX = "/api/v1/registry/"
PARAMETER = re.compile(r"<(?P<type>\w+):(?P<name>\w+)>")
PARAMETER_SCHEMAS: dict[str, Schema] = {
    "int": {"type": "integer", "minimum": 0},
    "slug": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
}
INFO = {
    "title": "Dresscode registry",
    "version": "1",
    "description": (
        "What operators do in the admin, for programs. A token acts for its owner, with the owner’s "
        "permissions. Errors are RFC 9457 problem details; their `type` says which one it is."
    ),
}


def show_description(request: HttpRequest) -> JsonResponse:
    """For everybody: it says nothing that the source does not."""
    return JsonResponse(describe_api())


@cache
def describe_api() -> Schema:
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": describe_paths(),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": describe_schemas(),
        },
    }


def describe_schemas() -> Schema:
    """Those that are sent as they are read, those that are answered as they are written."""
    sent = {e.body for e in ENDPOINTS if e.body and e.body is not str}
    answered: set[Any] = {Problem, *(e.answer for e in ENDPOINTS)}
    models: list[Any] = [(m, "validation") for m in sent]
    models += [(m, "serialization") for m in answered]
    models.sort(key=lambda item: item[0].__name__)
    _, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")
    definitions: Schema = schemas["$defs"]
    return definitions


def describe_paths() -> Schema:
    by_route = groupby(sorted(ENDPOINTS, key=get_route), key=get_route)
    return {
        PREFIX + PARAMETER.sub(r"{\g<name>}", route): {
            endpoint.method.lower(): describe_endpoint(endpoint) for endpoint in endpoints
        }
        for route, endpoints in by_route
    }


def describe_endpoint(endpoint: Endpoint) -> Schema:
    summary, _, more = (endpoint.operate.__doc__ or "").partition("\n")
    permission = f"It takes the permission `{endpoint.permission}`."
    described: Schema = {
        "operationId": endpoint.name,
        "summary": summary,
        "description": "\n\n".join(part for part in (clean(more), permission) if part),
        "parameters": [*describe_route(endpoint.route), *describe_query(endpoint.query)],
        "responses": describe_responses(endpoint),
    }
    if endpoint.body is not None:
        described["requestBody"] = {"required": True, "content": describe_body(endpoint.body)}
    return described


def clean(text: str) -> str:
    return " ".join(text.split())


def describe_route(route: str) -> list[Schema]:
    return [
        {
            "name": found["name"],
            "in": "path",
            "required": True,
            "schema": PARAMETER_SCHEMAS[found["type"]],
        }
        for found in PARAMETER.finditer(route)
    ]


def describe_query(query: type[BaseModel] | None) -> list[Schema]:
    if query is None:
        return []
    fields = query.model_json_schema()["properties"]
    return [{"name": name, "in": "query", "schema": schema} for name, schema in fields.items()]


def describe_body(body: type[BaseModel] | type[str]) -> Schema:
    if issubclass(body, BaseModel):
        return {"application/json": {"schema": refer(body)}}
    text = {"schema": {"type": "string", "description": "The text of a prompt file."}}
    return {"text/markdown": text, "text/plain": text}


def describe_responses(endpoint: Endpoint) -> Schema:
    content = {"application/json": {"schema": refer(endpoint.answer)}}
    done = {
        str(status): {"description": HTTPStatus(status).phrase, "content": content}
        for status in endpoint.statuses
    }
    return {**done, **describe_problems((UNAUTHENTICATED, FORBIDDEN, *endpoint.problems))}


def describe_problems(kinds: tuple[Kind, ...]) -> Schema:
    content = {"application/problem+json": {"schema": refer(Problem)}}
    return {
        str(status): {
            "description": "; ".join(f"`{kind.type}`: {kind.title}" for kind in same),
            "content": content,
        }
        for status, same in groupby(sorted(kinds, key=get_status), key=get_status)
    }


def get_status(kind: Kind) -> int:
    return kind.status


def refer(model: type[BaseModel]) -> Schema:
    return {"$ref": f"#/components/schemas/{model.__name__}"}
