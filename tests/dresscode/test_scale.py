"""The figures of `docs/scale.md` are those of the results that are kept, and nothing else."""

import json

import pytest

from benchmarks import scale


def test_the_page_has_the_tables_of_the_kept_results() -> None:
    page = scale.PAGE.read_text()
    assert scale.fill_in(page) == page, "python -m benchmarks.scale --write"
    assert {found[2] for found in scale.BLOCK.finditer(page)} == {*scale.TABLES}


def test_a_figure_that_is_changed_by_hand_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    results = scale.read_results()
    largest = max(results["sizes"], key=int)
    results["sizes"][largest]["tables"]["styling_suggestion"]["table_bytes"] *= 2
    monkeypatch.setattr(scale, "read_results", lambda: results)
    page = scale.PAGE.read_text()
    assert scale.fill_in(page) != page


def test_the_kept_results_say_where_they_come_from() -> None:
    results = json.loads(scale.RESULTS.read_text())
    assert len(results["sizes"]) >= 2
    assert results["environment"]["cpus"]
    assert results["sizes"][max(results["sizes"], key=int)]["read_whole"] == {}
