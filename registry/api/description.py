"""What ninja's OpenAPI description lacks: problems, permissions, and one entry for GET and its HEAD."""

from collections.abc import Callable, Iterable
from itertools import groupby
from operator import attrgetter
from typing import Any

from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.operation import Operation
from ninja.types import TCallable

from registry.api.problems import (
    FORBIDDEN,
    INVALID,
    NOT_FOUND,
    TOO_LARGE,
    UNAUTHENTICATED,
    UNSUPPORTED_TYPE,
    Kind,
    Problem,
)

Json = dict[str, Any]

PROBLEMS_OF_PARAMETERS: dict[str, tuple[Kind, ...]] = {
    "path": (NOT_FOUND,),
    "query": (INVALID,),
    "body": (TOO_LARGE, UNSUPPORTED_TYPE, INVALID),
}
STATUS = attrgetter("status")


def refuses(*kinds: Kind) -> Callable[[TCallable], TCallable]:
    """Say what an operation can end in, besides what its token and its parameters can."""

    def say(operate: TCallable) -> TCallable:
        operate.problems = kinds  # type: ignore[attr-defined]
        return operate

    return say


def list_problems(operation: Operation) -> list[Kind]:
    kinds = [UNAUTHENTICATED, FORBIDDEN]
    for parameters in operation.models:
        kinds += PROBLEMS_OF_PARAMETERS[str(parameters.__ninja_param_source__)]
    return [*kinds, *getattr(operation.view_func, "problems", ())]


def describe_problems(kinds: Iterable[Kind]) -> dict[int, Json]:
    schema = {"$ref": REF_TEMPLATE.format(model="Problem")}
    return {
        status: {
            "description": "; ".join(f"`{kind.type}`: {kind.title}" for kind in same),
            "content": {"application/problem+json": {"schema": schema}},
        }
        for status, same in groupby(sorted(kinds, key=STATUS), key=STATUS)
    }


class Description(OpenAPISchema):
    def methods(self, operations: list[Operation]) -> Json:
        described: Json = super().methods(operations)
        described.pop("head", None)
        return described

    def operation_details(self, operation: Operation) -> Json:
        token: Any = operation.auth_callbacks[0]
        details = super().operation_details(operation)
        details["description"] += f"\n\nIt takes the permission `{token.permission}`."
        return details

    def operation_parameters(self, operation: Operation) -> list[Json]:
        """Without keeping the models of queries, of which ninja shows nothing but the fields."""
        kept, self.schemas = self.schemas, {}
        parameters = super().operation_parameters(operation)
        self.schemas = kept
        return parameters

    def responses(self, operation: Operation) -> dict[int, Json]:
        return {**super().responses(operation), **describe_problems(list_problems(operation))}

    def get_components(self) -> Json:
        problem = Problem.model_json_schema(ref_template=REF_TEMPLATE)
        self.add_schema_definitions({**problem.pop("$defs"), "Problem": problem})
        return super().get_components()
