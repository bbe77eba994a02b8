"""An outfit around pieces that a wearer chose, with and without others and in a mood; one laid by hand that the stylist
finishes; a look kept of it, renamed, copied and worn again. At phone size."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import told
from tests.browser.test_accessibility import faults, overflows
from tests.browser.wearers import Wearer

LAID, ADDED = "Ink shirt", "Slate jeans"


@pytest.fixture
def page(open_context: Callable[..., BrowserContext], site: str, newcomer: Wearer) -> Page:
    return newcomer.open(open_context, site)


def test_pieces_are_asked_for_and_left_out_in_a_mood(page: Page) -> None:
    page.goto("/today/#how")
    choose(page, "Top", **{LAID: "With"})
    choose(page, "Shoes", **{"Milk sneakers": "Without", "Tar derbies": "Without"})
    choose(page, "Bottom", **{ADDED: "With", "Sand chinos": "Without"})
    chosen = page.locator("#id_keep")
    for words in (f"With: {LAID}", "Without: Milk sneakers", "Without: Tar derbies"):
        expect(chosen.get_by_label(words)).to_be_checked()
    assert faults(page) == [] and overflows(page) == []
    page.get_by_label("Anything else").fill("warmer, please")
    page.get_by_role("button", name="Ask the stylist").last.click()
    pieces = read_answer(page)
    assert {LAID, ADDED, "Chestnut boots"} <= pieces
    assert {"Milk sneakers", "Tar derbies", "Sand chinos"} & pieces == set()

    page.goto("/today/")
    page.get_by_text("Simpler", exact=True).click()
    page.get_by_label("Or say what it is for").fill("no jeans")
    page.get_by_role("button", name="Just dress me").click()
    assert ADDED not in read_answer(page)
    page.get_by_role("link", name="Change the occasion, day or place").click()
    expect(page.get_by_label("Anything else")).to_have_value("no jeans, simpler")


def test_the_stylist_finishes_what_was_laid_and_it_is_kept_as_a_look(page: Page) -> None:
    page.goto(f"/wardrobe/?q={LAID}")
    page.locator("#rack .garment__name a").first.click()
    page.get_by_role("link", name="Build by hand").click()
    page.get_by_role("link", name="Shoes", exact=True).last.click()
    page.locator(".builder__tray").get_by_role("link", name="Tar derbies").click()
    expect(page.locator(".builder__tray").get_by_role("status")).to_contain_text(
        "Still to lay down"
    )
    page.get_by_role("link", name="Take out: Tar derbies").click()
    expect(page.get_by_role("link", name="Take out: Tar derbies")).to_have_count(0)
    page.go_back()
    assert faults(page) == [] and overflows(page) == []
    page.get_by_role("button", name="Let the stylist finish").click()
    pieces = read_answer(page)
    assert {LAID, "Tar derbies"} < pieces
    page.get_by_role("button", name="Keep as a look").click()
    expect(told(page, "is kept.")).to_be_visible()

    page.get_by_role("button", name="Rename").click()
    page.get_by_role("textbox", name="Name").fill("Finished for me")
    page.get_by_role("button", name="Save").click()
    expect(told(page, "It is called Finished for me.")).to_be_visible()
    look = page.url
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("heading", name="Finished for me again")).to_be_visible()
    assert faults(page) == [] and overflows(page) == []
    page.get_by_role("link", name="Change it").click()
    for name in pieces:
        expect(page.get_by_role("link", name=f"Take out: {name}")).to_be_attached()

    page.goto(look)
    page.get_by_role("button", name="Wear it today").click()
    expect(told(page, "You wear Finished for me today.")).to_be_visible()
    page.goto(look)
    expect(page.get_by_text("worn once")).to_be_visible()
    page.goto("/looks/")
    expect(page.get_by_role("link", name="Finished for me")).to_have_count(2)
    assert faults(page) == [] and overflows(page) == []


def choose(page: Page, kind: str, **pieces: str) -> None:
    """With or without them, of a kind of the picker."""
    picker = page.locator("#id_keep")
    picker.get_by_role("button", name=kind, exact=True).click()
    for name, choice in pieces.items():
        picker.get_by_role("group", name=name).get_by_text(choice, exact=True).click()


def read_answer(page: Page) -> set[str]:
    """The names of its pieces, when it is finished."""
    page.wait_for_url("**/outfits/*/")
    expect(page.locator("[data-answer]")).to_have_attribute("aria-busy", "false")
    return {*page.locator("[data-list] .garment__name").all_inner_texts()}
