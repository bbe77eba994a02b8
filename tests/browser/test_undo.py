"""The toast that takes back what was just done: it shows, waits for who is at it, is heard, and goes after its time."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.chromium import DESK, PHONE, told

TIME_MS = 8000
HEAR = """() => {
  window.heard = [];
  const listen = () => new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes)
      if (addedNodes.length && target.closest?.("[role=status]")) window.heard.push(target.textContent.trim());
  }).observe(document.documentElement, { childList: true, subtree: true });
  window.addEventListener("load", listen);
}"""


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(
    open_context: Callable[..., BrowserContext], wearer: Any, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """On it a piece was put away a moment ago, by a clock that stands."""
    page = open_context(**request.param, storage_state=wearer).new_page()
    page.add_init_script(f"({HEAR})()")
    page.clock.install()
    page.goto("/wardrobe/")
    page.locator("#rack .garment__name a").first.click()
    page.wait_for_load_state()
    piece = page.url
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    page.get_by_role("button", name="Put away").click()
    page.get_by_role("dialog").get_by_role("button", name="Put away").click()
    yield page
    page.goto(piece)
    if page.get_by_role("button", name="Bring it back").count():
        page.get_by_role("button", name="Bring it back").click()


def toast(page: Page) -> Locator:
    notice = page.locator(".undo")
    expect(notice.get_by_role("button", name="Undo")).to_be_visible()
    return notice


def test_it_goes_after_its_time_and_not_before(page: Page) -> None:
    notice = toast(page)
    page.clock.run_for(TIME_MS - 500)
    expect(notice).to_be_visible()
    page.clock.run_for(1000)
    expect(notice).to_be_hidden()


def test_it_waits_for_who_points_at_it_or_is_in_it(page: Page) -> None:
    notice = toast(page)
    notice.hover()
    page.clock.run_for(3 * TIME_MS)
    expect(notice).to_be_visible()
    notice.get_by_role("button").focus()
    page.mouse.move(5, 5)
    page.clock.run_for(3 * TIME_MS)
    expect(notice).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    page.clock.run_for(TIME_MS + 500)
    expect(notice).to_be_hidden()


def test_it_takes_back_by_keyboard(page: Page) -> None:
    toast(page).get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(told(page, "is back on the rack.")).to_be_visible()


def test_it_is_heard(page: Page) -> None:
    said = toast(page).locator("p").inner_text()
    page.clock.run_for(1000)
    assert said in page.evaluate("window.heard")
