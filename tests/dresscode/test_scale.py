"""The figures of `docs/scale.md` are those of the results that are kept, and nothing else."""

import json
from pathlib import Path

import pytest

from benchmarks import scale
from dresscode.queues.periodic import SCHEDULED_JOBS
from monitoring.drift import windows
from wardrobe import jobs


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


@pytest.mark.parametrize("path", [scale.RESULTS, scale.SHORT], ids=["history", "wearers"])
def test_the_kept_results_say_where_they_come_from(path: Path) -> None:
    results = json.loads(path.read_text())
    assert len(results["sizes"]) >= 2
    assert results["environment"]["cpus"]
    assert results["garments"] and results["outfits"]
    assert results["sizes"][max(results["sizes"], key=int)]["read_whole"] == {}


@pytest.mark.parametrize("path", [scale.RESULTS, scale.SHORT], ids=["history", "wearers"])
def test_what_looks_at_more_blocks_does_so_for_deeper_indexes(path: Path) -> None:
    """But for a quarter, or two of a few: a plan that reads more with more wearers would leave more behind."""
    results = json.loads(path.read_text())
    few, many = (results["sizes"][size]["blocks"] for size in sorted(results["sizes"], key=int))
    for name in few:
        left = many[name] - scale.deeper(results, name)
        assert left <= 1.25 * few[name] + 2, name


def test_the_page_says_what_the_jobs_are_set_to() -> None:
    assert scale.READ_BY_DRIFT == windows.MOST_WEARERS
    assert scale.SWEEP_S == jobs.MOST_TIME_S
    assert SCHEDULED_JOBS["wardrobe.jobs.embed_photos_job"] == scale.SWEEP_EVERY_S
