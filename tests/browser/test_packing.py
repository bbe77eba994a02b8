"""A trip is planned, packed, ticked and packed anew; the numbers have their tables; a photo is judged. At phone size."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import PHONE, Complaints, sign_in, told
from tests.browser.sites import PASSWORD, WEARER
from tests.browser.test_accessibility import faults
from tests.conftest import ROOT

JACKET = ROOT / "fixtures" / "demo" / "photos" / "olive-field-jacket.jpg"


def start(open_context: Callable[..., BrowserContext]) -> Page:
    page = open_context(**PHONE).new_page()
    sign_in(page, email=WEARER, password=PASSWORD)
    return page


def is_narrow(page: Page) -> bool:
    """Nothing scrolls sideways but what may."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_trip_is_planned_packed_and_ticked_off(
    open_context: Callable[..., BrowserContext], complaints: Complaints
) -> None:
    # A page that is left may still ask for pictures of days that are packed otherwise by then.
    complaints.expected.append("/media/trips/")
    page = start(open_context)
    page.goto("/trips/")
    page.get_by_role("link", name="Plan a trip").click()
    page.get_by_role("combobox", name="Place").fill("Lisbon, Portugal")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Days")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Pack", exact=True).click()
    expect(page.get_by_role("heading", name="What goes when")).to_be_visible()
    assert is_narrow(page)
    assert faults(page) == []
    first = page.locator(".pack input").first
    first.check()
    expect(page.locator("#packed")).to_contain_text("1 of ")
    kept = page.locator(".pack__name").first.inner_text()
    page.get_by_role("button", name="Repack").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    expect(page.get_by_role("heading", name="What goes when")).to_be_visible()
    assert kept in page.locator(".pack").inner_text()
    page.get_by_role("button", name="Plan these days").click()
    expect(told(page, "These days are in your calendar.")).to_be_visible()


def test_the_numbers_say_show_and_tell(open_context: Callable[..., BrowserContext]) -> None:
    page = start(open_context)
    page.goto("/wardrobe/numbers/?span=year")
    expect(page.get_by_text("did half the work.")).to_be_visible()
    expect(page.locator("#missing .gaps")).to_be_visible()
    assert is_narrow(page)
    for cover in page.locator(".scroller:has(> .cover)").all():
        assert cover.evaluate("one => one.scrollWidth <= one.clientWidth")
    assert faults(page) == []
    table = page.locator("details.as-table").first
    table.locator("summary").click()
    expect(table.get_by_role("table")).to_be_visible()


def test_a_photo_from_the_shop_is_judged_and_forgotten(
    open_context: Callable[..., BrowserContext],
) -> None:
    page = start(open_context)
    page.goto("/wardrobe/buy/")
    assert faults(page) == []
    page.get_by_label("Photo").set_input_files(JACKET)
    page.get_by_label("Price (optional)").fill("80")
    page.get_by_role("button", name="Judge it").click()
    expect(page.get_by_role("heading", name="Closest to it")).to_be_visible()
    assert is_narrow(page)
    assert faults(page) == []
    page.get_by_role("button", name="Forget it").click()
    expect(page.get_by_role("heading", name="Forget this photo?")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Forget it").click()
    expect(told(page, "Nothing of it is left.")).to_be_visible()
