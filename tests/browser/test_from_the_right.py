"""Pages in a language that is written from the right and a third longer than English fit on a phone and on a desk.

They are made by the test's own process, whose language no product has, and shown in Chromium with the product's styles.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, Route

from tests.browser.chromium import DESK, PHONE, open_browser
from tests.browser.test_accessibility import overflows
from tests.dresscode.test_pseudo_language import EMAIL, PUBLIC, WEARERS, fill, read
from tests.factories import load_vocabulary, make_user
from tests.pseudo import speaking_pseudo, write_pseudo

SITE = "http://testserver"
HASH = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")
KINDS = {
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".js": "text/javascript",
    ".webp": "image/webp",
}


@pytest.fixture
def pages(db: None, client: Client, tmp_path: Path) -> dict[str, str]:
    """By their addresses."""
    load_vocabulary()
    write_pseudo(tmp_path)
    with speaking_pseudo(tmp_path):
        shown = {reverse(name): read(client, reverse(name)) for name in PUBLIC}
        wearer = make_user(EMAIL, first_name="Ωδ")
        client.force_login(wearer)
        piece = fill(wearer)
        detail = reverse("wardrobe:garment-detail", args=[piece.pk])
        shown |= {path: read(client, path) for path in [*map(reverse, WEARERS), detail]}
        return {
            path: page for path, page in shown.items() if "<html" in page
        }  # Others are parts of one.


def test_nothing_scrolls_sideways(pages: dict[str, str]) -> None:
    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path in pages:
            route.fulfill(body=pages[path], content_type="text/html; charset=utf-8")
            return
        name = HASH.sub("", path.removeprefix("/static/"))
        file = Path(str(finders.find(name))) if path.startswith("/static/") else Path()
        if file.suffix in KINDS:
            route.fulfill(path=file, content_type=KINDS[file.suffix])
        else:
            route.fulfill(status=404)

    found = []
    with open_browser() as browser:
        for options in (PHONE, DESK):
            page: Page = browser.new_context(**options, service_workers="block").new_page()
            page.route("**/*", answer)
            width = options["viewport"]["width"]
            for path in pages:
                page.goto(f"{SITE}{path}", wait_until="load")
                assert page.evaluate("document.styleSheets.length")
                assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
                found += overflows(page, width)
    assert found == []
