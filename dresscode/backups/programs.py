"""PostgreSQL's own programs, run on the application's database."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from dresscode.local.embedded.postgres import find_programs

MOST_WORDS = 2000
"""Of what a program said as it failed."""


class ProgramError(Exception):
    """A program of PostgreSQL is missing, is too old or failed; the message says so in words for the operator."""


def find_program(name: str) -> Path:
    """The first on the PATH, else the wheel's, whose major version is the server's at least: an older `pg_dump`
    refuses a newer server.

    Raises:
        ProgramError: there is none.
    """
    server = connection.cursor().connection.info.server_version // 10000
    on_path, packaged = shutil.which(name), find_programs()
    candidates = [Path(on_path)] if on_path else []
    if packaged:
        candidates.append(packaged / name)
    for program in candidates:
        if read_major(program) >= server:
            return program
    raise ProgramError(
        f"{name} of PostgreSQL {server} or later is needed: install postgresql-client-{server}."
    )


def read_major(program: Path) -> int:
    """0 where it does not run."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"(\d+)(?:\.\d+|devel|beta\d+|rc\d+)", said.stdout)
    return int(found[1]) if found else 0


def run_program(name: str, arguments: Sequence[str]) -> None:
    """With the database's address and password in its environment, where no list of processes shows them.

    Raises:
        ProgramError: it could not be run, or failed; the message ends with its last words.
    """
    command, extra = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    address, database = list(command[1:-1]), command[-1]
    result = subprocess.run(  # noqa: S603 a program of PostgreSQL
        [find_program(name), *address, f"--dbname={database}", "--no-password", *arguments],
        env={**os.environ, **(extra or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise ProgramError(f"{name} failed: {result.stderr.strip()[-MOST_WORDS:]}")
