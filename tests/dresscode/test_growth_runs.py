"""`benchmarks.growth` comes to its end: its big sizes take an hour, and what breaks at their end is not found by parts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dresscode.processes import LONGEST_S

SIZES = ("5", "10")


@pytest.mark.slow
def test_a_small_growth_is_measured_to_its_end(tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    few = ["--garments", "8", "--outfits", "6", "--rounds", "1", "--keep", str(kept)]
    command = [sys.executable, "-m", "benchmarks.growth", "--wearers", *SIZES, *few]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S)
    assert ended.returncode == 0, ended.stderr
    result = json.loads(kept.read_text())
    for size in SIZES:
        one = result["sizes"][size]
        assert one["drift_sample"]["one_of"] > 1, "of so few a sample is read, too"
        assert one["files_looked_at"]["a_cpu_s"] > 0
        assert min(one["scheduled_ms"].values()) >= 0, "no job failed"
    assert all({*by_size} == {*SIZES} for by_size in result["cpu_ms"].values())
