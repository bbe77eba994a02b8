"""What is wrong with a form is seen on a phone."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.chromium import PHONE, Complaints, sign_in
from tests.browser.sites import PASSWORD, WEARER
from tests.browser.test_accessibility import faults


def test_an_error_has_the_focus_and_nothing_covers_it(
    open_context: Callable[..., BrowserContext], complaints: Complaints
) -> None:
    complaints.expected.append("422")
    page = open_context(**PHONE).new_page()
    sign_in(page, email=WEARER, password=PASSWORD)
    page.goto("/today/")
    page.locator("summary").get_by_text("Change", exact=True).click()
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
