"""A household at phone size: a shelf is used, its pieces are seen, asked for and given back; somebody is invited, joins and
leaves; who may wear what is said, a piece is lent, and the outfit with it rated."""

from collections.abc import Callable, Iterator

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import PHONE, Complaints, sign_in, told
from tests.browser.sites import PASSWORD, WEARER
from tests.browser.test_accessibility import faults, overflows
from tests.browser.test_packing import is_narrow
from tests.browser.wearers import Wearer, open_piece

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
    expect(told(page, "Your answers may have pieces")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("link", name="Inês’s beige trench coat").click()
    page.get_by_role("button", name="Take it").click()
    expect(told(page, "It is with you now.")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Give back").click()
    expect(told(page, "Given back.")).to_be_visible()
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
    assert is_narrow(page) and overflows(page) == [] and faults(page) == []
    guest = open_context(**PHONE).new_page()
    path = link[link.index(HOME) :]
    guest.goto(path)
    guest.get_by_role("link", name="I have no wardrobe yet").click()
    guest.get_by_label("Email").fill("guest-of-the-house@example.org")
    guest.get_by_label("Password", exact=True).fill("seven linen shirts")
    guest.get_by_role("button", name="Create my wardrobe").click()
    expect(guest.get_by_text("In it: Mara, Inês.")).to_be_visible()
    assert is_narrow(guest) and faults(guest) == []
    guest.get_by_label("What the others call you").fill("Guest")
    guest.get_by_role("button", name="Join").click()
    expect(guest.get_by_text("Nothing of yours is shared yet.")).to_be_visible()
    guest.get_by_role("link", name="Leave the household").click()
    guest.get_by_role("button", name="Leave").click()
    expect(told(guest, "You left.")).to_be_visible()
    guest.goto(path)
    expect(guest.get_by_role("heading", name="This invitation leads nowhere")).to_be_visible()


def test_who_may_wear_what_is_said_asked_for_lent_worn_and_rated(
    open_context: Callable[..., BrowserContext], site: str, newcomers: Iterator[Wearer]
) -> None:
    """In a household of the test's own."""
    host, guest = (next(newcomers).open(open_context, site) for _ in range(2))
    host.goto(HOME)
    host.get_by_label("What the household is called").fill("Elm Street")
    host.get_by_label("What the others call you").fill("Ada")
    host.get_by_role("button", name="Begin a household").click()
    host.get_by_role("button", name="Make an invitation").click()
    link = host.locator("[data-copies]").first.get_attribute("data-copies") or ""
    guest.goto(link[link.index(HOME) :])
    guest.get_by_label("What the others call you").fill("Bo")
    guest.get_by_role("button", name="Join").click()

    open_piece(host, "Dune coat")
    host.get_by_role("link", name="Put it on a shelf").click()
    host.get_by_label("Name").fill("Coats")
    host.get_by_role("button", name="Make a shelf of them").click()
    host.get_by_label("Bo", exact=True).select_option(label="May look")
    host.get_by_role("button", name="Save").click()
    assert faults(host) == [] and overflows(host) == []
    guest.goto(HOME)
    guest.get_by_role("link", name="Ada’s Dune coat").click()
    expect(guest.get_by_text("You may look at it, and not wear it.")).to_be_visible()
    host.get_by_label("Bo", exact=True).select_option(label="May wear")
    host.get_by_role("button", name="Save").click()
    guest.reload()
    guest.get_by_role("button", name="Ask for it").click()
    assert faults(guest) == [] and overflows(guest) == []

    host.goto(HOME)
    host.get_by_role("button", name="Lend it").click()
    expect(host.get_by_text("Yours. With Bo since")).to_be_visible()
    guest.goto(HOME)
    guest.get_by_role("link", name="Coats").click()
    guest.get_by_role("switch", name="Use it for me").check()
    guest.get_by_role("button", name="Save").click()
    guest.goto("/looks/build/?slot=outerwear")
    guest.get_by_role("link", name="Ada’s Dune coat").click()
    guest.get_by_role("button", name="Let the stylist finish").click()
    expect(guest.locator("[data-answer]")).to_have_attribute("aria-busy", "false")
    expect(guest.locator("[data-list]").get_by_text("Ada’s Dune coat")).to_be_visible()

    guest.get_by_role("button", name="Ask the household").click()
    expect(told(guest, "Your household sees it")).to_be_visible()
    host.get_by_role("link", name="Outfits they ask about").click()
    expect(host.get_by_role("heading", name="Bo asks")).to_be_visible()
    assert faults(host) == [] and overflows(host) == []
    host.get_by_label("In a few words").fill("My coat suits you.")
    host.get_by_role("button", name="Looks good").click()
    expect(host.get_by_text("You said: Looks good.")).to_be_visible()
    guest.reload()
    expect(guest.get_by_text("My coat suits you.")).to_be_visible()
    assert faults(guest) == []

    guest.goto(HOME)
    guest.get_by_role("button", name="Give back").click()
    host.goto(HOME)
    expect(host.get_by_text("Nothing is lent or asked for.")).to_be_visible()
