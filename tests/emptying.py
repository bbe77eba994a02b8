"""What tests that commit have written is deleted, table by table.

Django's flush truncates every table and makes all permissions anew: half a second after each of a thousand tests.
Where it is needed all the same, it is as the owner of the tables, who may switch their triggers off: no setting of a
session lets anybody past them.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase

KEPT = ["auth_group", "auth_group_permissions", "auth_permission", "django_content_type"]
"""Made by the migrations' signals; a test that changes them is followed by a real flush."""
TRIGGERS = """SELECT c.relname, t.tgname, t.tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.relnamespace = current_schema()::regnamespace"""
ENABLE = {"O": "ENABLE TRIGGER", "A": "ENABLE ALWAYS TRIGGER", "R": "ENABLE REPLICA TRIGGER"}

flush = TransactionTestCase._fixture_teardown


def install() -> None:
    """Call it once the database is migrated, before the first test."""
    read_triggers()
    read_kept()
    TransactionTestCase._fixture_teardown = empty_or_flush  # type: ignore[method-assign]


def empty_or_flush(self: Any) -> None:
    if self.reset_sequences or self.serialized_rollback or digest_kept() != read_kept():
        with transaction.atomic(), unguarded(sorted(read_triggers())):
            flush(self)
    else:
        if written := find_written():
            empty(written)


@transaction.atomic
def empty(tables: list[str]) -> None:
    with unguarded(tables) as cursor:
        cursor.execute(";".join(f"DELETE FROM {table}" for table in tables))  # noqa: S608 - of our own


@contextmanager
def unguarded(tables: list[str]) -> Iterator[CursorWrapper]:
    """A cursor within a transaction: triggers of these tables are off, foreign keys are checked at the end."""
    guarded = [table for table in tables if table in read_triggers()]
    off = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in guarded]
    back = [
        f"ALTER TABLE {table} {ENABLE[state]} {name}"
        for table in guarded
        for name, state in read_triggers()[table]
    ]
    with connection.cursor() as cursor:
        cursor.execute(";".join([*off, "SET CONSTRAINTS ALL DEFERRED"]))
        yield cursor
        steps = ["SET CONSTRAINTS ALL IMMEDIATE", *back, "SET CONSTRAINTS ALL DEFERRED"]
        cursor.execute(";".join(steps))


def find_written() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(written_query())
        return [table for (table,) in cursor.fetchall()]


@cache
def written_query() -> str:
    tables = sorted({*connection.introspection.table_names()} - {*KEPT, "django_migrations"})
    return " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})"  # noqa: S608 - of our own
        for name in tables
    )


@cache
def read_triggers() -> dict[str, list[tuple[str, str]]]:
    """Of each table: its own triggers, and when they fire."""
    found = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS)
        for table, name, state in cursor.fetchall():
            found[table].append((name, state))
    return dict(found)


@cache
def read_kept() -> list[str]:
    """As the migrations left them."""
    return digest_kept()


def digest_kept() -> list[str]:
    digests = ", ".join(
        f"(SELECT md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM {table} t)"  # noqa: S608 - of our own
        for table in KEPT
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {digests}")
        return list(cursor.fetchone() or [])
