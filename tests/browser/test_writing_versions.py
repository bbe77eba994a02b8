"""An author writes a version in the admin and tries it beside the live one."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.chromium import DESK, Complaints, sign_in
from tests.browser.sites import OPERATOR, PASSWORD
from tests.browser.test_accessibility import faults


def test_a_version_is_written_and_tried(
    open_context: Callable[..., BrowserContext], complaints: Complaints
) -> None:
    complaints.expected.append("status of 422")
    desk = open_context(**DESK).new_page()
    sign_in(desk, email=OPERATOR, password=PASSWORD)
    desk.goto("/admin/registry/prompt/")
    desk.get_by_role("link", name="suggest_outfit").first.click()
    expect(desk.locator("#live-title")).to_be_visible()
    desk.goto(f"{desk.url}?version=2")  # Whatever other tests have made live.
    desk.get_by_role("link", name="Write a new version from v2").click()
    settings = desk.get_by_label("Settings, in TOML")
    settings.fill(settings.input_value().replace("rain = true", "rain = false"))
    desk.get_by_label("User", exact=True).fill("$nothing")
    desk.get_by_role("button", name="Save as a new version").click()
    expect(desk.get_by_role("alert")).to_contain_text("$nothing")
    found = faults(desk)
    desk.get_by_label("User", exact=True).fill("$wearer $event $weather $wishes $wardrobe")
    desk.get_by_role("button", name="Save as a new version").click()
    expect(desk.get_by_text("which is not live")).to_be_visible()
    desk.get_by_label("Golden example").fill("rain-from-two")
    desk.get_by_role("button", name="Ask").click()
    tried, live = desk.locator("[data-side]").all()
    expect(tried).to_contain_text("Nothing against the rain")
    expect(live).to_contain_text("of 6 fields")
    assert found + faults(desk) == []
