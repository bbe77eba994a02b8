"""Worn, washed, in repair and lent: a log whose entries are taken back, an interval that makes pieces due, and the basket as
one act. At phone size."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.chromium import told
from tests.browser.test_accessibility import faults, overflows
from tests.browser.wearers import Wearer, open_piece


@pytest.fixture
def page(open_context: Callable[..., BrowserContext], site: str, newcomer: Wearer) -> Page:
    return newcomer.open(open_context, site)


def log(page: Page) -> Locator:
    return page.locator("#wears .wears > li")


def test_entries_of_the_log_are_made_and_taken_back(page: Page) -> None:
    open_piece(page, "Moss sweater")
    page.get_by_role("button", name="Wore it today").click()
    expect(page.get_by_role("button", name="Worn today")).to_be_disabled()
    before = date.today() - timedelta(days=3)
    page.get_by_label("Worn on another day").fill(before.isoformat())
    page.get_by_role("button", name="Add this day").click()
    expect(page.get_by_text("Noted:")).to_be_visible()
    expect(log(page)).to_have_count(2)
    page.get_by_role("button", name="Put in the wash").click()
    expect(log(page).first).to_contain_text("Into the wash")
    page.get_by_role("button", name="Clean again").click()
    expect(log(page).first).to_contain_text("Washed")
    assert faults(page) == [] and overflows(page) == []

    take_back(page)
    expect(page.get_by_role("button", name="Clean again")).to_be_visible()
    take_back(page)
    expect(page.get_by_role("button", name="Put in the wash")).to_be_visible()
    for _ in range(2):
        take_back(page)
    expect(log(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Wore it today")).to_be_enabled()


def test_what_an_interval_makes_due_is_washed_as_one_act(page: Page) -> None:
    for name in ("Ink shirt", "Slate jeans"):
        open_piece(page, name)
        page.get_by_role("button", name="Wore it today").click()
        expect(page.get_by_role("button", name="Worn today")).to_be_visible()
        page.get_by_text("Lend, repair, wash when").click()
        page.get_by_label("Due for the wash after so many wears").fill("1")
        page.locator("#interval").get_by_label("For all of its kind").check()
        page.locator("#interval").get_by_role("button", name="Save").click()
        expect(told(page, "Saved for 1 piece.")).to_be_visible()
        expect(page.get_by_text("1 wear since the wash, due after 1")).to_be_visible()

    page.goto("/wardrobe/laundry/")
    due, basket = page.locator("#due"), page.locator("#basket")
    expect(due.get_by_text("1 wear, due after 1")).to_have_count(2)
    assert faults(page) == [] and overflows(page) == []
    due.get_by_role("button", name="Ink shirt, into the basket").click()
    expect(basket.get_by_role("link", name="Ink shirt")).to_be_visible()
    page.get_by_role("button", name="All into the basket").click()
    expect(basket.get_by_role("listitem")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(due.get_by_role("link", name="Slate jeans")).to_be_visible()
    page.get_by_role("button", name="All into the basket").click()
    page.get_by_role("button", name="All clean again").click()
    expect(basket.get_by_text("The basket is empty.")).to_be_visible()
    expect(due.get_by_text("Nothing is due.")).to_be_visible()
    assert faults(page) == []


def test_what_is_lent_and_in_repair_waits_and_comes_back(page: Page) -> None:
    until = date.today() + timedelta(days=9)
    send_away(page, "Dune coat", "Lent", whom="Inês")
    expect(page.locator("#care .notice")).to_contain_text("Lent: Inês.")
    expect(page.get_by_role("button", name="Dress me around this")).to_have_count(0)
    send_away(page, "Chestnut boots", "In repair", until=until)
    page.goto("/wardrobe/laundry/")
    away = page.locator("#away")
    expect(away.get_by_role("listitem")).to_have_count(2)
    expect(away.get_by_role("listitem").first).to_contain_text("Back by")
    assert faults(page) == [] and overflows(page) == []
    away.get_by_role("listitem").filter(has_text="Dune coat").get_by_role("button").click()
    expect(told(page, "Back: Dune coat.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(away.get_by_role("listitem")).to_have_count(2)
    open_piece(page, "Chestnut boots")
    page.get_by_role("button", name="It is back").click()
    expect(page.get_by_text("Back again.")).to_be_visible()
    take_back(page)
    expect(log(page)).to_have_count(0)


def take_back(page: Page) -> None:
    """The newest entry, until the log is there without it."""
    count = log(page).count()
    log(page).first.get_by_role("button", name="Take back").click()
    expect(log(page)).to_have_count(count - 1)
    expect(page.get_by_text("Taken back:").first).to_be_visible()


def send_away(
    page: Page, name: str, where: str, *, whom: str = "", until: date | None = None
) -> None:
    open_piece(page, name)
    page.get_by_text("Lend, repair, wash when").click()
    form = page.locator("#elsewhere")
    form.get_by_text(where, exact=True).click()
    form.get_by_label("Who has it").fill(whom)
    form.get_by_label("Back by").fill(until.isoformat() if until else "")
    form.get_by_role("button", name="It is away").click()
    expect(told(page, "Noted. The stylist waits until it is back.")).to_be_visible()
