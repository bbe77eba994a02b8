"""The functions and triggers that guard the registry's tables, and the migration operation that installs them.

A file for each subject. It creates functions and triggers and nothing else, for its reverse is derived from that.
"""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

FOLDER = Path(__file__).parent

# What `SET search_path FROM CURRENT` in a function's definition takes. A temporary table is found first unless
# pg_temp is named last: one called like ours would answer for it.
PIN_SEARCH_PATH = """
SELECT set_config('search_path', format('%I, pg_temp', current_schema()), true);
"""

CREATED = re.compile(
    r"^CREATE (?:FUNCTION (?P<function>\w+\([^)]*\))|TRIGGER (?P<trigger>\w+) .*? ON (?P<table>\w+))",
    re.MULTILINE | re.DOTALL,
)


class RunSqlFile(migrations.RunSQL):
    """Runs a file of this folder, or of another app's `folder`; the reverse drops what it created, the last first.

    `{users}` in it is the table of AUTH_USER_MODEL.
    """

    def __init__(self, file: str, folder: Path = FOLDER) -> None:
        self.file = file
        script = (folder / file).read_text()
        super().__init__(PIN_SEARCH_PATH + script, drop_created(script))

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        return type(self).__name__, (self.file,), {}

    def describe(self) -> str:
        return f"Run {self.file}"

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        users = from_state.apps.get_model(settings.AUTH_USER_MODEL)._meta.db_table
        script = str(self.sql).replace("{users}", schema_editor.quote_name(users))
        schema_editor.execute(script, params=None)


def drop_created(script: str) -> str:
    """SQL that undoes the functions and triggers of a script; nothing else of it is undone."""
    drops = [
        f"DROP FUNCTION {found['function']};"
        if found["function"]
        else f"DROP TRIGGER {found['trigger']} ON {found['table']};"
        for found in CREATED.finditer(script)
    ]
    return "\n".join(reversed(drops))
