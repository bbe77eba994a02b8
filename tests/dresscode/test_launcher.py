"""A running launcher: what answers, and what happens when one of its children dies."""

import os
import signal
import socket
from collections.abc import Iterator

import httpx
import pytest

from tests.dresscode.launchers import Launcher
from tests.dresscode.processes import wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def launcher() -> Iterator[Launcher]:
    """On what a first start on an empty folder has left behind."""
    launcher = Launcher.filled().start()
    yield launcher
    launcher.remove()


def test_every_part_is_started(launcher: Launcher) -> None:
    answer = httpx.get(f"http://127.0.0.1:{launcher.port}/readyz").json()
    assert answer["checks"] == {"postgres": True, "redis": True, "migrations": True}
    for part in (
        "postgres -D",
        "valkey-server",
        "dresscode.web",
        "rqworker photos",
        "manage.py schedule",
    ):
        assert launcher.children(part), f"{part} does not run"


def test_static_files_come_under_names_that_change_with_them(launcher: Launcher) -> None:
    page = httpx.get(f"http://127.0.0.1:{launcher.port}/accounts/login/").text
    path = next(part for part in page.split('"') if part.startswith("/static/dresscode."))
    answer = httpx.get(f"http://127.0.0.1:{launcher.port}{path}")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_second_launcher_refuses(launcher: Launcher) -> None:
    second = Launcher(state=launcher.state)
    second.spawn()
    code, output = second.wait()
    second.log.unlink()
    assert code != 0
    assert f"already runs on {launcher.state}" in output


def test_a_port_in_use_is_named(launcher: Launcher) -> None:
    other = Launcher()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", other.port))
        taken.listen()
        other.spawn()
        code, output = other.wait()
    other.remove()
    assert code != 0
    assert f"Port {other.port} on 127.0.0.1 cannot be used" in output


@pytest.mark.parametrize(
    "part",
    ["dresscode.web", "rqworker photos", "manage.py schedule", "valkey-server", "postgres -D"],
)
def test_a_killed_child_starts_again(launcher: Launcher, part: str) -> None:
    victim, *_ = launcher.children(part)  # A worker may have a job, which is called like it.
    os.kill(victim.pid, signal.SIGKILL)
    wait_until(lambda: not victim.is_alive, f"{part} is gone")
    launcher.wait_until(lambda: launcher.children(part) and launcher.is_ready(), f"{part} is back")


def test_a_second_terminal_finds_the_same_stores(launcher: Launcher) -> None:
    code = "from wardrobe.models import VocabularyTerm; print(VocabularyTerm.objects.exists())"
    assert launcher.shell(code) == "True"


def test_secrets_stay_out_of_the_logs(launcher: Launcher) -> None:
    key = (launcher.state / "secret_key").read_text()
    logs = [log.read_text(errors="replace") for log in (launcher.state / "logs").iterdir()]
    assert len(key) >= 50
    assert not any(key in log for log in logs)
