"""The same launcher with DATABASE_URL, REDIS_URL and an https address, as behind a proxy that ends TLS."""

import uuid
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import psycopg
import pytest

from dresscode.local.embedded import paths
from tests.conftest import STATE
from tests.dresscode.launchers import Launcher

pytestmark = pytest.mark.slow

SOCKETS = paths.socket_dir(STATE)
HOST = "dresscode.example.org"
AS_THE_PROXY = {"Host": HOST, "X-Forwarded-Proto": "https"}


def make_database() -> str:
    """The URL of an empty database of the test run's PostgreSQL."""
    name = f"real_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(
        host=str(SOCKETS), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER dresscode")
    return f"postgres://dresscode@{quote(str(SOCKETS), safe='')}/{name}"


@pytest.fixture(scope="module")
def launcher() -> Iterator[Launcher]:
    launcher = Launcher(
        host=HOST,
        settings={
            "DATABASE_URL": make_database(),
            "REDIS_URL": paths.redis_url(STATE, database=60),
            "REDIS_PREFIX": "real",
            "RQ_KEY_PREFIX": "real",
            "SITE_URL": f"https://{HOST}",
            "SECRET_KEY": uuid.uuid4().hex * 2,
        },
    ).start()
    yield launcher
    launcher.remove()


def get(launcher: Launcher, path: str, headers: dict[str, str]) -> httpx.Response:
    return httpx.get(f"http://127.0.0.1:{launcher.port}{path}", headers=headers)


def test_stores_that_have_a_url_are_not_started(launcher: Launcher) -> None:
    assert launcher.children("dresscode.web")
    assert not launcher.children("postgres -D")
    assert not launcher.children("valkey-server")


def test_plain_http_is_sent_to_https(launcher: Launcher) -> None:
    answer = get(launcher, "/accounts/login/", {"Host": HOST})
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"https://{HOST}/accounts/login/"


def test_cookies_belong_to_this_host_and_https_alone(launcher: Launcher) -> None:
    answer = get(launcher, "/accounts/login/", AS_THE_PROXY)
    (cookie,) = answer.headers.get_list("Set-Cookie")
    assert cookie.startswith("__Host-csrftoken=")
    for part in ("Path=/", "Secure", "HttpOnly", "SameSite=Lax"):
        assert part in cookie
    assert "Domain" not in cookie


def test_browsers_stay_with_https(launcher: Launcher) -> None:
    answer = get(launcher, "/accounts/login/", AS_THE_PROXY)
    assert "max-age=31536000; includeSubDomains" in answer.headers["Strict-Transport-Security"]
    assert f"wss://{HOST}" in answer.headers["Content-Security-Policy"]


def test_another_host_is_refused(launcher: Launcher) -> None:
    assert get(launcher, "/accounts/login/", {"Host": "localhost"}).status_code == 400


def test_there_are_no_demo_accounts(launcher: Launcher) -> None:
    code = "from accounts.models import User; print(User.objects.count())"
    assert launcher.shell(code) == "0"
