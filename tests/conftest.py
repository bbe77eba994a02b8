"""Every test run has its own PostgreSQL and Redis, embedded and disposable.

The process that pytest was called in starts both; they die with it. Under xdist each worker takes a copy of
one migrated database and its own Redis database, so that workers never see each other's rows, keys or messages.
"""

import fcntl
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

ROOT = Path(__file__).resolve().parent.parent
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
NUMBER = int(WORKER.removeprefix("gw")) + 1 if WORKER else 0

sys.path.insert(0, str(ROOT))

from dresscode.local.embedded import paths, postgres, redis  # noqa: E402


def read_variables() -> list[str]:
    """Every variable that a developer may have set, by name: `.env.example` lists them all."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    return [line.lstrip("# ").split("=", 1)[0] for line in lines if "=" in line]


def isolate_environment() -> Path:
    """The run's state folder; settings read the environment when pytest-django loads them."""
    if not WORKER:
        for name in read_variables():
            os.environ.pop(name, None)
        os.environ["DRESSCODE_STATE"] = tempfile.mkdtemp(prefix="dresscode-tests-")
    state = Path(os.environ["DRESSCODE_STATE"])
    os.environ["DRESSCODE_ENV_FILE"] = os.devnull
    os.environ["REDIS_URL"] = paths.redis_url(state, database=NUMBER)
    os.environ["REDIS_PREFIX"] = os.environ["RQ_KEY_PREFIX"] = f"test{NUMBER}"
    os.environ["PROBE_SECONDS"] = "0"
    os.environ["DJANGO_SETTINGS_MODULE"] = "dresscode.settings"
    return state


STATE = isolate_environment()
stores: list[postgres.Postgres | redis.Redis] = []


def pytest_sessionstart() -> None:
    # With it in their environment pytest-django would load the workers' settings before this file is read.
    os.environ.pop("DJANGO_SETTINGS_MODULE")
    (STATE / "static").mkdir(parents=True, exist_ok=True)
    if not WORKER:
        STATE.chmod(0o711)  # PostgreSQL runs as another user when we are root.
        stores.append(postgres.start(STATE, disposable=True))
        stores.append(redis.start(STATE, disposable=True))


@contextmanager
def keeping_garbage() -> Iterator[None]:
    """For migrations: they make models by the thousand, and to look through them for garbage doubles their time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def pytest_collection() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    """Thousands of tests stay until the end: looking through them for garbage is a quarter of all CPU time."""
    gc.enable()
    gc.freeze()


def pytest_unconfigure() -> None:
    if WORKER:
        return
    for store in reversed(stores):
        store.stop()
    stores.clear()
    shutil.rmtree(STATE, ignore_errors=True)
    shutil.rmtree(paths.socket_dir(STATE), ignore_errors=True)


class BySharedProduct(LoadFileScheduling):
    """One worker for a file, and one for all files of a folder that share a running product."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        folder = file.rpartition("/")[0]
        return folder if folder in {"tests/browser", "tests/cluster", "tests/faults"} else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> BySharedProduct:
    return BySharedProduct(config, log)


def pytest_configure() -> None:
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: object) -> Iterator[None]:
    """A copy of the migrated database for this process. The first to come migrates it."""
    from django.core.management import call_command
    from django.db import connection

    from tests import emptying

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        with (STATE / "migrate.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (STATE / "migrated").exists():
                with keeping_garbage():
                    call_command("migrate", verbosity=0)
                connection.close()
                (STATE / "migrated").touch()
            name = postgres.copy_database(paths.socket_dir(STATE), f"test_{NUMBER}")
        connection.settings_dict["NAME"] = name
        emptying.install()
    yield  # Blocked again: a test that does not ask for the database must not reach it.
    connection.close()


@pytest.fixture(scope="session")
def redis_of_tests() -> Iterator[Redis]:
    with Redis.from_url(os.environ["REDIS_URL"]) as connection:
        yield connection


@pytest.fixture(autouse=True)
def _forget_redis(request: pytest.FixtureRequest, redis_of_tests: Redis) -> Iterator[None]:
    """Each test that may touch the database starts with an empty Redis: its jobs, counters and caches."""
    yield
    if request.node.get_closest_marker("django_db"):
        redis_of_tests.flushdb()


@pytest.fixture
def words(db: None) -> Iterator[None]:
    """The vocabulary of the fixtures."""
    from tests.factories import load_vocabulary
    from wardrobe import vocabulary

    load_vocabulary()
    vocabulary.forget()
    yield
    vocabulary.forget()


@pytest.fixture(autouse=True)
def no_live_versions_of_before() -> None:
    """The rows of an earlier test are gone; what this process knew of live versions goes with them."""
    if known := sys.modules.get("registry.prompts.live_versions"):
        known._entries.clear()
