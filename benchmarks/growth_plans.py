"""What PostgreSQL does for a page or a job in `benchmarks.growth`: tables that it reads whole, blocks that it looks at."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.growth_work import Work

FEW_ROWS = 2_000
"""A table of fewer rows may be read whole: what operators write does not grow with the wearers."""


@contextmanager
def watching(plans: dict[str, str], rows: dict[str, int]) -> Iterator[None]:
    """Explain each query that is asked within, and note whole reads of tables that grow: table to query."""
    from django.db import connection

    seen: set[str] = set()

    def explain(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = str(sql)
        if not many and text.startswith(("SELECT", "UPDATE", "DELETE")) and text not in seen:
            seen.add(text)
            with connection.connection.cursor() as cursor:
                cursor.execute("EXPLAIN (FORMAT JSON) " + text, params)
                [found] = cursor.fetchone()
            found = json.loads(found) if isinstance(found, str) else found
            for table in list_whole_reads(found[0]["Plan"]):
                if rows.get(table, 0) > FEW_ROWS:
                    plans.setdefault(table, text)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield


def count_blocks(task: Work) -> int:
    """Blocks of 8 KiB of tables and indexes that its queries look at: as many however busy the machine is."""
    from django.db import connection

    blocks = 0

    def count(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        nonlocal blocks
        if str(sql).startswith("SELECT") and "FOR UPDATE" not in str(sql):
            with connection.connection.cursor() as cursor:
                cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + str(sql), params)
                [found] = cursor.fetchone()
            plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
            blocks += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        task()
    return blocks


def list_whole_reads(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for part in plan.get("Plans", []):
        yield from list_whole_reads(part)
