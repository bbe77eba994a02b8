from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.monitoring.calls import build_figures


def test_livez_answers_without_any_store(client: Client) -> None:
    assert client.get("/livez").json() == {"status": "ok"}


@pytest.mark.django_db
def test_readyz_is_ok_with_both_stores_and_all_migrations(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.json()["checks"] == {"postgres": True, "redis": True, "migrations": True}
    assert answer.json()["reasons"] == {}
    assert answer.status_code == 200


@pytest.mark.django_db
def test_readyz_is_unavailable_without_redis(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["redis"] is False
    assert answer.json()["reasons"] == {"redis": "Redis does not answer."}
    assert "nowhere" not in answer.text


@pytest.mark.django_db(transaction=True)
def test_readyz_says_how_many_migrations_are_missing(client: Client) -> None:
    recorder = MigrationRecorder(connection)
    (last,) = MigrationLoader(connection).graph.leaf_nodes("styling")
    recorder.record_unapplied(*last)
    try:
        answer = client.get("/readyz")
    finally:
        recorder.record_applied(*last)
    assert answer.status_code == 503
    assert answer.json()["reasons"] == {"migrations": "Migrations to be applied: 1."}


@pytest.mark.django_db
def test_readyz_without_postgres_says_so_and_names_no_address(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise OperationalError("connection to server at 10.1.2.3, user dresscode, failed")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert set(answer.json()["reasons"]) == {"postgres", "migrations"}
    assert answer.json()["figures_age_s"] is None
    assert "10.1.2.3" not in answer.text


@pytest.mark.django_db(transaction=True)
def test_figures_that_are_old_are_told_and_fail_nobody(client: Client) -> None:
    assert client.get("/readyz").json()["figures_age_s"] is None
    build_figures(timezone.now() - timedelta(minutes=10))
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert 600 <= answer.json()["figures_age_s"] < 1200
