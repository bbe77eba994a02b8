"""The embedded stores: who they run as, where they live, who may reach them."""

import os
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest

from dresscode.local.embedded import paths, postgres, redis
from dresscode.local.embedded.accounts import (
    UNREACHABLE_STATE_ROOT,
    Account,
    can_enter,
    store_account,
    stores_dir,
)
from dresscode.local.embedded.stores import (
    EmbeddedStoreError,
    make_private_dir,
    wait_for_predecessor,
)
from tests.conftest import STATE

STRANGER = Account("stranger", uid=54321, gid=54321)


def test_stores_never_run_as_root() -> None:
    assert store_account().uid != 0


def test_sockets_are_for_their_owner_alone() -> None:
    folder = paths.socket_dir(STATE)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(os.fsencode(folder / ".s.PGSQL.5432")) < 107


def test_postgres_listens_on_no_network() -> None:
    with psycopg.connect(
        host=str(paths.socket_dir(STATE)), user="postgres", dbname="postgres"
    ) as connection:
        row = connection.execute("SHOW listen_addresses").fetchone()
        assert row == ("",)


def test_the_application_is_no_superuser_and_has_vectors() -> None:
    with psycopg.connect(
        host=str(paths.socket_dir(STATE)), user="dresscode", dbname="dresscode"
    ) as connection:
        rows = connection.execute(
            "SELECT rolsuper, '[1,2]'::vector <=> '[1,2]' FROM pg_roles WHERE rolname = 'dresscode'"
        ).fetchall()
    assert rows == [(False, 0.0)]


def test_a_closed_home_moves_the_stores_elsewhere(tmp_path: Path) -> None:
    state = tmp_path / "home" / "dresscode"
    state.mkdir(parents=True)
    state.parent.chmod(0o700)
    assert not can_enter(STRANGER, state)
    assert stores_dir(state, STRANGER).parent == UNREACHABLE_STATE_ROOT


@pytest.mark.slow
def test_programs_in_a_closed_home_run_as_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dresscode.local.embedded.stores.can_enter", lambda account, folder: False)
    program = postgres.WHEEL.find_program(postgres.PROGRAM, home=tmp_path, account=STRANGER)
    assert program.is_relative_to(tmp_path)
    for name in ("postgres", "initdb"):
        subprocess.run([program.with_name(name), "--version"], check=True)


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "sockets").symlink_to(tmp_path / "elsewhere")
    with pytest.raises((EmbeddedStoreError, FileExistsError)):
        make_private_dir(tmp_path / "sockets", store_account())


def test_a_pid_file_that_names_another_program_is_forgotten(tmp_path: Path) -> None:
    """A restarted container gives the same ids to other processes."""
    file = tmp_path / "postmaster.pid"
    file.write_text(f"{os.getpid()}\n")
    wait_for_predecessor(file, "postgres")
    assert not file.exists()


def test_data_of_another_version_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedStoreError, match="written by PostgreSQL 16"):
        postgres.check_version(tmp_path / "postgres")


def test_redis_is_new_enough_for_jobs_that_survive() -> None:
    import redis as client

    with client.Redis(unix_socket_path=str(paths.socket_dir(STATE) / "redis.sock")) as connection:
        version = connection.info()["redis_version"]
        policy = connection.config_get("maxmemory-policy")
    assert tuple(map(int, version.split("."))) >= (6, 2)
    assert policy == {"maxmemory-policy": redis.SETTINGS["maxmemory-policy"]}
