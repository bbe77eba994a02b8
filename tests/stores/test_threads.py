"""Threads for database work: in order, with a connection for as long as work waits, and in the caller's own for jobs."""

import asyncio
import threading
import time
from concurrent.futures import Future
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.utils import translation

from stores import threads
from stores.threads import DatabaseThreads, in_thread

pytestmark = pytest.mark.django_db(transaction=True)


def name_backend() -> int:
    """Which of PostgreSQL's processes answers this thread."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def submit_together(pool: DatabaseThreads, *functions: Any) -> list["Future[Any]"]:
    """All of them wait behind a first piece of work."""
    gate = threading.Event()
    first = pool.submit(gate.wait, 10)
    futures = [pool.submit(function) for function in functions]
    gate.set()
    assert first.result(10)
    return futures


def test_work_is_done_in_its_order_and_a_fault_is_told_to_whoever_waits() -> None:
    pool, done = DatabaseThreads(1), []
    ok, broken, late = submit_together(
        pool, lambda: done.append(1), lambda: 1 / 0, lambda: done.append(2)
    )
    with pytest.raises(ZeroDivisionError):
        broken.result(10)
    assert (ok.result(10), late.result(10), done) == (None, None, [1, 2])


def test_a_connection_is_kept_while_work_waits_and_given_back_then() -> None:
    pool, given_back = DatabaseThreads(1), []
    futures = submit_together(pool, name_backend, name_backend)
    first, second = (future.result(10) for future in futures)
    assert first == second

    def look() -> None:
        given_back.append(connection.connection is None)

    for _ in range(100):
        if not pool._busy:
            break
        time.sleep(0.01)
    pool.submit(look).result(10)
    assert given_back == [True]


def test_a_thread_rests_with_its_connection_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "REST_S", 2.0)
    pool = DatabaseThreads(2)
    first = pool.submit(name_backend).result(10)
    time.sleep(0.05)
    assert pool.submit(name_backend).result(10) == first
    pool.shutdown()


def test_a_thread_that_rests_takes_one_piece_and_others_begin_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threads, "REST_S", 2.0)
    pool, all_there = DatabaseThreads(3), threading.Barrier(3)
    pool.submit(name_backend).result(10)
    time.sleep(0.05)
    futures = [pool.submit(all_there.wait, 10) for _ in range(3)]
    assert {future.result(10) for future in futures} == {0, 1, 2}
    pool.shutdown()


def test_a_connection_that_broke_is_not_used_for_the_next_piece_of_work() -> None:
    pool = DatabaseThreads(1)

    def break_off() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    broken, next_one = submit_together(pool, break_off, name_backend)
    assert broken.exception(10) is not None
    assert next_one.result(10) > 0


def test_what_is_cancelled_before_it_began_is_left_out() -> None:
    pool, done = DatabaseThreads(1), []
    gate = threading.Event()
    pool.submit(gate.wait, 10)
    given_up = pool.submit(done.append, 1)
    last = pool.submit(done.append, 2)
    assert given_up.cancel()
    gate.set()
    last.result(10)
    assert done == [2]


async def test_no_more_threads_than_are_said_and_the_language_goes_along() -> None:
    seen: set[str] = set()

    def work() -> str:
        seen.add(threading.current_thread().name)
        time.sleep(0.01)
        return str(translation.get_language())

    with translation.override("de"):
        languages = await asyncio.gather(*(in_thread(work)() for _ in range(30)))
    assert {*languages} == {"de"}
    assert len(seen) <= threads.THREADS
    assert threading.current_thread().name not in seen


def test_a_job_works_in_its_own_thread() -> None:
    async def ask() -> str:
        return await in_thread(lambda: threading.current_thread().name)()

    assert async_to_sync(ask)() == threading.current_thread().name
