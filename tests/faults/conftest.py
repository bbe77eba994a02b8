from collections.abc import Iterator

import pytest

from tests.faults.site import Site


@pytest.fixture(scope="package")
def site() -> Iterator[Site]:
    """One for all of them: what a fault leaves behind, the next test must live with."""
    site = Site.start()
    yield site
    site.remove()
