"""From sign-up to a first outfit: by five photos (`benchmarks.first_day` has the seconds); without a photo, in few taps."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import PHONE, told
from tests.browser.first_day import dress_by_photos
from tests.browser.test_accessibility import faults, overflows

MOST_TAPS = 6


class Taps:
    """Taps of a wearer, each after what it leads to can be seen."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def tap(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]
        self.count += 1


def test_a_first_outfit_is_a_few_taps_from_sign_up(
    open_context: Callable[..., BrowserContext],
) -> None:
    page = open_context(**PHONE).new_page()
    taps = Taps(page)
    page.goto("/sign-up/")
    page.get_by_label("Email").fill("first-day@example.org")
    page.get_by_label("Password", exact=True).fill("seven linen shirts")
    taps.tap("button", "Create my wardrobe")
    expect(page.get_by_role("heading", name="One hanger, ready.")).to_be_visible()
    taps.tap("link", "Begin with basics")
    expect(page.locator(".hang__tick:checked")).to_have_count(5)
    assert faults(page) == [] and overflows(page) == []
    taps.tap("button", "Hang them up")
    expect(told(page, "5 basics hung up.")).to_be_visible()
    assert faults(page) == [] and overflows(page) == []
    taps.tap("link", "Enough for a first outfit. Dress me.")
    page.wait_for_url("**/today/")
    page.locator(
        "main form[method=post] button[type=submit], main form[method=post] button:not([type])"
    ).last.wait_for()
    taps.tap("button", "Ask the stylist")
    page.wait_for_url("**/outfits/*/")
    expect(page.locator("[data-answer]")).to_have_attribute("aria-busy", "false")
    expect(page.locator("[data-prose] p").first).to_be_visible()
    assert taps.count <= MOST_TAPS

    page.goto("/wardrobe/basics/")
    page.get_by_role("button", name="Take the 5 basics down").click()
    expect(told(page, "5 basics taken down.")).to_be_visible()
    expect(page.get_by_role("heading", name="One hanger, ready.")).to_be_visible()


def test_five_photos_are_a_first_outfit(open_context: Callable[..., BrowserContext]) -> None:
    page = open_context(**PHONE).new_page()
    dress_by_photos(page, email="five-photos@example.org")
    assert page.locator(".flatlay [data-piece]").count() >= 3
