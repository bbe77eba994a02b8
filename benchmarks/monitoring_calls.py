"""Millions of calls, written by SQL; indexes and the foreign key are made afterwards, as a restore would."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

PERIOD = timedelta(days=90)

CALLS = """
INSERT INTO registry_inferencecall (
    id, trace_id, task, version_id, epoch, subject, input_sha256, engine, model, outcome, error_code,
    error, finish_reason, output, violations, input_tokens, output_tokens, ttft_ms, latency_ms, steps_ms,
    started_at, heartbeat_at, finished_at
)
SELECT
    gen_random_uuid(), gen_random_uuid(), task,
    (%(versions)s::bigint[])[CASE WHEN task = 'digitize_photo' THEN 1 WHEN share > 0.3 THEN 2 ELSE 3 END],
    1, CASE WHEN n %% 1000 = 0 THEN 'example:' ELSE 'bench:' END || n, repeat('0', 64),
    engine, '', outcome, CASE outcome WHEN 'failed' THEN 'engine_timeout' ELSE '' END, '', 'stop',
    CASE outcome WHEN 'succeeded' THEN %(output)s::jsonb END,
    CASE WHEN n %% 20000 = 7 THEN %(shown)s::jsonb WHEN n %% 50 = 0 THEN %(withheld)s ELSE '[]' END,
    1900, 60, latency_ms / 6, latency_ms,
    jsonb_build_object('queue', n %% 40, 'engine', latency_ms * 0.9, 'checks', n %% 50, 'database', n %% 30),
    ended_at - latency_ms * interval '1 ms', ended_at, ended_at
FROM (
    SELECT
        n,
        n::float8 / %(calls)s AS share,
        CASE n %% 3 WHEN 0 THEN 'digitize_photo' ELSE 'suggest_outfit' END AS task,
        CASE WHEN random() < 0.3 THEN 'builtin' ELSE 'vllm' END AS engine,
        CASE WHEN luck < 0.01 THEN 'failed' WHEN luck < 0.02 THEN 'cancelled' ELSE 'succeeded' END AS outcome,
        exp(7 + 0.5 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) AS latency_ms,
        %(until)s::timestamptz - %(length)s::interval * (n::float8 / %(calls)s) AS ended_at
    FROM generate_series(1, %(calls)s) AS n
    CROSS JOIN LATERAL (SELECT random() + 0 * n AS luck) AS drawn
) AS made
"""
"""Of two tasks, three versions and two engines, spread evenly. One in a thousand is an evaluation's."""

INDEXES = """
SELECT i.indexname, i.indexdef FROM pg_indexes i
WHERE i.tablename = ANY(%s)
AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = i.indexname)
"""

FOREIGN_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = ANY(%s::regclass[]) AND contype = 'f'
"""


def write_calls(calls: int, now: datetime, versions: list[int]) -> None:
    """`versions` are the primary keys of one of `digitize_photo` and two of `suggest_outfit`."""
    from django.db import connection

    withheld = {"code": "unowned_item", "message": "", "shown": False}
    with connection.cursor() as cursor, without_indexes(cursor, "registry_inferencecall"):
        cursor.execute(
            CALLS,
            {
                "calls": calls,
                "until": now,
                "length": PERIOD,
                "versions": versions,
                "output": json.dumps({"prose": "word " * 60}),
                "withheld": json.dumps([withheld]),
                "shown": json.dumps([{**withheld, "shown": True}]),
            },
        )


@contextmanager
def without_indexes(cursor: Any, *tables: str) -> Iterator[None]:
    """Their indexes and foreign keys are dropped, and made again afterwards; then the tables are vacuumed."""
    cursor.execute("SET maintenance_work_mem = '1GB'")
    cursor.execute(INDEXES, [list(tables)])
    indexes = list(cursor.fetchall())
    cursor.execute(FOREIGN_KEYS, [list(tables)])
    keys = list(cursor.fetchall())
    for table, name, _ in keys:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _ in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for _, definition in indexes:
        cursor.execute(definition)
    for table, name, definition in keys:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    for table in tables:
        cursor.execute(f"VACUUM ANALYZE {table}")
