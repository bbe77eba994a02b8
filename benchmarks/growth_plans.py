"""What PostgreSQL does for a page or a job in `benchmarks.growth`: tables that it reads whole, blocks that it looks at."""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from benchmarks.growth_work import Work

FEW_ROWS = 2_000
"""A table of fewer rows may be read whole: what operators write does not grow with the wearers."""
VALUES = re.compile(r"'[^']*'|\b\d+\b")


@dataclass
class Looked:
    """What the queries of a page or a job look at: as much however busy the machine is."""

    blocks: int = 0
    """Of 8 KiB, of tables and indexes."""
    searches: Counter[str] = field(default_factory=Counter)
    """How often each index was searched from its root."""
    queries: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By their text: blocks, and how they were planned."""

    def add(self, text: str, plan: dict[str, Any]) -> None:
        blocks = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        self.blocks += blocks
        known, _ = self.queries.get(text, (0, ""))
        self.queries[text] = known + blocks, say_plan(plan)
        for node in list_nodes(plan):
            if "Index Name" in node:
                self.searches[node["Index Name"]] += int(node.get("Index Searches", 0))

    def count_above_leaves(self, levels: dict[str, int]) -> int:
        """Blocks of them that are above the leaves of B-trees, in a database whose indexes have so many levels."""
        return sum(count * levels.get(index, 0) for index, count in self.searches.items())


@contextmanager
def watching(plans: dict[str, str], rows: dict[str, int]) -> Iterator[None]:
    """Explain each query that is asked within, and note whole reads of tables that grow: table to query."""
    from django.db import connection

    seen: set[str] = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid WHERE indpred IS NOT NULL"
        )
        partial = {name for (name,) in cursor.fetchall()}

    def explain(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = str(sql)
        if not many and text.startswith(("SELECT", "UPDATE", "DELETE")) and text not in seen:
            seen.add(text)
            plan = ask_plan(connection, "EXPLAIN (FORMAT JSON) " + text, params)
            for table in list_whole_reads(plan, partial):
                if rows.get(table, 0) > FEW_ROWS:
                    plans.setdefault(table, text)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield


def look(task: Work) -> Looked:
    """What its queries look at; those that lock or write are not asked twice. The less of two looks: what is kept in memory
    for some seconds is read again now and then."""
    task()
    return min(look_once(task), look_once(task), key=lambda looked: looked.blocks)


def look_once(task: Work) -> Looked:
    from django.db import connection

    looked = Looked()

    def count(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = str(sql)
        if text.startswith("SELECT") and "FOR UPDATE" not in text:
            explain = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "
            looked.add(VALUES.sub("…", text), ask_plan(connection, explain + text, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        task()
    return looked


def ask_plan(connection: Any, sql: str, params: Any) -> dict[str, Any]:
    with connection.connection.cursor() as cursor:
        cursor.execute(sql, params)
        [found] = cursor.fetchone()
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def say_plan(plan: dict[str, Any]) -> str:
    """In a line: each step with its index or table, its rows and blocks, and what is below it in brackets."""
    name = plan.get("Index Name") or plan.get("Relation Name") or ""
    blocks = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    rows = f"{plan['Actual Rows']:.0f}×{plan['Actual Loops']:.0f}"
    below = ", ".join(say_plan(part) for part in plan.get("Plans", []))
    return f"{plan['Node Type']} {name} {rows}={blocks}".replace("  ", " ") + (
        f" [{below}]" if below else ""
    )


def list_whole_reads(
    plan: dict[str, Any], partial: Collection[str] = (), *, is_limited: bool = False
) -> Iterator[str]:
    """Tables that are read from one end to the other, themselves or by an index; not where a limit ends it, or the index is
    of a part of the rows."""
    kind, index = plan["Node Type"], plan.get("Index Name")
    is_whole = index and index not in partial and "Index Cond" not in plan and not is_limited
    if "Relation Name" in plan and (kind == "Seq Scan" or is_whole):
        yield plan["Relation Name"]
    is_limited = kind == "Limit" or is_limited and kind not in {"Sort", "Hash", "Aggregate"}
    for part in plan.get("Plans", []):
        yield from list_whole_reads(part, partial, is_limited=is_limited)


def list_nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from list_nodes(part)
