"""`manage.py up` on data of an earlier pre-release: they are set aside whole, or left as they are and named."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db.migrations.recorder import MigrationRecorder
from pytest_django.fixtures import Settings

from dresscode.local import earlier_state
from dresscode.local.earlier_state import EarlierStateError, find_unknown_migrations
from dresscode.local.embedded import paths, postgres
from dresscode.local.embedded.accounts import store_account, stores_dir
from tests.conftest import STATE
from tests.dresscode.launchers import Launcher
from tests.dresscode.test_real_servers import make_database

EARLIER = [("registry", "0001_create_registry"), ("registry", "0002_refuse_changes")]

OPEN = """
from django.db import connection
from dresscode.local import launcher
from dresscode.local.supervisor import Supervisor
supervisor = Supervisor()
try:
    launcher.start_stores(supervisor, print)
    print("tables:", connection.introspection.table_names())
finally:
    connection.close()
    supervisor.stop()
"""


def connect(state: Path, database: str = postgres.DATABASE) -> psycopg.Connection[tuple[str, str]]:
    host = str(paths.socket_dir(state))
    return psycopg.connect(host=host, dbname=database, user=postgres.ROLE, autocommit=True)


def migrate_as_earlier(state: Path, database: str = postgres.DATABASE) -> None:
    with connect(state, database) as connection, connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE django_migrations"
            " (id bigserial, app text, name text, applied timestamptz DEFAULT now())"
        )
        cursor.executemany("INSERT INTO django_migrations (app, name) VALUES (%s, %s)", EARLIER)


def read_migrations(state: Path) -> list[tuple[str, str]]:
    with connect(state) as connection:
        return connection.execute("SELECT app, name FROM django_migrations ORDER BY 2").fetchall()


@pytest.fixture
def earlier() -> Iterator[Launcher]:
    """Not running; its state folder holds a database of an earlier pre-release, a photo and a key."""
    launcher = Launcher()
    launcher.state.chmod(0o711)
    server = postgres.start(launcher.state, disposable=True)
    migrate_as_earlier(launcher.state)
    server.stop()
    for folder in ("media", "redis"):
        (launcher.state / folder).mkdir()
    (launcher.state / "redis" / "appendonly.aof").touch()
    (launcher.state / "media" / "photo.webp").write_bytes(b"photo")
    (launcher.state / "secret_key").write_text("k" * 50)
    yield launcher
    launcher.remove()


@pytest.mark.slow
def test_earlier_data_are_set_aside_whole_and_a_fresh_database_begins(earlier: Launcher) -> None:
    output = earlier.shell(OPEN)
    (aside,) = earlier.state.glob("before-*")
    assert f"They are kept in {aside}:" in output
    assert "tables: []" in output
    assert (aside / "media" / "photo.webp").read_bytes() == b"photo"
    assert (aside / "redis" / "appendonly.aof").exists()
    assert not (earlier.state / "media").exists()
    assert (earlier.state / "secret_key").read_text() == "k" * 50
    server = postgres.start(aside, disposable=True)
    try:
        assert read_migrations(aside) == EARLIER
    finally:
        server.stop()


@pytest.mark.slow
def test_a_real_database_is_left_alone_and_what_is_unknown_is_named() -> None:
    url = make_database()
    migrate_as_earlier(STATE, url.rpartition("/")[2])
    launcher = Launcher(
        settings={
            "DATABASE_URL": url,
            "REDIS_URL": os.environ["REDIS_URL"],
            "SITE_URL": "https://dresscode.example.org",
            "SECRET_KEY": "only-for-this-test-" + "k" * 40,
        }
    )
    launcher.spawn()
    code, output = launcher.wait()
    launcher.remove()
    assert code != 0
    assert (
        "this release has no registry.0001_create_registry, registry.0002_refuse_changes. Nothing was changed."
        in output
    )


def test_stores_that_lie_elsewhere_go_where_the_folder_has_them_from_then_on(
    tmp_path: Path,
) -> None:
    state = tmp_path / "home" / "dresscode"
    state.mkdir(parents=True)
    state.parent.chmod(0o700)
    stores = stores_dir(state, store_account())
    (stores / "postgres").mkdir(parents=True)
    aside = earlier_state.set_aside(state)
    kept = stores_dir(aside, store_account())
    assert (kept / "postgres").is_dir()
    assert not (stores / "postgres").exists()
    for folder in (kept, stores):
        shutil.rmtree(folder)


def test_photos_in_a_bucket_are_not_left_to_the_sweep(settings: Settings) -> None:
    settings.STORAGES = {"default": {"BACKEND": "storages.backends.s3.S3Storage"}}
    with pytest.raises(EarlierStateError, match="name another bucket"):
        earlier_state.check_can_be_set_aside(["registry.0002_refuse_changes"])


@pytest.mark.django_db
def test_a_database_of_this_release_has_nothing_unknown() -> None:
    assert find_unknown_migrations() == []


@pytest.mark.django_db
def test_a_later_release_is_not_taken_for_an_earlier_one() -> None:
    MigrationRecorder.Migration.objects.create(app="registry", name="0999_of_a_later_release")
    assert find_unknown_migrations() == []


@pytest.mark.django_db
def test_a_migration_of_ours_in_the_place_of_a_missing_one_is_unknown() -> None:
    rows = MigrationRecorder.Migration.objects
    rows.filter(app="registry", name__startswith="0002").delete()
    for app, name in [*EARLIER[1:], ("axes", "0001_gone"), ("gone", "0001_create_gone")]:
        rows.create(app=app, name=name)
    assert find_unknown_migrations() == ["registry.0002_refuse_changes"]


def test_a_squash_and_what_follows_it_is_no_other_history() -> None:
    known, applied = {"0001_squashed", "0005_later"}, {"0001_squashed", "0001_a", "0004_b"}
    assert earlier_state.find_diverged(known, applied) == []
