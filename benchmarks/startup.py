"""What the first start costs: `manage.py up` in an empty folder, until its pages answer and it has said so.

    python -m benchmarks.startup [--json]

CPU seconds of the launcher, of its children, and of both; wall seconds beside them say more of the machine.
Children that ended count as the launcher's (initdb). Byte code is there already, as after a first `manage.py`.
"""

import time

from benchmarks.report import Figure, report
from tests.dresscode.launchers import Launcher
from tests.dresscode.processes import read_process


def read_tree(launcher: Launcher) -> dict[str, float]:
    """CPU seconds of the launcher and of its children; those of the launcher count who ended."""
    assert launcher.process is not None
    own = read_process(launcher.process.pid)
    assert own is not None
    return {"launcher": own.cpu_s, "children": sum(child.cpu_s for child in launcher.children())}


def measure() -> list[Figure]:
    launcher, began = Launcher(), time.monotonic()
    try:
        launcher.start()
        ready_s, ready = time.monotonic() - began, read_tree(launcher)
        launcher.wait_until_filled()
        filled_s, filled = time.monotonic() - began, read_tree(launcher)
    finally:
        launcher.remove()
    return [
        *(Figure(f"{name}, until ready", value, "s CPU") for name, value in ready.items()),
        Figure("all, until ready", sum(ready.values()), "s CPU"),
        Figure("all, until the demo is complete", sum(filled.values()), "s CPU"),
        Figure("until ready", ready_s, "s"),
        Figure("until the demo is complete", filled_s, "s"),
    ]


if __name__ == "__main__":
    report("startup", figures=measure(), ratios={})
