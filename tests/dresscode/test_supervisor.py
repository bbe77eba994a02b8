import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dresscode.local.embedded.children import spawn
from dresscode.local.supervisor import LONGEST_DELAY_S, Service, Supervisor
from tests.dresscode.processes import wait_until

FOREVER = "import time; time.sleep(600)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); {FOREVER}"


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    supervisor = Supervisor()
    yield supervisor
    supervisor.stop()


def make_service(folder: Path, code: str = FOREVER, name: str = "child") -> Service:
    log = folder / f"{name}.log"
    return Service(name, lambda: spawn([sys.executable, "-c", code], log=log), grace_s=0.5)


def test_a_dead_service_starts_again(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(service := make_service(tmp_path))
    assert service.process is not None
    service.process.kill()
    service.process.wait()
    wait_until(lambda: (supervisor.restart_dead(), service.is_running)[1], "it runs again")


def test_each_early_death_doubles_the_pause(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(service := make_service(tmp_path, code="raise SystemExit(1)"))
    delays = []
    for _ in range(8):
        assert service.process is not None
        service.process.wait()
        supervisor.restart_dead()
        delays.append(service.delay_s)
        service.retry_at = 0.001
        supervisor.restart_dead()
    assert delays[:4] == [1.0, 2.0, 4.0, 8.0]
    assert max(delays) == LONGEST_DELAY_S


def test_who_cannot_be_launched_is_tried_again(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(service := make_service(tmp_path, code="raise SystemExit(1)"))
    working, service.launch = service.launch, fail_to_launch
    wait_until(lambda: (supervisor.restart_dead(), service.process is None)[1], "a launch failed")
    service.launch = working
    wait_until(lambda: (supervisor.restart_dead(), service.process)[1], "a launch succeeded")


def test_a_service_that_ends_is_left_alone_once_it_ended_well(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    supervisor.start(service := make_service(tmp_path, code="raise SystemExit(0)"))
    service.ends = True
    assert service.process is not None
    service.process.wait()
    supervisor.restart_dead()
    assert service.is_done
    assert service.retry_at == 0.0


def test_a_service_that_ends_badly_starts_again(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(service := make_service(tmp_path, code="raise SystemExit(1)"))
    service.ends = True
    assert service.process is not None
    service.process.wait()
    supervisor.restart_dead()
    assert not service.is_done
    assert service.retry_at > 0.0


def fail_to_launch() -> subprocess.Popen[bytes]:
    raise OSError("no such program")


def test_the_last_group_stops_first(supervisor: Supervisor, tmp_path: Path) -> None:
    store, web = make_service(tmp_path, name="store"), make_service(tmp_path, name="web")
    supervisor.start(store)
    supervisor.start(web)
    stopped: list[str] = []
    for service in (store, web):
        wait = service.wait_until_stopped
        service.wait_until_stopped = lambda s=service, w=wait: (w(), stopped.append(s.name))  # type: ignore[method-assign,misc]
    supervisor.stop()
    assert stopped == ["web", "store"]


def test_who_is_deaf_to_term_is_killed(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(service := make_service(tmp_path, code=DEAF))
    wait_until((tmp_path / "child.log").read_text, "it is deaf")
    supervisor.stop()
    assert service.process is not None
    assert service.process.returncode == -9
