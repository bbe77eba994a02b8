"""How a launcher ends, and what is left of it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.dresscode.launchers import Launcher
from tests.dresscode.processes import Process, descendants, wait_until

pytestmark = pytest.mark.slow

MARK = "from django.core.cache import cache; from accounts.models import User; "
WRITE = f"{MARK}User.objects.create_user('kept@example.org'); cache.set('kept', 1, None)"
READ = f"{MARK}print(User.objects.filter(email='kept@example.org').count(), cache.get('kept'))"
START = """
from pathlib import Path
from tests.dresscode.launchers import Launcher
state = Path({state!r})
state.mkdir()
Launcher(state=state).start().wait()
"""


@pytest.fixture
def launcher() -> Iterator[Launcher]:
    launcher = Launcher.filled().start()
    yield launcher
    launcher.remove()


def test_ctrl_c_leaves_no_process_and_everything_is_there_again(launcher: Launcher) -> None:
    launcher.shell(WRITE)
    children = launcher.children()
    code, output = launcher.interrupt()
    assert code == 0, output
    assert [child for child in children if child.is_alive] == []
    assert launcher.start().shell(READ) == "1 1"


def test_a_killed_launcher_leaves_no_child_and_the_next_one_starts(launcher: Launcher) -> None:
    assert launcher.process is not None
    children = launcher.children()
    os.kill(launcher.process.pid, signal.SIGKILL)
    launcher.wait()
    wait_until(lambda: not any(child.is_alive for child in children), "no child is left")
    assert launcher.start().is_ready()


# The tests' own launchers


def test_a_launcher_dies_with_the_process_of_its_test(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    code = START.format(state=str(tmp_path / "state"))
    test = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    wait_until(lambda: find_process(test.pid, "postgres -D"), "PostgreSQL runs")
    tree = descendants(test.pid)
    test.kill()
    test.wait()
    wait_until(lambda: not any(process.is_alive for process in tree), "nothing is left")


def find_process(parent: int, part: str) -> list[Process]:
    return [process for process in descendants(parent) if part in process.command]


@pytest.mark.parametrize("ending", [AssertionError, KeyboardInterrupt])
def test_a_start_that_fails_leaves_no_process(
    monkeypatch: pytest.MonkeyPatch, ending: type[BaseException]
) -> None:
    launcher, tree = Launcher(), list[Process]()

    def give_up() -> bool:
        tree.extend(launcher.children("postgres -D"))
        if tree:
            tree.extend(launcher.children())
            raise ending
        return False

    monkeypatch.setattr(launcher, "is_announced", give_up)
    with pytest.raises(ending):
        launcher.start()
    launcher.remove()
    assert len(tree) > 1
    wait_until(lambda: not any(process.is_alive for process in tree), "nothing is left")
