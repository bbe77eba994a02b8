"""Queries of the ORM that are written as SQL once and run with other values ever after.

Writing the SQL of one of ours takes Django up to ten times as long as PostgreSQL takes to answer it. What is asked for
every answer is therefore built once a process, with stand-ins, and remembered.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, ForeignKey, Lookup, Model, QuerySet
from django.db.models.expressions import DatabaseDefault
from django.db.models.sql.compiler import SQLCompiler


@Field.register_lookup
class OneOf(Lookup[Any]):
    """`pk__one_of=[…]`: as `in`, with one parameter however many values there are.

    Of an `ArraySubquery` it is asked once, before the rows are looked for. Beside an `or` PostgreSQL finds them by their
    indexes then, where an `in` has it read the whole table.
    """

    lookup_name = "one_of"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        left, params = self.process_lhs(compiler, connection)
        if hasattr(self.rhs, "as_sql"):
            right, right_params = compiler.compile(self.rhs)
            return f"{left} = ANY({right})", [*params, *right_params]
        return f"{left} = ANY(%s)", [*params, [*self.rhs]]


ForeignKey.register_lookup(OneOf)

STAND_INS: dict[type, Callable[[int], Any]] = {
    int: lambda place: 32_000 + place,
    str: lambda place: f"stand-in-{place}",
    date: lambda place: date(8000, 1, 1 + place),
    datetime: lambda place: datetime(8000, 1, 1 + place, tzinfo=UTC),
    UUID: lambda place: UUID(int=32_000 + place),
    list: lambda place: [UUID(int=64_000 + place)],
}
"""By a value's place among the others: what no query of ours holds by itself, and any column takes. `list` is of UUIDs,
for `one_of`."""


def get_connection() -> Any:
    """This thread's, itself: `django.db.connection` looks for it at each of its attributes."""
    return connections[DEFAULT_DB_ALIAS]


@dataclass(frozen=True)
class Question:
    """SQL that answers with rows, and what these are read as."""

    sql: str
    params: Sequence[Any]
    read: Callable[[list[tuple[Any, ...]]], list[Any]] = list


@contextmanager
def sent_together() -> Iterator[None]:
    """What is executed inside goes to PostgreSQL in one round trip. What is fetched inside is waited for; rows that nobody
    fetched are there behind it, and a fault of any of it is raised at its end. Outside a transaction it is one of its own:
    PostgreSQL stores all of it or nothing."""
    connection = get_connection()
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def ask_together(*questions: Question) -> list[list[Any]]:
    """The answer to each, in one round trip."""
    connection = get_connection()
    cursors = [connection.cursor() for _ in questions]
    with sent_together():
        for question, cursor in zip(questions, cursors, strict=True):
            cursor.execute(question.sql, question.params)
    return [
        question.read(cursor.fetchall())
        for question, cursor in zip(questions, cursors, strict=True)
    ]


class Statement:
    """`build` makes a queryset of as many values as there are `kinds` (types of `STAND_INS`): it is asked once, so it
    may look at nothing else, and at no value itself. Each value must be a parameter of the SQL as it is."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *kinds: type) -> None:
        self._build, self._kinds = build, kinds
        self._made: tuple[QuerySet[Any, Any], SQLCompiler, str, list[Any]] | None = None

    def __call__(self, *values: Any) -> list[Any]:
        """What the queryset would hold for these values."""
        question = self.of(*values)
        with get_connection().cursor() as cursor:
            cursor.execute(question.sql, question.params)
            return question.read(cursor.fetchall())

    def of(self, *values: Any) -> Question:
        """The question that it is for these values."""
        _, _, sql, places = self._made or self._make()
        return Question(sql, tuple(place(values) for place in places), self._read)

    def _read(self, found: list[tuple[Any, ...]]) -> list[Any]:
        rows, compiler, _, _ = self._made or self._make()
        known = copy.copy(compiler)
        known.connection = get_connection()
        known.execute_sql = lambda *args, **options: [found]  # type: ignore[assignment, method-assign]
        source = SimpleNamespace(
            db=rows.db,
            model=rows.model,
            query=_Written(rows.query, known),
            _known_related_objects={},
        )
        iterable: Any = rows._iterable_class
        return [*iterable(source)]

    def _make(self) -> tuple[QuerySet[Any, Any], SQLCompiler, str, list[Any]]:
        stand_ins = [STAND_INS[kind](place) for place, kind in enumerate(self._kinds)]
        rows = self._build(*stand_ins)
        compiler = rows.query.get_compiler(using=rows.db)
        sql, params = compiler.as_sql()
        if not all(stand_in in params for stand_in in stand_ins):
            raise ValueError(f"A value is no parameter of its own: {sql}")
        self._made = rows, compiler, sql, [_find_place(param, stand_ins) for param in params]
        return self._made


class Insertion:
    """`Model.save(force_insert=True)` of a new row of one table: its SQL is written once, no signal is sent. Only where
    `where`, SQL of ours, is true of what is known."""

    def __init__(self, model: type[Model], where: str = "true") -> None:
        self._model, self._where = model, where
        self._written: dict[tuple[str, ...], str] = {}

    def __call__(self, row: Model, *known: Any) -> None:
        connection = get_connection()
        values = [(field, field.pre_save(row, True)) for field in self._model._meta.concrete_fields]
        given = [
            (field, value) for field, value in values if not isinstance(value, DatabaseDefault)
        ]
        columns = tuple(str(field.column) for field, _ in given)
        sql = self._written.get(columns) or self._write(columns, connection)
        params = [field.get_db_prep_save(value, connection) for field, value in given]
        with connection.cursor() as cursor:
            cursor.execute(sql, [*params, *known])
        row._state.adding, row._state.db = False, connection.alias

    def _write(self, columns: tuple[str, ...], connection: Any) -> str:
        quote = connection.ops.quote_name
        names, marks = ", ".join(map(quote, columns)), ", ".join(["%s"] * len(columns))
        table = quote(self._model._meta.db_table)
        sql = self._written[columns] = (
            f"INSERT INTO {table} ({names}) SELECT {marks} WHERE {self._where}"  # noqa: S608 - names of ours
        )
        return sql


class Change:
    """An UPDATE of the rows of which `where`, SQL of ours, is true: to the values by name, and `now` to the statement's
    time. Answers with the columns `returning` of each."""

    def __init__(self, model: type[Model], where: str, *, returning: str, now: str = "") -> None:
        self._model, self._where, self._returning, self._now = model, where, returning, now
        self._written: dict[tuple[str, ...], str] = {}

    def __call__(self, *known: Any, **values: Any) -> list[tuple[Any, ...]]:
        question = self.of(*known, **values)
        with get_connection().cursor() as cursor:
            cursor.execute(question.sql, question.params)
            return [*cursor.fetchall()]

    def of(self, *known: Any, **values: Any) -> Question:
        connection = get_connection()
        find = self._model._meta.get_field
        given: list[tuple[Any, Any]] = [(find(name), value) for name, value in values.items()]
        sql = self._written.get((*values,)) or self._write((*values,), connection)
        params = [field.get_db_prep_save(value, connection) for field, value in given]
        return Question(sql, [*params, *known])

    def _write(self, names: tuple[str, ...], connection: Any) -> str:
        quote, find = connection.ops.quote_name, self._model._meta.get_field
        columns: list[Any] = [find(name) for name in names]
        sets = [f"{quote(field.column)} = %s" for field in columns]
        sets += [f"{quote(self._now)} = statement_timestamp()"] if self._now else []
        table = quote(self._model._meta.db_table)
        sql = self._written[names] = (
            f"UPDATE {table} SET {', '.join(sets)} WHERE {self._where} RETURNING {self._returning}"  # noqa: S608
        )
        return sql


def _find_place(param: Any, stand_ins: list[Any]) -> Callable[[tuple[Any, ...]], Any]:
    """Where a parameter comes from: one of the values, or it is always the same."""
    if param in stand_ins:
        index = stand_ins.index(param)
        return lambda values: values[index]
    return lambda values: param


class _Written:
    """A query whose compiler has its SQL already."""

    def __init__(self, query: Any, compiler: SQLCompiler) -> None:
        self._query, self._compiler = query, compiler

    def get_compiler(self, *args: Any, **options: Any) -> SQLCompiler:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)
