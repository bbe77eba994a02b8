"""A web process of a test, on the test's own database (`web_server`), and a caller that says exactly what it is told."""

import os
import re
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.models import User
from tests.dresscode.launchers import free_port
from tests.dresscode.processes import leash, wait_until

PATIENCE_S = 60


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def web_process(log: Path, **environment: str) -> Iterator[int]:
    """Its port; what it logs is in `log`."""
    port = free_port()
    own = {"TEST_DATABASE": str(connection.settings_dict["NAME"]), "PORT": str(port)}
    own["SITE_URL"] = settings.SITE_URL
    with log.open("wb") as output:
        process = subprocess.Popen(
            leash([sys.executable, "-m", "tests.dresscode.web_server"]),
            env={**os.environ, **own, "DRESSCODE_PROCESS": "web", **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until(lambda: process.poll() is not None or listens(port), "it listens")
            assert process.poll() is None, log.read_text()
            yield port
        finally:
            process.kill()
            process.wait()


def sign_in(wearer: User) -> str:
    """The cookie of their session."""
    client = Client()
    client.force_login(wearer)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


class Caller:
    """A connection that says exactly what it is told."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        self.sent = 0

    def __enter__(self) -> "Caller":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def reset(self) -> None:
        """Go without a word: the other side finds a connection that was reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def say(self, data: bytes) -> bool:
        """Whether somebody still listens."""
        try:
            self.socket.sendall(data)
        except OSError:
            return False
        self.sent += len(data)
        return True

    def ask(self, line: str, **headers: object) -> None:
        head = {"Host": "localhost", **{name.replace("_", "-"): headers[name] for name in headers}}
        lines = [f"{line} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
        self.say("\r\n".join([*lines, "", ""]).encode())

    def answer(self) -> str:
        """All of it: the connection is closed behind it."""
        parts = []
        while part := self.socket.recv(65536):
            parts.append(part)
        return b"".join(parts).decode()

    def status(self) -> int:
        return int(self.answer().split(" ", 2)[1])

    def read_answer(self) -> str:
        """The next one on a connection that stays open."""
        head = self.read_head()
        length = re.search(r"(?i)^content-length: (\d+)", head, re.MULTILINE)
        assert length, head
        return head + self.read(int(length[1])).decode()

    def read(self, length: int) -> bytes:
        """So many bytes, in however many pieces they come."""
        data = b""
        while len(data) < length and (part := self.socket.recv(length - len(data))):
            data += part
        return data

    def read_head(self) -> str:
        """What comes up to the first empty line, and not a byte more."""
        head = b""
        while not head.endswith(b"\r\n\r\n") and (byte := self.socket.recv(1)):
            head += byte
        return head.decode()
