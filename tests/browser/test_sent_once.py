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
    """Nobody answers what is sent to it: it is on its way for as long as the test looks."""

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route.request.post_data or "")
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
    """By a script: a page that is being left takes no press of Playwright's. Until so many have been sent."""
    click = "(name) => [...document.querySelectorAll('button')].find((one) => one.textContent === name).click()"
    page.evaluate(click, name)
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
