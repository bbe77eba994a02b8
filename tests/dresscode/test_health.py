import pytest
from django.test import Client
from pytest_django.fixtures import Settings


def test_livez_answers_without_any_store(client: Client) -> None:
    assert client.get("/livez").json() == {"status": "ok"}


@pytest.mark.django_db
def test_readyz_is_ok_with_both_stores_and_all_migrations(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.json()["checks"] == {"postgres": True, "redis": True, "migrations": True}
    assert answer.status_code == 200


@pytest.mark.django_db
def test_readyz_is_unavailable_without_redis(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["redis"] is False
