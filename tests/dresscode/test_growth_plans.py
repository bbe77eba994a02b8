"""How `benchmarks.growth` reads plans: what counts as reading a table whole, and what is looked at above the leaves."""

from typing import Any

from benchmarks.growth_plans import Looked, list_whole_reads


def step(kind: str, *parts: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"Node Type": kind, "Shared Hit Blocks": 0, "Shared Read Blocks": 0, "Actual Rows": 1,
            "Actual Loops": 1, "Plans": [*parts], **fields}  # fmt: skip


def by_index(**fields: Any) -> dict[str, Any]:
    named = {"Index Name": "photo_pkey", "Relation Name": "photo"}
    return step("Index Only Scan", **named, **fields)


def test_a_table_is_read_whole_with_or_without_an_index() -> None:
    assert [*list_whole_reads(step("Hash", step("Seq Scan", **{"Relation Name": "photo"})))] == [
        "photo"
    ]
    assert [*list_whole_reads(step("Hash", by_index()))] == ["photo"]
    assert [*list_whole_reads(by_index(**{"Index Cond": "(id = 1)"}))] == []
    assert [*list_whole_reads(by_index(), {"photo_pkey"})] == []


def test_a_limit_ends_the_reading_of_an_index_but_not_of_what_is_sorted_or_hashed() -> None:
    assert [*list_whole_reads(step("Limit", step("Nested Loop", by_index())))] == []
    assert [*list_whole_reads(step("Limit", step("Sort", by_index())))] == ["photo"]


def test_blocks_above_the_leaves_are_the_searches_by_the_levels() -> None:
    looked = Looked()
    searched = by_index(**{"Index Cond": "(id = 1)", "Index Searches": 5, "Shared Hit Blocks": 20})
    looked.add("SELECT", step("Nested Loop", searched, **{"Shared Hit Blocks": 22}))
    assert looked.blocks == 22
    assert looked.count_above_leaves({"photo_pkey": 2}) == 10
    assert (
        looked.count_above_leaves({"photo_pkey": 3}) - looked.count_above_leaves({"photo_pkey": 2})
        == 5
    )
