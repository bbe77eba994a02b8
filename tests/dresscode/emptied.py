"""Another database of the test run's PostgreSQL, as one that was just created."""

from pathlib import Path
from uuid import uuid4

from dresscode.local.embedded import paths, postgres


def make_empty_database(state: Path) -> str:
    name = f"empty_{uuid4().hex[:12]}"
    with postgres._connect(paths.socket_dir(state), postgres.SUPERUSER) as connection:
        connection.execute(f'CREATE DATABASE "{name}" OWNER {postgres.ROLE}')
    return name
