"""A double tap on a button sends its form once; another button of it is another word."""

import time

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.chromium import WAIT_SECONDS
from tests.conftest import ROOT

PAGE = """<!doctype html><html lang="en"><title>A form</title><script src="/base.js" type="module"></script>
<form method="post"><button name="do" value="keep">Keep</button><button name="do" value="copy">Copy</button></form>
<form id="other" method="post"><button name="do" value="other">Other</button></form>
<div id="notices"></div></html>"""


@pytest.fixture
def sent() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, sent: list[str]) -> Page:
    """What is sent to it is answered with no page, so that it stays and its buttons can be pressed on."""

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route.request.post_data or "")
            route.fulfill(status=204)
        elif route.request.url.endswith("/base.js"):
            script = (ROOT / "static" / "js" / "base.js").read_text()
            route.fulfill(body=script, content_type="text/javascript")
        else:
            route.fulfill(body=PAGE, content_type="text/html")

    page = browser.new_page()
    page.route("**/*", answer)
    page.goto("http://dresscode.test/")
    return page


def press(page: Page, name: str, sent: list[str], count: int) -> None:
    """Until so many have been sent."""
    page.get_by_role("button", name=name).click(no_wait_after=True)
    latest = time.monotonic() + WAIT_SECONDS
    while len(sent) < count:
        assert time.monotonic() < latest, f"{name} was never sent"
        page.wait_for_timeout(50)


def test_a_double_tap_sends_once(page: Page, sent: list[str]) -> None:
    press(page, "Keep", sent, 1)
    press(page, "Keep", sent, 1)
    page.wait_for_timeout(500)
    press(page, "Other", sent, 2)
    assert sent == ["do=keep", "do=other"]


def test_another_button_is_another_word(page: Page, sent: list[str]) -> None:
    press(page, "Keep", sent, 1)
    press(page, "Copy", sent, 2)
    assert sent == ["do=keep", "do=copy"]


def test_a_page_that_one_comes_back_to_sends_again(page: Page, sent: list[str]) -> None:
    press(page, "Keep", sent, 1)
    page.evaluate("() => void dispatchEvent(new Event('pageshow'))")
    press(page, "Keep", sent, 2)
    assert sent == ["do=keep", "do=keep"]
