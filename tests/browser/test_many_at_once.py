"""Many photos in one go, kept over reloads and lost lines; pieces chosen and changed together."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.chromium import PHONE, Complaints, sign_in, told, wait_until
from tests.browser.sites import PASSWORD, WEARER
from tests.browser.test_accessibility import faults, overflows

LOST = "ERR_INTERNET_DISCONNECTED"
KEPT_STATES = """photoQueue.list(document.body.dataset.account)
    .then((all) => all.map((one) => one.state))"""
LATE_BATCH = "5d3e3d1c-52a5-4c1e-8f5f-1f6f0c3f7a11"
ARRIVE = """(batch) => photoQueue.arrive(
    { key: photoQueue.makeKey(), account: document.body.dataset.account, batch, addedAt: Date.now() },
    document.querySelector("[data-tiles] > li[data-photo]").outerHTML)"""
IS_HELD_BACK = """() => {
    const leaving = new Event("beforeunload", { cancelable: true });
    dispatchEvent(leaving);
    return leaving.defaultPrevented;
}"""
KEEP_SLOWLY = "void (photoQueue.put = () => new Promise(() => {}))"
KEEP_SIX = """photoQueue.list(document.body.dataset.account).then(
    (all) => Promise.all(all.slice(6).map((item) => photoQueue.remove(item.key))))"""


@pytest.fixture(scope="module")
def wearer(browser: Browser, site: str) -> Any:
    context = browser.new_context(base_url=site)
    sign_in(context.new_page(), email=WEARER, password=PASSWORD)
    return context.storage_state()


@pytest.fixture
def page(open_context: Callable[..., BrowserContext], wearer: Any) -> Iterator[Page]:
    yield open_context(**PHONE, storage_state=wearer).new_page()


def draw_photos(folder: Path, count: int, base: int) -> list[Path]:
    """Plain pictures, no two alike: nothing is found in them, quickly."""
    paths = []
    for number in range(count):
        colour = (base, 40 + 2 * number, 255 - 2 * number)
        path = folder / f"photo-{base}-{number}.png"
        Image.effect_noise((90, 120), 20 + number).convert("RGB").resize((90, 120)).save(path)
        with Image.open(path) as picture:
            picture.paste(colour, (20, 20, 70, 100))
            picture.save(path)
        paths.append(path)
    return paths


def tiles(page: Page, state: str = "") -> Any:
    return page.locator(f"[data-tiles] > li{f'[data-state={state}]' if state else ''}")


def test_photos_wait_without_a_line_and_go_on_after_a_reload(
    page: Page, tmp_path: Path, complaints: Complaints
) -> None:
    complaints.expected += [LOST, "ERR_FAILED", "WebSocket"]
    page.goto("/photos/add/")
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.context.set_offline(True)
    page.locator("#photos").set_input_files(draw_photos(tmp_path, 100, 10))
    expect(tiles(page)).to_have_count(100)
    expect(page.locator("[data-sum]")).to_have_text("0 of 100 read")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("[data-said]")).to_have_text(re.compile("Paused"))
    page.context.set_offline(False)
    page.reload()
    expect(tiles(page, "waiting")).to_have_count(100)
    assert faults(page) == [] and overflows(page) == []
    page.evaluate(KEEP_SIX)  # Looking at a hundred takes the one worker minutes.
    page.close()

    again = page.context.new_page()
    again.goto("/photos/add/")
    expect(tiles(again, "waiting")).to_have_count(6)
    again.get_by_role("button", name="Go on").click()
    expect(tiles(again, "waiting")).to_have_count(0)
    expect(again.locator("[data-tiles] > li[data-photo]")).to_have_count(6)
    address = again.url
    again.reload()
    expect(again.locator("[data-tiles] > li[data-photo]")).to_have_count(6)
    assert again.url == address


def test_the_worker_sends_what_a_closed_page_left(
    page: Page, tmp_path: Path, complaints: Complaints
) -> None:
    """Another page of the site is open: that of the queue is not."""
    complaints.expected += [LOST, "ERR_FAILED", "WebSocket"]
    page.goto("/photos/add/")
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.reload()  # From now on under the worker.
    page.context.set_offline(True)
    page.locator("#photos").set_input_files(draw_photos(tmp_path, 3, 200))
    expect(tiles(page, "waiting")).to_have_count(3)
    page.wait_for_url("**batch=*")
    address = page.url
    page.goto("/wardrobe/")
    page.context.set_offline(False)
    page.goto("/wardrobe/")  # Asks the worker to go on.
    page.add_script_tag(url="/static/js/worker/queue.js")
    wait_until(page, f"{KEPT_STATES}.then((all) => all.join() === 'arrived,arrived,arrived')")
    page.goto(address)
    expect(page.locator("[data-tiles] > li[data-photo]")).to_have_count(3)
    wait_until(page, f"{KEPT_STATES}.then((all) => all.length === 0)")

    # As if the worker had been done a moment after the server's answer: a page that knows none of them.
    page.evaluate(ARRIVE, LATE_BATCH)
    page.goto(f"/photos/add/?batch={LATE_BATCH}")
    expect(page.locator("[data-tiles] > li[data-photo]")).to_have_count(1)
    wait_until(page, f"{KEPT_STATES}.then((all) => all.length === 0)")


def test_photos_that_are_not_kept_yet_do_not_go_with_the_page(page: Page, tmp_path: Path) -> None:
    page.goto("/photos/add/")
    page.evaluate(KEEP_SLOWLY)
    page.locator("#photos").set_input_files(draw_photos(tmp_path, 1, 120))
    expect(tiles(page, "waiting")).to_have_count(1)
    assert page.evaluate(IS_HELD_BACK)


def test_pieces_are_chosen_by_keyboard_put_away_and_brought_back(page: Page) -> None:
    page.goto("/wardrobe/")
    page.get_by_role("link", name="Choose several").click()
    ticks = page.locator(".hang__tick")
    names = [page.locator(".hang h2").nth(n).inner_text() for n in (0, 1)]
    for n in (0, 1):
        ticks.nth(n).focus()
        page.keyboard.press("Space")
    expect(page.locator("[data-chosen]")).to_have_text("2")
    page.locator("label.chip", has_text="Shoes").click()
    expect(page.locator(".hang h2").nth(0)).to_have_text(
        re.compile("|".join(map(re.escape, names)))
    )
    expect(page.locator("[data-chosen]")).to_have_text("2")
    assert faults(page) == [] and overflows(page) == []
    page.get_by_role("button", name="Put away").click()
    page.get_by_text("Given away").click()
    assert faults(page) == [] and overflows(page) == []
    page.get_by_role("button", name="Put away").click()
    expect(told(page, "2 pieces are put away.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(told(page, "2 pieces: as before.")).to_be_visible()
