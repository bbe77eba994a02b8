"""Database work asked for by the event loop, in a few threads.

Taking a connection from the pool asks PostgreSQL whether it is well, and costs as much as a small query. A thread that
has more to do therefore goes on with the connection it has, and gives it back when nothing has come for a moment: an answer
asks for its turns one after the other.
"""

import threading
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import AsyncToSync, SyncToAsync
from django.db import close_old_connections, connections

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 5
"""Below the pool's eight connections: pages need some, too. More threads than cores mostly wait for each other."""
REST_S = 0.2
"""As long a thread waits for more with the connection that it has."""


class DatabaseThreads(ThreadPoolExecutor):
    """Runs what is submitted in its order. A thread begins with what waits, rests when nothing does, and ends."""

    def __init__(self, threads: int) -> None:
        super().__init__(threads, thread_name_prefix="database")
        self._most, self._busy, self._resting = threads, 0, 0
        self._lock = threading.Lock()
        self._more = threading.Condition(self._lock)
        self._tasks: deque[tuple[Future[Any], Callable[[], Any]]] = deque()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        with self._lock:
            self._tasks.append((future, lambda: fn(*args, **kwargs)))
            if len(self._tasks) <= self._resting:
                self._more.notify()
                return future
            has_all = self._busy == self._most
            self._busy += not has_all
        if not has_all:
            super().submit(self._work)
        return future

    def _work(self) -> None:
        while task := self._take():
            _run(*task)
            if any(one.errors_occurred for one in connections.all(initialized_only=True)):
                close_old_connections()

    def _take(self) -> tuple[Future[Any], Callable[[], Any]] | None:
        """What to do next; None once the thread has given its connections back and is not counted any more."""
        if task := self._wait(REST_S):
            return task
        close_old_connections()
        with self._lock:
            if self._tasks:
                return self._tasks.popleft()
            self._busy -= 1
            return None

    def _wait(self, seconds: float) -> tuple[Future[Any], Callable[[], Any]] | None:
        """The next piece of work, if there is one or one comes within this time."""
        with self._lock:
            if not self._tasks:
                self._resting += 1
                self._more.wait(seconds)
                self._resting -= 1
            return self._tasks.popleft() if self._tasks else None


def _run(future: "Future[Any]", function: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = function()
    except BaseException as error:  # noqa: BLE001 - As `concurrent.futures`: who waits hears of it.
        future.set_exception(error)
    else:
        future.set_result(result)


_threads = DatabaseThreads(THREADS)


def in_thread(function: Callable[P, T]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Run database work in any of the threads: hundreds of streams must not queue for a single one.

    Below `async_to_sync` (a job's) it runs in the caller's own thread, whose connection and transaction it shares.
    """

    async def call(*args: P.args, **kwargs: P.kwargs) -> T:
        if getattr(AsyncToSync.executors, "current", None):
            return await SyncToAsync(function)(*args, **kwargs)
        work = SyncToAsync(function, thread_sensitive=False, executor=_threads)
        return await work(*args, **kwargs)

    return call
