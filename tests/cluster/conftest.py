from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.cluster import Cluster
from tests.cluster.programs import list_missing
from tests.conftest import ROOT

REPORT = ROOT / "build" / "cluster.txt"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One for all of them: what a fault leaves behind, the next test must live with."""
    if missing := list_missing():
        pytest.skip(f"not installed: {', '.join(missing)} (make cluster-packages)")
    cluster = Cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def report() -> Path:
    """Where the times to recover are written."""
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text("")
    return REPORT
