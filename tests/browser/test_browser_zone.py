"""A wearer without a home lives by the browser's clock: as it was when they joined, and as it is where they travel."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.chromium import PHONE, wait_until
from tests.factories import PASSWORD

THREE_TIMES = "(async () => { for (let n = 0; n < 3; n++) await fetch('/outfits/'); })()"


def zone_of(page: Page) -> str:
    page.goto("/you/")
    chosen = page.get_by_label("Time zone")
    return chosen.evaluate("select => select.selectedOptions[0].text")


def test_days_follow_the_browser_until_a_zone_is_chosen(
    open_context: Callable[..., BrowserContext],
) -> None:
    at_home = open_context(**PHONE, timezone_id="Asia/Tokyo")
    page = at_home.new_page()
    page.goto("/sign-up/")
    page.get_by_label("Email").fill("traveller@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Create my wardrobe").click()
    page.wait_for_url(lambda url: "sign-up" not in url)
    assert zone_of(page) == "As the browser says (Tokyo)"

    away = open_context(
        **PHONE, timezone_id="America/New_York", storage_state=at_home.storage_state()
    )
    page = away.new_page()
    with page.expect_response("**/you/time-zone/") as said:
        page.goto("/")
    assert said.value.status == 200
    assert zone_of(page) == "As the browser says (New York)"

    back = at_home.new_page()
    held: list[Route] = []
    back.route("**/you/time-zone/", lambda route: held.append(route))
    with back.expect_request("**/you/time-zone/"):
        back.goto("/outfits/")
    back.evaluate("window.isAsItWas = true")
    back.keyboard.press("Tab")
    held.pop().continue_()
    wait_until(back, "sessionStorage.getItem('zone') !== null")
    back.evaluate(THREE_TIMES)  # Longer than loading anew would take, which would end it.
    assert back.evaluate("window.isAsItWas")
    assert zone_of(page) == "As the browser says (Tokyo)"

    page.get_by_label("Time zone").select_option("UTC")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Time zone")).to_have_value("UTC")
    another_tab = away.new_page()
    with another_tab.expect_response("**/you/time-zone/") as said:
        another_tab.goto("/wardrobe/")
    assert said.value.status == 204
    assert zone_of(another_tab) == "UTC"
