"""The browser's position becomes a place, if the wearer taps for it and allows it."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.chromium import PHONE, sign_in
from tests.browser.sites import PASSWORD, WEARER
from tests.browser.test_accessibility import faults

NEAR_BERLIN = {"latitude": 52.5163, "longitude": 13.3777}


def test_where_i_am_is_a_place_by_permission(open_context: Callable[..., BrowserContext]) -> None:
    context = open_context(**PHONE, geolocation=NEAR_BERLIN)
    page = context.new_page()
    sign_in(page, email=WEARER, password=PASSWORD)
    page.goto("/you/")
    here = page.get_by_role("button", name="Where I am")
    here.click()
    expect(page.get_by_text("did not say where you are")).to_be_visible()
    assert faults(page) == []
    context.grant_permissions(["geolocation"])
    here.click()
    expect(page.get_by_role("combobox", name="Home")).to_have_value("Berlin, Germany")
    expect(page.get_by_role("listbox")).to_be_hidden()
