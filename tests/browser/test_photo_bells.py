"""The bell of photos on their way: it may ring while a card is being fetched, and it may not ring at all."""

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Route, WebSocketRoute, expect

from tests.browser.chromium import PHONE, sign_in
from tests.browser.sites import PASSWORD, WEARER
from tests.browser.test_many_at_once import draw_photos, tiles
from tests.dresscode.processes import wait_until

CARDS = "**/photos/*/card/?tile*"
AFTER_SWAP_MS = 100  # Less than after any time by which cards are asked for.
LONG_MS = 60_000
# As the server sent it: without the picture that the page showed meanwhile.
READ_TILE = "tile => tile.outerHTML.replace(/<img[^>]*>/, '')"


def test_a_bell_that_rings_while_the_card_is_fetched_is_heard(
    open_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    page, bells, held = open_page(open_context)
    page.locator("#photos").set_input_files(draw_photos(tmp_path, 1, 120))
    tile = tiles(page, "received").or_(tiles(page, "processing")).first
    expect(tile).to_be_attached()
    photo, stale = tile.get_attribute("data-photo"), tile.evaluate(READ_TILE)
    ring(bells[0], photo)
    wait_for(page, held, 1)
    ring(bells[0], photo)
    answer(held[0], stale)  # Goes nowhere where it was aborted.
    page.clock.run_for(AFTER_SWAP_MS)
    wait_for(page, held, 2)
    answer(held[1], stale)


def test_a_photo_is_asked_for_now_and_then_where_no_bell_rings(
    open_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    page, _, held = open_page(open_context)
    page.locator("#photos").set_input_files(draw_photos(tmp_path, 1, 130))
    stale = page.locator("[data-tiles] > [data-working]").evaluate(READ_TILE)
    page.clock.run_for(2_000)  # Once, soon after it was sent.
    wait_for(page, held, 1)
    answer(held.pop(), stale)
    page.clock.run_for(LONG_MS)
    wait_for(page, held, 1)
    answer(held.pop(), stale)


def open_page(
    open_context: Callable[..., BrowserContext],
) -> tuple[Page, list[WebSocketRoute], list[Route]]:
    """The page of photos with a silent socket, whose cards are held; its clock stands still."""
    bells: list[WebSocketRoute] = []
    held: list[Route] = []
    page = open_context(**PHONE).new_page()
    sign_in(page, email=WEARER, password=PASSWORD)
    page.route_web_socket("**/ws/photos/", lambda bell: bells.append(bell))
    page.route(CARDS, lambda route: held.append(route))
    page.clock.install()
    page.goto("/photos/add/")
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    return page, bells, held


def ring(bell: WebSocketRoute, photo: str | None) -> None:
    bell.send(json.dumps({"id": photo}))


def answer(route: Route, body: str) -> None:
    route.fulfill(body=body, content_type="text/html")


def wait_for(page: Page, held: list[Route], count: int) -> None:
    """Playwright hears of requests while it waits for something."""
    wait_until(lambda: page.evaluate("1") and len(held) >= count, f"card {count} is asked for")
