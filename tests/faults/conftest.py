from collections.abc import Iterator

import pytest

from tests.faults.site import Site


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """One for a whole file: what a fault leaves behind, the next test must live with."""
    site = Site.start()
    yield site
    site.remove()
