"""Today is the browser's day until there is a home, and what is wrong with a form is seen on a phone."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import PHONE, Complaints, sign_in
from tests.browser.sites import PASSWORD, WEARER
from tests.browser.test_accessibility import faults
from tests.dresscode.launchers import Launcher

WEST, EAST = "America/Los_Angeles", "Asia/Tokyo"
EMAIL, SENTENCE = "west@example.org", "a short sentence is good"
CLOTHES = f"""
from accounts.models import User
from wardrobe.models import Garment
owner = User.objects.get(email="{EMAIL}")
Garment.objects.create(owner=owner, status="ready", name="Tee", slot="top", type="t-shirt")
"""


def read_zone(page: Page) -> str | None:
    return page.locator("body").get_attribute("data-zone")


def test_the_day_begins_by_the_browsers_clock_and_follows_it(
    open_context: Callable[..., BrowserContext], launcher: Launcher
) -> None:
    page = open_context(timezone_id=WEST).new_page()
    page.goto("/sign-up/")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(SENTENCE)
    page.get_by_role("button", name="Create my wardrobe").click()
    page.wait_for_url("**/wardrobe/")
    assert read_zone(page) == WEST

    launcher.shell(CLOTHES)
    page = open_context(timezone_id=EAST).new_page()
    page.goto("/accounts/login/")
    page.evaluate("document.querySelector('[data-browser-zone]').remove()")
    sign_in_here(page)
    with page.expect_response("**/you/time-zone/") as answer:
        page.goto("/today/")
    assert answer.value.status == 200
    expect(page.locator("body")).to_have_attribute("data-zone", EAST)
    today = page.evaluate("new Date().toLocaleDateString('sv')")
    assert page.locator("[name=day]").first.get_attribute("value") == today


def sign_in_here(page: Page) -> None:
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(SENTENCE)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def test_an_error_has_the_focus_and_nothing_covers_it(
    open_context: Callable[..., BrowserContext], complaints: Complaints
) -> None:
    complaints.expected.append("422")
    page = open_context(**PHONE).new_page()
    sign_in(page, email=WEARER, password=PASSWORD)
    page.goto("/today/")
    page.get_by_text("Change", exact=True).click()
    page.get_by_label("Another day", exact=True).last.fill("2020-01-01")
    page.get_by_role("button", name="Ask the stylist").click()
    expect(page.locator("#id_date")).to_be_focused()
    is_seen = page.locator("#id_date_error").evaluate(
        """error => {
            const { x, y, width, height } = error.getBoundingClientRect();
            return error.contains(document.elementFromPoint(x + width / 2, y + height / 2));
        }"""
    )
    assert is_seen
    assert faults(page) == []
    page.get_by_role("alert").get_by_role("link", name="Another day").click()
    expect(page.locator("#id_date")).to_be_focused()
