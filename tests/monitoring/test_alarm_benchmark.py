"""The benchmark of alarms, once: faults and a bad version are seen in time, and nothing else. The other faults are played
in `test_simulation`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

FAULTS = ["invented-garments", "new-format", "slow-engine"]
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_each_fault_is_seen_in_time_and_only_a_bad_version_is_rolled_back() -> None:
    command = [sys.executable, "-m", "benchmarks.alarms", "--quick", "--json", "--faults", *FAULTS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    figures = {
        figure["name"]: figure["value"]
        for figure in json.loads(done.stdout.splitlines()[-1])["figures"]
    }
    seen = {name: value for name, value in figures.items() if ": seen within" in name}
    wrong = {name: value for name, value in figures.items() if name.endswith("a wrong alert")}
    assert len(seen) == len(wrong) == len(FAULTS)
    assert set(seen.values()) == {1} and set(wrong.values()) == {0}
    assert (figures["bad version: rolled back"], figures["healthy version: rolled back"]) == (1, 0)
    assert 0 < figures["bad version: longest after the alert"] <= 60
