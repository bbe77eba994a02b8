"""What a client may send, and how long it may take, asked of a web process over a bare socket: no proxy stands between.

The process cannot write a temporary file: whatever it answers, it has spooled nothing to a disk.
"""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection

import pytest
from django.conf import settings

from accounts.models import User
from tests.dresscode.web_processes import PATIENCE_S, Caller, sign_in, web_process
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def port(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with web_process(tmp_path_factory.mktemp("web") / "log") as port:
        yield port


@pytest.fixture
def cookies() -> str:
    """Of somebody signed in."""
    return sign_in(make_user("alice@example.org"))


@pytest.mark.parametrize("path", ["/livez", "/accounts/login/", "/photos/add/", "/nowhere/"])
def test_two_thousand_megabytes_are_refused_before_they_come(port: int, path: str) -> None:
    with Caller(port) as caller:
        caller.ask(f"POST {path}", Content_Length=2_000 * MEGABYTE, Accept="text/html")
        answer = caller.answer()
    assert answer.startswith("HTTP/1.1 413 ")
    assert "<h1>That was too much.</h1>" in answer
    assert "content-security-policy: " in answer.lower()
    assert "x-request-id" in answer.lower()


@pytest.mark.parametrize("path", ["/livez", "/photos/add/"])
def test_a_body_that_does_not_say_how_long_it_is_ends_at_the_limit(port: int, path: str) -> None:
    chunk = b"10000\r\n" + bytes(65536) + b"\r\n"
    with Caller(port) as caller:
        caller.ask(f"POST {path}", Transfer_Encoding="chunked")
        while caller.sent < 40 * MEGABYTE and caller.say(chunk):
            caller.socket.setblocking(False)
            try:
                if caller.socket.recv(1, socket.MSG_PEEK):
                    break
            except BlockingIOError:
                pass
            finally:
                caller.socket.settimeout(PATIENCE_S)
        assert caller.status() == 413
    assert caller.sent < 20 * MEGABYTE


def test_who_sends_too_much_reads_why(port: int) -> None:
    """A client that sends all of it before it listens."""
    with Caller(port) as caller:
        caller.ask("POST /accounts/login/", Content_Length=2 * MEGABYTE)
        assert caller.say(bytes(2 * MEGABYTE))
        assert "Nothing of it was kept." in caller.answer()


def test_the_api_takes_less_and_answers_with_a_problem(port: int) -> None:
    with Caller(port) as caller:
        caller.ask("POST /api/v1/registry/prompts", Content_Length=300_000)
        answer = caller.answer()
    assert "application/problem+json" in answer
    assert '"status":413' in answer


def test_what_anybody_may_send_is_kept_in_memory(port: int) -> None:
    """As much as is allowed, to a page that reads it: nothing was written, or the answer were 500."""
    with Caller(port) as caller:
        caller.ask(
            "POST /accounts/login/",
            Content_Length=1024 * 1024,
            Content_Type="application/x-www-form-urlencoded",
            Connection="close",
        )
        caller.say(b"a=" + b"x" * (1024 * 1024 - 2))
        assert caller.status() in {403, 413}


def test_somebody_signed_in_may_send_photos(port: int, cookies: str) -> None:
    """They are waited for, until their time is over."""
    with Caller(port) as caller:
        caller.ask("POST /photos/add/", Content_Length=30 * MEGABYTE, Cookie=cookies)
        caller.say(bytes(1000))
        assert caller.status() == 408


@pytest.mark.parametrize("sent", ["sessionid=invented", "sessionid=", "x", r'sessionid="a\000b"'])
def test_an_invented_session_may_not(port: int, sent: str) -> None:
    with Caller(port) as caller:
        caller.ask("POST /photos/add/", Content_Length=30 * MEGABYTE, Cookie=sent)
        assert caller.status() == 413


def test_nor_somebody_whose_account_is_closed(port: int, cookies: str) -> None:
    User.objects.update(is_active=False)
    with Caller(port) as caller:
        caller.ask("POST /photos/add/", Content_Length=30 * MEGABYTE, Cookie=cookies)
        assert caller.status() == 413


def test_photos_have_a_limit_too(port: int, cookies: str) -> None:
    most = settings.PHOTO_MAX_BYTES * settings.PHOTO_MAX_COUNT
    with Caller(port) as caller:
        caller.ask("POST /photos/add/", Content_Length=most + 2 * MEGABYTE, Cookie=cookies)
        assert caller.status() == 413


def test_somebody_signed_in_may_send_no_more_elsewhere(port: int, cookies: str) -> None:
    with Caller(port) as caller:
        caller.ask("POST /accounts/login/", Content_Length=3 * MEGABYTE, Cookie=cookies)
        assert caller.status() == 413


def drip(caller: Caller, data: bytes, until_s: float = 20) -> None:
    """A byte now and then, for as long as somebody listens."""
    ends_at = time.monotonic() + until_s
    caller.socket.settimeout(0.1)
    for byte in data * 1000:
        caller.say(bytes([byte]))
        try:
            if caller.socket.recv(1, socket.MSG_PEEK) or time.monotonic() > ends_at:
                break
        except TimeoutError:
            pass
    caller.socket.settimeout(PATIENCE_S)


@pytest.mark.parametrize("beginning", [b"", b"GET / HTTP/1.1\r\nHost: local", b"\r\n"])
def test_a_head_that_comes_a_byte_at_a_time_is_cut_off(port: int, beginning: bytes) -> None:
    with Caller(port) as caller:
        caller.say(beginning)
        if beginning:
            drip(caller, b"\r\n" if beginning == b"\r\n" else b"x")
        assert caller.status() == 408


def test_a_second_request_on_the_same_connection_has_a_deadline_too(port: int) -> None:
    with Caller(port) as caller:
        caller.ask("GET /livez")
        assert caller.read_answer().startswith("HTTP/1.1 200 ")
        caller.say(b"GET /livez HTTP/1.1\r\nHost: local")
        assert caller.status() == 408


def test_requests_in_time_share_a_connection(port: int) -> None:
    """For longer, all in all, than one head may take."""
    shared = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    shared.connect()
    own = shared.sock
    for _ in range(3):
        shared.request("POST", "/livez", b"hello", {"Host": "localhost"})
        answer = shared.getresponse()
        answer.read()
        assert answer.status == 403
        time.sleep(0.5)
    assert shared.sock is own
    shared.close()


@pytest.mark.parametrize("header", [b"X: " + b"y" * 200_000, b"X: y\r\n" * 40_000])
def test_a_head_without_end_is_cut_off(port: int, header: bytes) -> None:
    with Caller(port) as caller:
        caller.say(b"GET / HTTP/1.1\r\n" + header)
        with suppress(ConnectionResetError):  # It was closed while bytes were on their way.
            assert caller.status() == 431


@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_body_that_stops_coming_is_cut_off(port: int, is_chunked: bool) -> None:
    with Caller(port) as caller:
        length = {"Transfer_Encoding": "chunked"} if is_chunked else {"Content_Length": 5000}
        caller.ask("POST /accounts/login/", **length)
        caller.say(b"5\r\nhello\r\n")
        answer = caller.answer()
    assert answer.startswith("HTTP/1.1 408 ")
    assert "Only a part of what was sent arrived in time." in answer


def test_a_body_that_comes_a_byte_at_a_time_is_cut_off(port: int) -> None:
    with Caller(port) as caller:
        caller.ask("POST /accounts/login/", Content_Length=5000)
        drip(caller, b"x")
        assert caller.status() == 408
