"""A household at phone size: a shelf is used, its pieces are seen, asked for and given back; somebody is invited, joins and
leaves."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import PHONE, Complaints, sign_in
from tests.browser.sites import PASSWORD, WEARER
from tests.browser.test_accessibility import faults
from tests.browser.test_packing import is_narrow

HOME = "/wardrobe/household/"


def start(open_context: Callable[..., BrowserContext], email: str = WEARER) -> Page:
    page = open_context(**PHONE).new_page()
    sign_in(page, email=email, password=PASSWORD)
    return page


def test_what_is_shared_is_seen_used_and_given_back(
    open_context: Callable[..., BrowserContext],
) -> None:
    page = start(open_context)
    page.goto("/wardrobe/")
    page.get_by_role("link", name="Household").click()
    expect(page.get_by_role("heading", name="Rua das Flores")).to_be_visible()
    assert is_narrow(page)
    assert faults(page) == []
    page.get_by_role("link", name="Coats and more").click()
    page.get_by_role("switch", name="Use it for me").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your answers may have pieces")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("link", name="Inês’s beige trench coat").click()
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_text("It is with you now.")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Give back").click()
    expect(page.get_by_text("Given back.")).to_be_visible()
    page.goto("/today/#how")
    page.get_by_label("With the household’s pieces").uncheck()
    page.goto(f"{HOME}shelves/choose/")
    assert faults(page) == []


def test_somebody_is_invited_joins_and_leaves(
    open_context: Callable[..., BrowserContext], complaints: Complaints
) -> None:
    complaints.expected.append("status of 404")
    page = start(open_context)
    page.goto(HOME)
    page.get_by_role("button", name="Make an invitation").click()
    link = page.locator("[data-copies]").first.get_attribute("data-copies") or ""
    guest = open_context(**PHONE).new_page()
    guest.goto("/sign-up/")
    guest.get_by_label("Email").fill("guest-of-the-house@example.org")
    guest.get_by_label("Password", exact=True).fill("seven linen shirts")
    guest.get_by_role("button", name="Create my wardrobe").click()
    guest.wait_for_url(lambda url: "sign-up" not in url)
    path = link[link.index(HOME) :]
    guest.goto(path)
    expect(guest.get_by_text("In it: Mara, Inês.")).to_be_visible()
    assert is_narrow(guest) and faults(guest) == []
    guest.get_by_label("What the others call you").fill("Guest")
    guest.get_by_role("button", name="Join").click()
    expect(guest.get_by_text("Nothing of yours is shared yet.")).to_be_visible()
    guest.get_by_role("link", name="Leave the household").click()
    guest.get_by_role("button", name="Leave").click()
    expect(guest.get_by_text("You left.")).to_be_visible()
    guest.goto(path)
    expect(guest.get_by_role("heading", name="This invitation leads nowhere")).to_be_visible()
