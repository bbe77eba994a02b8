"""What the environment may say, and what is refused."""

import os
import re
import runpy
from typing import Any

import pytest
import rq.defaults
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from environs import EnvError

from dresscode.queues.workers import Worker
from tests.conftest import ROOT, read_variables

READERS = ("settings.py", "environment/reading.py", "environment/databases.py")
OPENTELEMETRY = {
    "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_EXPORTER_OTLP_TIMEOUT",
    "OTEL_SERVICE_NAME",
    "OTEL_TRACES_SAMPLER",
    "OTEL_TRACES_SAMPLER_ARG",
}

PRODUCTION = {
    "DATABASE_URL": "postgres://dresscode:secret@db.example.org/dresscode",
    "REDIS_URL": "rediss://redis.example.org:6379/0",
    "SITE_URL": "https://dresscode.example.org",
    "SECRET_KEY": "k" * 60,
}


@pytest.fixture
def read_settings(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs settings.py under the given environment and nothing else."""

    def read(**environment: str) -> dict[str, Any]:
        for name in read_variables():
            if name not in {"DRESSCODE_STATE", "DRESSCODE_ENV_FILE"}:
                monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "dresscode" / "settings.py"))

    return read


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"PORT": "eighty"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"DEBUG": "perhaps"}, "DEBUG"),
        ({"DRESSCODE_WORKERS": "0"}, "DRESSCODE_WORKERS"),
        ({"DRESSCODE_WORKER_MEMORY_MB": "-1"}, "DRESSCODE_WORKER_MEMORY_MB"),
        ({"CALLS_KEPT_DAYS": "30"}, "CALLS_KEPT_DAYS"),
        ({"DRESSCODE_PROCESS": "daemon"}, "DRESSCODE_PROCESS"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT"),
        ({"PHOTO_MAX_BYTES": "0"}, "PHOTO_MAX_BYTES"),
        ({"WEATHER_TIMEOUT_S": "0"}, "WEATHER_TIMEOUT_S"),
        ({"VLLM_BASE_URL": "gpu.example.org:8000"}, "VLLM_BASE_URL"),
        ({"OPEN_METEO_URL": "ftp://example.org"}, "OPEN_METEO_URL"),
        ({"REDIS_URL": "http://redis.example.org"}, "REDIS_URL"),
        ({"REDIS_URL": "redis+sentinel://s1.example.org:26379"}, "REDIS_URL: the name"),
        ({"SITE_URL": "dresscode.example.org"}, "SITE_URL"),
        ({"SITE_URL": "https://example.org/dresscode"}, "SITE_URL"),
        ({**PRODUCTION, "DATABASE_URL": "mysql://db.example.org/dresscode"}, "DATABASE_URL"),
        ({**PRODUCTION, "DATABASE_URL": "postgres://db1:x,db2/dresscode"}, "DATABASE_URL"),
        ({**PRODUCTION, "DATABASE_POOLED": "often"}, "DATABASE_POOLED"),
        ({**PRODUCTION, "SITE_URL": ""}, "SITE_URL"),
        ({**PRODUCTION, "SITE_URL": "http://dresscode.example.org"}, "ALLOW_INSECURE_HTTP"),
        ({**PRODUCTION, "SECRET_KEY": ""}, "SECRET_KEY"),
    ],
    ids=lambda value: value if isinstance(value, str) else ",".join(value),
)
def test_bad_values_are_refused_by_name(
    read_settings: Any, environment: dict[str, str], message: str
) -> None:
    with pytest.raises((EnvError, ImproperlyConfigured), match=message):
        read_settings(**environment)


def test_https_brings_host_cookies_and_strict_transport(read_settings: Any) -> None:
    values = read_settings(**PRODUCTION)
    assert values["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert values["CSRF_COOKIE_NAME"] == "__Host-csrftoken"
    assert values["SESSION_COOKIE_SECURE"] and values["CSRF_COOKIE_SECURE"]
    assert values["SECURE_SSL_REDIRECT"]
    assert values["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600


def test_nobody_knows_a_password_on_a_real_server(read_settings: Any) -> None:
    values = read_settings(**PRODUCTION)
    assert values["DEMO_PASSWORD"] == ""
    assert values["DEBUG"] is False
    assert values["ALLOWED_HOSTS"] == ["dresscode.example.org"]


def test_the_generated_key_is_kept_and_private(read_settings: Any) -> None:
    values = read_settings()
    file = values["STATE_DIR"] / "secret_key"
    assert read_settings()["SECRET_KEY"] == values["SECRET_KEY"] == file.read_text()
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("process", "pooled"), [("web", True), ("worker", False)])
def test_only_the_web_process_pools_its_connections(
    read_settings: Any, process: str, pooled: bool
) -> None:
    options = read_settings(DRESSCODE_PROCESS=process)["DATABASES"]["default"]["OPTIONS"]
    assert ("pool" in options) is pooled
    assert "statement_timeout=15s" in options["options"]


def test_of_several_hosts_the_one_that_takes_writes_is_used(read_settings: Any) -> None:
    url = "postgres://dresscode:se%40cret@db1.example.org:5433,db2.example.org/dresscode?sslmode=verify-full"
    database = read_settings(**{**PRODUCTION, "DATABASE_URL": url})["DATABASES"]["default"]
    assert database["HOST"] == "db1.example.org,db2.example.org"
    assert database["PORT"] == "5433,5432"
    assert (database["USER"], database["PASSWORD"]) == ("dresscode", "se@cret")
    assert database["OPTIONS"]["target_session_attrs"] == "read-write"
    assert database["OPTIONS"]["sslmode"] == "verify-full"


def test_a_server_that_went_silent_is_noticed_within_half_a_minute(read_settings: Any) -> None:
    options = read_settings(**PRODUCTION)["DATABASES"]["default"]["OPTIONS"]
    silence_s = options["keepalives_idle"] + options["keepalives_interval"] * options["keepalives_count"]  # fmt: skip
    assert max(silence_s, options["tcp_user_timeout"] / 1000, options["connect_timeout"]) <= 30


def test_behind_a_pool_of_transactions_nothing_is_said_at_connection(read_settings: Any) -> None:
    values = read_settings(**PRODUCTION, DATABASE_POOLED="1", DRESSCODE_PROCESS="web")
    database = values["DATABASES"]["default"]
    assert values["DATABASE_POOLED"] and database["DISABLE_SERVER_SIDE_CURSORS"]
    assert "options" not in database["OPTIONS"]


def test_the_embedded_database_has_its_sessions(read_settings: Any) -> None:
    database = read_settings(DATABASE_POOLED="1")["DATABASES"]["default"]
    assert database["DISABLE_SERVER_SIDE_CURSORS"] is False


def test_a_bucket_moves_photos_to_s3(read_settings: Any) -> None:
    storage = read_settings(AWS_STORAGE_BUCKET_NAME="photos")["STORAGES"]["default"]
    assert storage["BACKEND"] == "storages.backends.s3.S3Storage"
    assert storage["OPTIONS"]["querystring_auth"] is True


def test_env_example_lists_exactly_what_settings_read() -> None:
    modules = [ROOT / "dresscode" / name for name in READERS]
    source = "".join(module.read_text() for module in modules)
    read = set(
        re.findall(
            r'(?:env\.\w+|read_url|read_trace_url|read_networks)\(\s*["\']([A-Z][A-Z0-9_]+)["\']',
            source,
        )
    )
    read_by_libraries = {"FORWARDED_ALLOW_IPS", "RQ_KEY_PREFIX", *OPENTELEMETRY}
    assert set(read_variables()) == read | read_by_libraries


def test_each_process_of_a_test_run_has_its_own_redis() -> None:
    assert os.environ["REDIS_URL"] == settings.REDIS_URL
    assert settings.REDIS_PREFIX == rq.defaults.RQ_KEY_PREFIX == os.environ["RQ_KEY_PREFIX"]


def test_a_worker_looks_for_a_redis_that_was_away_every_few_seconds() -> None:
    """rq's own worker lets its pauses grow to a minute, for which a photo would wait."""
    assert rq.Worker.max_connection_wait_time == 60
    assert Worker.max_connection_wait_time <= 5
