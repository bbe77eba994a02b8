"""Where a module can be changed at one point, and to what."""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

PAIRS = [
    "Lt LtE",
    "Gt GtE",
    "Eq NotEq",
    "Is IsNot",
    "In NotIn",
    "And Or",
    "Add Sub",
    "BitOr BitAnd",
]
SWAPS: dict[type[ast.AST], Any] = {
    getattr(ast, one): getattr(ast, other)
    for pair in PAIRS
    for one, other in (pair.split(), reversed(pair.split()))
}
QUERIES = {"filter", "exclude", "get", "order_by", "update"}
ANNOTATIONS = {"annotation", "returns"}
Place = ast.expr | ast.stmt | ast.keyword


@dataclass(frozen=True)
class Mutant:
    """One changed point; `name` says which, whatever its line: `function: old → new`."""

    name: str
    source: str


def list_mutants(source: str) -> Iterator[Mutant]:
    data, names = source.encode(), Counter[str]()
    lines = [0, *accumulate(len(line) for line in data.splitlines(keepends=True))]
    for scope, node, replacement in walk(ast.parse(source), "module"):
        start = lines[node.lineno - 1] + node.col_offset
        end = lines[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        old = " ".join(data[start:end].decode().split())
        name = f"{scope}: {old} → {replacement}"
        names[name] += 1
        name += f" ({names[name]})" if names[name] > 1 else ""
        yield Mutant(name, (data[:start] + replacement.encode() + data[end:]).decode())


def walk(node: ast.AST, scope: str) -> Iterator[tuple[str, Place, str]]:
    """Scope, node and what to put in its place. Not in annotations, nor in f-strings: before Python 3.12 their
    parts have no place in the source."""
    if isinstance(node, ast.JoinedStr):
        return
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        scope = node.name
    for changed, replacement in change(node):
        yield scope, changed, replacement
    for name, child in ast.iter_fields(node):
        if name not in ANNOTATIONS:
            for part in child if isinstance(child, list) else [child]:
                if isinstance(part, ast.AST):
                    yield from walk(part, scope)


def change(node: ast.AST) -> Iterator[tuple[Place, str]]:
    match node:
        case ast.Compare(ops=ops):
            for index, operator in enumerate(ops):
                swapped = [*ops[:index], SWAPS[type(operator)](), *ops[index + 1 :]]
                yield node, write(ast.Compare(node.left, swapped, node.comparators))
        case ast.BoolOp(op=operator, values=values):
            yield node, write(ast.BoolOp(SWAPS[type(operator)](), values))
            for index in range(len(values)):
                rest = values[:index] + values[index + 1 :]
                yield node, write(ast.BoolOp(operator, rest) if len(rest) > 1 else rest[0])
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in SWAPS:
            yield node, write(ast.BinOp(left, SWAPS[type(operator)](), right))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield node, write(operand)
        case ast.Call(func=ast.Attribute(attr=name), args=args, keywords=keywords) if (
            name in QUERIES
        ):
            yield from ((argument, "*()") for argument in args)
            yield from ((keyword, "**{}") for keyword in keywords)
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            yield node, repr(nudge(value))
        case ast.If(test=test) | ast.IfExp(test=test):
            yield test, "True"
            yield test, "False"
        case ast.comprehension(ifs=conditions):
            for condition in conditions:
                yield condition, "True"
        case ast.FunctionDef(body=body):
            yield from fall_through(body)


def write(expression: ast.expr) -> str:
    return f"({ast.unparse(expression)})"


def nudge(value: float) -> float:
    """A quarter more; of small whole numbers the next."""
    if isinstance(value, int):
        return max(round(value * 1.25), value + 1)
    return value * 1.25 if value else 0.25


def fall_through(body: list[ast.stmt]) -> Iterator[tuple[Place, str]]:
    """Without each statement that leaves a function early, or does something and answers with nothing."""
    for statement in (inner for part in body for inner in ast.walk(part)):
        is_effect = isinstance(statement, ast.Expr) and not isinstance(
            statement.value, ast.Constant
        )
        is_early = isinstance(statement, ast.Return) and statement is not body[-1]
        if is_effect or is_early or isinstance(statement, ast.Raise):
            assert isinstance(statement, ast.stmt)
            yield statement, "pass"
