"""The leases of many answers are renewed together, and each hears its own."""

import asyncio
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from stores.threads import in_thread
from styling.models import Suggestion
from styling.streaming import heartbeats, leases
from styling.streaming.heartbeats import Heart, Held
from styling.streaming.leases import Renewal
from tests.styling.conftest import ask_for_outfit

pytestmark = pytest.mark.django_db(transaction=True)

HELD, LOST = Renewal(is_held=True, interrupt="", recall=""), Renewal(False, "", "")


def claim(owner: User) -> Suggestion:
    claimed = leases.claim_suggestion(ask_for_outfit(owner).pk)
    assert claimed is not None
    return claimed.suggestion


def leased_until(suggestion: Suggestion) -> datetime:
    until = Suggestion.objects.get(pk=suggestion.pk).leased_until
    assert until is not None
    return until


@contextmanager
def locked(suggestion: Suggestion) -> Iterator[None]:
    """Another connection is writing on the row meanwhile."""
    is_locked, may_go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Suggestion.objects.select_for_update().get(pk=suggestion.pk)
            is_locked.set()
            may_go.wait(10)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert is_locked.wait(10)
    try:
        yield
    finally:
        may_go.set()
        thread.join()


def test_each_answer_hears_whether_it_is_held_and_what_was_asked_of_it(
    alice: User, clothes: Any
) -> None:
    held, stopped, lost = (claim(alice) for _ in range(3))
    leases.request_stop(stopped.pk)
    before = leased_until(held)
    asked = [
        (held.pk, held.attempt, None),
        (stopped.pk, stopped.attempt, None),
        (lost.pk, lost.attempt - 1, None),
        (uuid.uuid4(), 1, None),
    ]
    assert leases.renew_leases(asked) == [HELD, Renewal(True, "stop", ""), LOST, LOST]
    assert leased_until(held) > before


def test_a_row_that_is_just_written_on_holds_up_no_other(alice: User, clothes: Any) -> None:
    first, second = claim(alice), claim(alice)
    before = leased_until(first), leased_until(second)
    asked = [(one.pk, one.attempt, None) for one in (first, second)]
    with locked(first):
        assert leases.renew_leases(asked) == [HELD, HELD]
        assert leased_until(second) > before[1]
    assert leased_until(first) == before[0]
    leases.renew_leases(asked)
    assert leased_until(first) > before[0]


def test_what_has_ended_is_not_held(alice: User, clothes: Any) -> None:
    ended = claim(alice)
    Suggestion.objects.filter(pk=ended.pk).update(
        status=Suggestion.Status.FAILED, finished_at=timezone.now()
    )
    assert leases.renew_leases([(ended.pk, ended.attempt, None)]) == [LOST]


async def test_one_statement_renews_all_answers_and_none_is_made_without_any(
    alice: User, clothes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeats, "HEARTBEAT_S", 0.25)
    asked: list[int] = []
    renew = leases.renew_leases

    def note(held: Any) -> list[Renewal]:
        asked.append(len(held))
        return renew(held)

    monkeypatch.setattr(leases, "renew_leases", note)
    heart = Heart()
    heard: asyncio.Queue[Renewal] = asyncio.Queue()
    claimed = [await in_thread(claim)(alice) for _ in range(2)]
    first, second = (Held(one.pk, one.attempt, tell=heard.put_nowait) for one in claimed)
    async with heart.holding(first):
        async with heart.holding(second):
            assert [await heard.get(), await heard.get()] == [HELD, HELD]
        assert await heard.get() == HELD
    assert asked == [2, 1]
    await asyncio.sleep(0.4)
    assert len(asked) == 2


async def test_a_beat_that_fails_is_made_up_for_by_the_next(
    alice: User, clothes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeats, "HEARTBEAT_S", 0.25)
    renew, tries = leases.renew_leases, []

    def fail_once(held: Any) -> list[Renewal]:
        tries.append(held)
        if len(tries) == 1:
            raise ArithmeticError
        return renew(held)

    monkeypatch.setattr(leases, "renew_leases", fail_once)
    heard: asyncio.Queue[Renewal] = asyncio.Queue()
    claimed = await in_thread(claim)(alice)
    async with Heart().holding(Held(claimed.pk, claimed.attempt, tell=heard.put_nowait)):
        assert await heard.get() == HELD
    assert len(tries) == 2
