"""A garment's fields save themselves: what is changed while a change is on its way is saved too."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.chromium import PHONE, sign_in
from tests.browser.sites import PASSWORD, WEARER
from tests.dresscode.processes import wait_until

CHANGES = "**/wardrobe/*/edit/**"


def test_what_is_changed_on_a_slow_line_is_saved(
    open_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    page = open_context(**PHONE).new_page()
    sign_in(page, email=WEARER, password=PASSWORD)
    page.goto("/wardrobe/?q=blue oxford shirt")
    page.locator("#rack .garment__name a").first.click()
    seasons = page.get_by_role("group", name="Seasons")
    expect(seasons).to_be_visible()
    before = [box.is_checked() for box in seasons.get_by_role("checkbox").all()]

    held = hold_changes(page)
    pattern = page.get_by_label("Pattern", exact=True)
    pattern.select_option("striped")
    pattern.select_option("plaid")
    boxes = seasons.get_by_role("checkbox").all()
    for box in boxes[:2]:
        box.set_checked(not box.is_checked())
    let_go(page, held)

    page.reload()
    expect(page.get_by_label("Pattern", exact=True)).to_have_value("plaid")
    after = [
        box.is_checked()
        for box in page.get_by_role("group", name="Seasons").get_by_role("checkbox").all()
    ]
    assert after == [not before[0], not before[1], *before[2:]]


def hold_changes(page: Page) -> list[Route]:
    held: list[Route] = []
    page.route(CHANGES, lambda route: held.append(route))
    return held


def let_go(page: Page, held: list[Route]) -> None:
    """Until no change is on its way, or waits for one that is."""
    wait_until(lambda: page.evaluate("1") and held, "a change is sent")
    page.route(CHANGES, lambda route: route.continue_())
    for route in held:
        route.continue_()
    expect(page.locator(".htmx-request")).to_have_count(0)
