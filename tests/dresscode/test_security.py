"""What every answer tells the browser, and who is let in."""

import logging

import pytest
from asgiref.sync import async_to_sync
from channels.testing import WebsocketCommunicator
from django.test import Client
from django.urls import reverse

from dresscode.asgi import application
from dresscode.logs import JsonFormatter, TextFormatter
from tests.factories import make_operator, make_user

LOGIN = "/accounts/login/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_every_page_carries(client: Client, header: str, value: str) -> None:
    assert client.get(LOGIN).headers[header] == value


@pytest.mark.django_db
def test_wearer_pages_run_no_inline_or_evaluated_code(client: Client) -> None:
    policy = client.get(LOGIN).headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    for part in ("default-src 'none'", "script-src 'self'", "object-src 'none'", "base-uri 'none'"):
        assert part in policy


@pytest.mark.django_db
def test_only_the_admin_may_evaluate(client: Client) -> None:
    client.force_login(make_operator())
    policy = client.get(reverse("admin:index")).headers["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval'" in policy
    assert "script-src 'self' 'unsafe-inline'" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.django_db
def test_no_cache_keeps_a_page_of_somebody_signed_in(client: Client) -> None:
    client.force_login(make_user())
    answer = client.get(reverse("wardrobe:garment-list"))
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_a_sixth_guess_is_locked_out_even_with_the_right_password(client: Client) -> None:
    alice = make_user("alice@example.org")
    for _ in range(5):
        client.post(LOGIN, {"username": alice.email, "password": "a wrong guess"})
    answer = client.post(LOGIN, {"username": alice.email, "password": "a short sentence is good"})
    assert answer.status_code == 429
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_a_lockout_spares_everybody_else(client: Client) -> None:
    bob = make_user("bob@example.org")
    for _ in range(6):
        client.post(LOGIN, {"username": "alice@example.org", "password": "a wrong guess"})
    answer = client.post(LOGIN, {"username": bob.email, "password": "a short sentence is good"})
    assert answer.status_code == 302


@pytest.mark.django_db
def test_a_spoofed_host_is_refused(client: Client) -> None:
    assert client.get(LOGIN, headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.django_db
def test_a_spoofed_forwarded_address_does_not_escape_the_lockout(client: Client) -> None:
    for number in range(5):
        client.post(
            LOGIN,
            {"username": "alice@example.org", "password": "a wrong guess"},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        )
    answer = client.post(LOGIN, {"username": "alice@example.org", "password": "another"})
    assert answer.status_code == 429


@pytest.mark.parametrize("origin", [b"https://evil.example", b"null", None])
def test_a_socket_from_a_foreign_page_is_refused(origin: bytes | None) -> None:
    headers = [(b"host", b"localhost:8000"), *([(b"origin", origin)] if origin else [])]

    async def connect() -> bool:
        communicator = WebsocketCommunicator(application, "/ws/photos/", headers=headers)
        connected, _ = await communicator.connect()
        return connected

    assert async_to_sync(connect)() is False


@pytest.mark.django_db
def test_answers_carry_the_id_of_their_log_lines(client: Client) -> None:
    first, second = (client.get("/livez").headers["X-Request-ID"] for _ in range(2))
    assert len(first) == len(second) == 32
    assert first != second


def make_record(message: str) -> logging.LogRecord:
    record = logging.LogRecord("dresscode", logging.INFO, __file__, 1, message, (), None)
    record.trace_id = "-"
    return record


@pytest.mark.parametrize("formatter", [TextFormatter(), JsonFormatter()])
@pytest.mark.parametrize(
    "message",
    [
        "password=hunter2 was sent",
        'api_key: "hunter2"',
        "Authorization: Bearer hunter2",
        "postgres://dresscode:hunter2@db.example.org/dresscode",
    ],
)
def test_logs_leave_secrets_out(formatter: logging.Formatter, message: str) -> None:
    assert "hunter2" not in formatter.format(make_record(message))


@pytest.mark.parametrize("formatter", [TextFormatter(), JsonFormatter()])
def test_a_line_break_forges_no_second_log_line(formatter: logging.Formatter) -> None:
    line = formatter.format(make_record("asked\n2026-01-01 ERROR forged"))
    assert len(line.splitlines()) == 1
