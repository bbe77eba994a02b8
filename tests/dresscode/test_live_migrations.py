"""Migrations keep the running release working: the linter's rules for PostgreSQL, over all that came after a baseline.

Expand, then contract: what the running release writes or reads is dropped, renamed or made NOT NULL only by the release
after the one that stopped using it (CONTRIBUTING.md, "Change a table").
"""

from collections.abc import Sequence

import pytest
from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django_migration_linter import MigrationLinter
from django_migration_linter.sql_analyser import analyse_sql_statements
from django_migration_linter.sql_analyser.postgresql import PostgresqlAnalyser

from tests.conftest import ROOT

OURS = ["accounts", "feedback", "monitoring", "own_data", "registry", "styling", "wardrobe"]
BASELINE = ROOT / "tests" / "dresscode" / "migrations_before_the_linter.txt"
"""Those that had landed when the linter came, by name; nothing is added to it."""
BASELINE_SIZE = 78


CONTRACTED: dict[tuple[str, str], str] = {}
"""Those that drop, rename or narrow what the release before had stopped using: which release that was."""


def read_baseline() -> set[tuple[str, ...]]:
    return {tuple(line.split()) for line in BASELINE.read_text().splitlines()}


@pytest.mark.django_db(
    transaction=True
)  # Of an index that is built aside no SQL is told inside a transaction.
def test_no_migration_breaks_the_release_that_runs(capsys: pytest.CaptureFixture[str]) -> None:
    linter = MigrationLinter(path=str(ROOT), include_apps=OURS, no_cache=True)
    found = linter.migration_loader.disk_migrations
    ours = {key: one for key, one in sorted(found.items()) if key[0] in OURS}
    baseline = read_baseline()
    assert len(baseline) == BASELINE_SIZE and baseline <= set(ours)
    for key, migration in ours.items():
        if key not in baseline and key not in CONTRACTED:
            linter.lint_migration(migration)
    assert not linter.has_errors, capsys.readouterr().out


TABLE = ProjectState()
TABLE.add_model(
    ModelState(
        "toys",
        "Toy",
        [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField(null=True))],
    )
)


def lint(*operations: Operation) -> list[str]:
    """The codes of what the linter finds in the SQL of these operations on a table that exists."""
    with connection.schema_editor(collect_sql=True) as editor:
        state = TABLE
        for operation in operations:
            before, state = state, state.clone()
            operation.state_forwards("toys", state)
            operation.database_forwards("toys", editor, before, state)
    errors, _, _ = analyse_sql_statements(PostgresqlAnalyser, editor.collected_sql, [])
    return [error.code for error in errors]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("operation", "codes"),
    [
        (migrations.RemoveField("toy", "name"), ["DROP_COLUMN"]),
        (migrations.RenameField("toy", "name", "title"), ["RENAME_COLUMN"]),
        (migrations.RenameModel("Toy", "Thing"), ["RENAME_TABLE"]),
        (migrations.DeleteModel("Toy"), ["DROP_TABLE"]),
        (migrations.AddField("toy", "size", models.IntegerField(default=0)), ["NOT_NULL"]),
        (migrations.AlterField("toy", "name", models.CharField(max_length=9, null=True)), ["ALTER_COLUMN"]),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Operation) else "",
)  # fmt: skip
def test_the_linter_sees_what_the_running_release_would_miss(
    operation: Operation, codes: Sequence[str]
) -> None:
    assert lint(operation) == codes


@pytest.mark.django_db
def test_a_column_that_the_database_fills_is_no_harm() -> None:
    filled = models.IntegerField(default=0, db_default=0)
    assert lint(migrations.AddField("toy", "size", filled)) == []
    assert lint(migrations.AddField("toy", "size", models.IntegerField(null=True))) == []
