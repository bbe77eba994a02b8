"""The guards that migrations install, on a database of their own, and that they can be undone."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from dresscode.local.embedded import paths, postgres
from registry.roles import ROLES
from registry.sql import FOLDER, drop_created
from tests.conftest import NUMBER, keeping_garbage

FUNCTIONS = """
    SELECT pg_get_functiondef(oid) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND proname ~ '^(registry|wardrobe)_' ORDER BY 1
"""
TRIGGERS = """
    SELECT pg_get_triggerdef(oid), tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1
"""
PATHS = """
    SELECT proname, proconfig FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND proname ~ '^(registry|wardrobe)_'
"""
GROUPS = """
    SELECT g.name, array_agg(p.codename::text) FROM auth_group g
    JOIN auth_group_permissions m ON m.group_id = g.id
    JOIN auth_permission p ON p.id = m.permission_id GROUP BY g.name
"""


@pytest.fixture(scope="module")
def scratch(django_db_setup: None, django_db_blocker: object) -> Iterator[BaseDatabaseWrapper]:
    """A connection to a copy of the freshly migrated database."""
    copied = connection.copy()
    copied.settings_dict["NAME"] = postgres.copy_database(
        paths.socket_dir(settings.STATE_DIR), f"scratch_{NUMBER}"
    )
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield copied
        copied.close()


def read(database: BaseDatabaseWrapper, query: str) -> list[tuple[object, ...]]:
    with database.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def read_guards(database: BaseDatabaseWrapper) -> list[tuple[object, ...]]:
    return read(database, FUNCTIONS) + read(database, TRIGGERS)


def migrate_back_to_tables(database: BaseDatabaseWrapper) -> None:
    executor = MigrationExecutor(database)
    graph = executor.loader.graph
    executor.migrate([*graph.root_nodes("registry"), *graph.root_nodes("wardrobe")])


def migrate_forward(database: BaseDatabaseWrapper) -> None:
    executor = MigrationExecutor(database)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_guards_can_be_undone_and_come_back_the_same(scratch: BaseDatabaseWrapper) -> None:
    installed = read_guards(scratch)
    with keeping_garbage():
        migrate_back_to_tables(scratch)
        assert read_guards(scratch) == []
        migrate_forward(scratch)
    assert read_guards(scratch) == installed


def test_every_file_is_installed(scratch: BaseDatabaseWrapper) -> None:
    installed = {name for name, _ in read(scratch, PATHS)}
    folders = [FOLDER, settings.BASE_DIR / "wardrobe" / "sql"]
    scripts = [file.read_text() for folder in folders for file in folder.glob("*.sql")]
    drops = [line for script in scripts for line in drop_created(script).splitlines()]
    written = {drop.split()[2].split("(")[0] for drop in drops if drop.startswith("DROP FUNCTION")}
    assert written == installed


def test_no_temporary_table_can_answer_for_one_of_ours(scratch: BaseDatabaseWrapper) -> None:
    paths_of = dict(read(scratch, PATHS))
    assert paths_of
    assert {str(path) for path in paths_of.values()} == {"['search_path=public, pg_temp']"}


def test_no_session_passes_by_a_trigger(scratch: BaseDatabaseWrapper) -> None:
    assert {enabled for _, enabled in read(scratch, TRIGGERS)} == {"A"}


def test_a_fresh_database_has_the_groups_with_all_they_may_do(scratch: BaseDatabaseWrapper) -> None:
    groups = {name: sorted(codenames) for name, codenames in read(scratch, GROUPS)}  # type: ignore[call-overload]
    assert groups == {name: sorted(codenames) for name, codenames in ROLES.items()}
