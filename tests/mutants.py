"""Single-point mutants: each of them is a mistake that somebody could make, and must fail a test.

    python -m tests.mutants [PATH ...]

One point of a module is changed at a time, in a fork of a process that has collected the module's tests; no file is
written. Prints each survivor as a diff, and a score for each module. Exit status 1 when one survives that
`mutants.toml` does not list as equivalent, or when what is listed does not survive; 2 when a test fails without a mutant.
"""

import difflib
import importlib
import inspect
import os
import signal
import subprocess
import sys
import time
import tomllib
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

from tests.mutations import list_mutants

ROOT = Path(__file__).resolve().parent.parent
TABLE = Path(__file__).with_suffix(".toml")
WORKERS = 2


def plant(module: ModuleType, source: str) -> None:
    """Make a module what `source` says, for those too that imported its functions and classes by name."""
    known = dict(vars(module))
    exec(compile(source, str(module.__file__), "exec", dont_inherit=True), vars(module))  # noqa: S102
    for name, old in known.items():
        new = vars(module)[name]
        if old is new:
            continue
        if isinstance(old, type):
            for member, function in vars(new).items():
                if isinstance(function, FunctionType):
                    setattr(old, member, graft(vars(old)[member], function))
            setattr(module, name, old)
        elif isinstance(inspect.unwrap(old), FunctionType):
            setattr(module, name, graft(old, new))


def graft(known: Any, changed: Any) -> Any:
    """The function that callers know with the changed one's code, below its decorators."""
    old, new = inspect.unwrap(known), inspect.unwrap(changed)
    try:
        old.__code__ = new.__code__
    except ValueError:  # A method that has lost its super(): it has another number of cells.
        return changed
    old.__defaults__, old.__kwdefaults__ = new.__defaults__, new.__kwdefaults__
    return known


class MutantsPlugin:
    """Runs the tests that pytest has collected once for each of a worker's mutants, and first without one."""

    def __init__(self, path: str, worker: int) -> None:
        self.path, self.worker = path, worker

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        source, began = (ROOT / self.path).read_text(), time.monotonic()
        if not self.survives(session, source, limit_s=600):
            pytest.exit(f"The tests of {self.path} fail without a mutant.", returncode=2)
        limit_s = 30 + 3 * (time.monotonic() - began)
        with find_report(self.worker).open("w") as report:
            for index, mutant in enumerate(list_mutants(source)):
                is_mine = index % WORKERS == self.worker
                if is_mine and self.survives(session, mutant.source, limit_s):
                    report.write(f"{index}\n")
        return True

    def survives(self, session: pytest.Session, source: str, limit_s: float) -> bool:
        """Whether the tests pass, within their time."""
        forget_database(self.worker)
        child = os.fork()
        if not child:
            self.run_child(session, source)
        deadline = time.monotonic() + limit_s
        while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0):
            if time.monotonic() > deadline:
                os.killpg(child, signal.SIGKILL)
            time.sleep(0.005)
        return ended[1] == 0

    def run_child(self, session: pytest.Session, source: str) -> None:
        """Ends the process: with 0 if every test passes."""
        os.setpgid(0, 0)
        try:
            plant(importlib.import_module(self.path.removesuffix(".py").replace("/", ".")), source)
            for item, following in zip(session.items, [*session.items[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if session.testsfailed:
                    os._exit(1)
            os._exit(0)
        except BaseException:  # noqa: BLE001 Whatever it is, the tests have failed.
            traceback.print_exc()
        finally:
            os._exit(2)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            say(report.nodeid, report.longreprtext)


def find_report(worker: int) -> Path:
    return Path(os.environ["DRESSCODE_STATE"]) / f"survivors{worker}"


def forget_database(worker: int) -> None:
    """Drop the copy that the worker's last mutant made."""
    import psycopg

    from dresscode.local.embedded import paths, postgres

    sockets = str(paths.socket_dir(Path(os.environ["DRESSCODE_STATE"])))
    options: dict[str, Any] = {"dbname": "postgres", "user": postgres.SUPERUSER, "autocommit": True}
    with psycopg.connect(host=sockets, **options) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "test_{worker + 1}" WITH (FORCE)')


def judge_module(path: str, tests: list[str], equivalent: dict[str, str]) -> bool:
    """Whether every mutant is killed, or is known to change nothing. Prints what is not so, and the score."""
    source, began = (ROOT / path).read_text(), time.monotonic()
    mutants = list(list_mutants(source))
    survivors = [mutants[index] for index in sorted(find_survivors(path, tests))]
    unknown = [mutant for mutant in survivors if mutant.name not in equivalent]
    for mutant in unknown:
        say(f"{path}, {mutant.name}", *show_change(source, mutant.source))
    stale = equivalent.keys() - {mutant.name for mutant in survivors}
    say(*(f"{path}: listed, but killed or gone: {name}" for name in stale))
    killed, known = len(mutants) - len(survivors), len(survivors) - len(unknown)
    took = f"{time.monotonic() - began:.0f} s"
    say(f"{path}: {killed} of {len(mutants)} killed, {known} equivalent, {took}")
    return not unknown and not stale


def find_survivors(path: str, tests: list[str]) -> list[int]:
    """The numbers of the mutants that survive. Ends the program if the tests fail without one."""
    workers = range(WORKERS)
    processes = [start_worker(worker, path, tests) for worker in workers]
    if sum(abs(process.wait()) for process in processes):
        say(find_report(0).with_suffix(".log").read_text())
        sys.exit(2)
    return [int(line) for worker in workers for line in find_report(worker).read_text().split()]


def start_worker(worker: int, path: str, tests: list[str]) -> "subprocess.Popen[bytes]":
    """A process that looks like one of xdist's, and so takes a copy of the database."""
    environment = {"PYTEST_XDIST_WORKER": f"gw{worker}", "OPENBLAS_NUM_THREADS": "1"}
    with find_report(worker).with_suffix(".log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.mutants", path, *tests],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def show_change(source: str, mutated: str) -> Iterator[str]:
    for line in difflib.unified_diff(source.splitlines(), mutated.splitlines(), n=0, lineterm=""):
        if not line.startswith(("---", "+++", "@@")):
            yield f"    {line}"


def say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


def work(worker: int, path: str, *tests: str) -> int:
    options = ["-q", "-s", "-p", "no:cacheprovider"]
    return pytest.main([*options, *tests], plugins=[MutantsPlugin(path, worker)])


def main(*paths: str) -> int:
    table = tomllib.loads(TABLE.read_text())
    from tests import conftest  # It makes a state folder.

    conftest.pytest_sessionstart()
    try:
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(migrate, cwd=ROOT, check=True)
        (conftest.STATE / "migrated").touch()
        modules = {path: table[path] for path in paths or table}
        verdicts = [
            judge_module(path, module["tests"], module.get("equivalent", {}))
            for path, module in modules.items()
        ]
        return 0 if all(verdicts) else 1
    finally:
        conftest.pytest_unconfigure()


if __name__ == "__main__":
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    sys.exit(work(int(worker), *sys.argv[1:]) if worker else main(*sys.argv[1:]))
