"""How a launcher ends, and what is left of it."""

import os
import signal
from collections.abc import Iterator

import pytest

from tests.dresscode.launchers import Launcher
from tests.dresscode.processes import wait_until

pytestmark = pytest.mark.slow

MARK = "from django.core.cache import cache; from accounts.models import User; "
WRITE = f"{MARK}User.objects.create_user('kept@example.org'); cache.set('kept', 1, None)"
READ = f"{MARK}print(User.objects.filter(email='kept@example.org').count(), cache.get('kept'))"


@pytest.fixture
def launcher() -> Iterator[Launcher]:
    launcher = Launcher().start()
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
    launcher.process.communicate()
    wait_until(lambda: not any(child.is_alive for child in children), "no child is left", 30)
    assert launcher.start().is_ready()
