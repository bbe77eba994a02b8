"""The log of answers in Redis: entries of several answers travel together, and each is told of its own."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from redis.exceptions import RedisError

from styling.streaming.draft import MOST_GATHERED, SECONDS_PER_DELTA, UNHURRIED, pace
from styling.streaming.transcript import (
    KEEP_S,
    Courier,
    Entry,
    Log,
    LogTakenError,
    get_redis,
)

Events = list[dict[str, Any]]


def tell(count: int) -> Events:
    return [{"seq": seq, "type": "delta", "text": f"word {seq} "} for seq in range(1, count + 1)]


async def begin(count: int) -> list[Log]:
    """Logs with one entry each."""
    logs = [Log(uuid4(), attempt=1) for _ in range(count)]
    for log in logs:
        await log.write(tell(1))
    return logs


def count_loads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """From now on, how many entries each round trip takes along."""
    loads: list[int] = []
    send = Courier._send

    async def count(self: Courier, load: Any) -> Any:
        loads.append(len(load))
        return await send(self, load)

    monkeypatch.setattr(Courier, "_send", count)
    return loads


async def test_entries_that_come_together_share_a_round_trip(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    logs = await begin(3)
    loads = count_loads(monkeypatch)
    await asyncio.gather(*(log.write(tell(3)) for log in logs))
    assert loads == [3]
    for log in logs:
        assert await log.read() == tell(3)


async def test_first_entries_share_it_too_and_are_kept_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loads = count_loads(monkeypatch)
    logs = [Log(uuid4(), attempt=1) for _ in range(3)]
    await asyncio.gather(*(log.write(tell(2)) for log in logs))
    assert loads == [3]
    for log in logs:
        assert await log.read() == tell(2)
        assert 0 < await get_redis().ttl(log.key) <= KEEP_S


@pytest.mark.parametrize("before", [0, 1])
async def test_what_is_told_while_a_batch_is_under_way_is_in_the_next_one(before: int) -> None:
    log, events = Log(uuid4(), attempt=1), tell(before + 1)
    if before:
        await log.write(tell(before))
    writing = asyncio.create_task(log.write(events))
    await asyncio.sleep(0)
    events += tell(before + 3)[before + 1 :]
    await writing
    await log.write(events)
    assert await log.read() == tell(before + 3)


async def test_a_first_entry_leaves_what_a_later_attempt_wrote() -> None:
    late = Log(uuid4(), attempt=1)
    newer = Log(late.suggestion_id, attempt=2)
    await newer.write(tell(1))
    with pytest.raises(RedisError):
        await late.write(tell(3))
    with pytest.raises(LogTakenError):
        await late.write(tell(3))
    assert await newer.read() == tell(1)


async def test_a_refused_entry_fails_its_own_answer_only() -> None:
    late, other = await begin(2)
    await get_redis().xadd(late.key, {"events": "[]"}, id="2-9")
    said = await asyncio.gather(late.write(tell(2)), other.write(tell(2)), return_exceptions=True)
    assert isinstance(said[0], RedisError)
    assert said[1] is None
    assert await other.read() == tell(2)


async def test_whoever_gave_up_waiting_harms_nobody() -> None:
    gone, other = await begin(2)
    waiting = [asyncio.create_task(log.write(tell(2))) for log in (gone, other)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await waiting[1]
    assert await other.read() == tell(2)
    await gone.write(tell(3))  # It looks what has arrived, and adds the rest.
    heard = [event["seq"] for event in await gone.read()]
    assert [*dict.fromkeys(heard)] == [1, 2, 3]


async def test_a_redis_that_is_away_is_each_ones_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**options: Any) -> Any:
        raise ConnectionRefusedError

    monkeypatch.setattr(get_redis(), "pipeline", away)
    courier = Courier()
    entries = [Entry(f"away-{number}", {"events": "[]"}, "1-1") for number in range(2)]
    said = await asyncio.gather(*map(courier.carry, entries), return_exceptions=True)
    assert [type(one) for one in said] == [ConnectionRefusedError] * 2


async def test_a_log_that_lost_its_entries_begins_anew() -> None:
    (log,) = await begin(1)
    await get_redis().delete(log.key)
    await log.write(tell(2))
    assert await log.read() == tell(2)


@pytest.mark.parametrize(
    ("answers", "times"),
    [(1, 1), (UNHURRIED, 1), (1.25 * UNHURRIED, 1.25), (1000 * UNHURRIED, MOST_GATHERED)],
)
def test_words_are_gathered_for_longer_where_many_answers_are_written(
    answers: float, times: float
) -> None:
    assert pace(round(answers)) == pytest.approx(SECONDS_PER_DELTA * times)
