"""Debian's Chromium, driven by Playwright: how it is started, how pages look, and what they complain of."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

WAIT_SECONDS = 180  # A busy machine; nothing waits this long when all is well.
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",  # Root has none.
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "reduced_motion": "reduce",
}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
# How htmx says that a newer request took the place of an older one.
REPLACED_REQUESTS = ["htmx:sendAbort", "htmx:afterRequest"]


@contextmanager
def open_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Complaints:
    """What pages of a context wrote to the console as an error: scripts that threw, resources that
    failed, and everything that the content policy refused. `expected` are words of those meant to be."""

    expected: list[str] = field(default_factory=lambda: [*REPLACED_REQUESTS])
    found: list[str] = field(default_factory=list)

    def listen(self, context: BrowserContext) -> None:
        context.on(
            "console", lambda said: self.hear(said.type, f"{said.text} {said.location['url']}")
        )
        context.on("weberror", lambda error: self.hear("error", str(error.error)))

    def hear(self, kind: str, text: str) -> None:
        if kind == "error" and not any(words in text for words in self.expected):
            self.found.append(text)


def wait_until(page: Page, promise: str) -> None:
    """Wait for what a promise tells: Playwright's own `wait_for_function` takes the promise itself for a yes.

    Raises AssertionError after the longest that a busy machine may take.
    """
    latest = time.monotonic() + WAIT_SECONDS
    while not page.evaluate(promise):
        assert time.monotonic() < latest, f"never true: {promise}"
        page.wait_for_timeout(50)


def sign_in(page: Page, *, email: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "login" not in url)


def told(page: Page, words: str | re.Pattern[str]) -> Locator:
    """A notice of the page. What it says is said twice for a while, once for screen readers."""
    return page.locator("#notices").get_by_text(words)
