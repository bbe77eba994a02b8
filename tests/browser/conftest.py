"""One running product and one Chromium for all browser tests; without Chromium each is skipped by name."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.chromium import CHROMIUM, WAIT_SECONDS, Complaints, open_browser, sign_in
from tests.browser.sites import PASSWORD, WEARER, address, serve_site
from tests.browser.wearers import Wearer, make_wearers
from tests.dresscode.launchers import Launcher

HERE = Path(__file__).parent
WAIT_MS = 1_000 * WAIT_SECONDS


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = pytest.mark.skip(reason=f"no {CHROMIUM}; make browser installs it")
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM.exists():
                item.add_marker(missing)


@pytest.fixture(scope="package")
def launcher() -> Iterator[Launcher]:
    with serve_site() as launcher:
        yield launcher


@pytest.fixture(scope="package")
def site(launcher: Launcher) -> str:
    return address(launcher)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one module: Playwright's event loop must not outlive it, or no async test after it can run."""
    expect.set_options(timeout=WAIT_MS)
    with open_browser() as browser:
        yield browser


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture
def open_context(
    browser: Browser, site: str, complaints: Complaints
) -> Iterator[Callable[..., BrowserContext]]:
    """Makes contexts whose pages may complain of nothing: that is checked when the test ends."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=site, **options)
        context.set_default_timeout(WAIT_MS)
        complaints.listen(context)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert complaints.found == []


@pytest.fixture(scope="module")
def wearer(browser: Browser, site: str) -> Any:
    """The demo wearer's cookies: one sign-in for all tests."""
    context = browser.new_context(base_url=site)
    sign_in(context.new_page(), email=WEARER, password=PASSWORD)
    return context.storage_state()


@pytest.fixture(scope="package")
def newcomers(launcher: Launcher) -> Iterator[Wearer]:
    """The next one is nobody else's."""
    return make_wearers(launcher)


@pytest.fixture(scope="module")
def newcomer(newcomers: Iterator[Wearer]) -> Wearer:
    """One for the tests of a module."""
    return next(newcomers)
