"""The answer, its pieces, the wall and the builder on a phone: what fits, what moves, what is hit, by keyboard."""

from collections.abc import Callable, Iterator
from itertools import chain, combinations
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from styling.flatlay.recipes import PLACES
from styling.stylist.verdict import MOST_LETTERS
from tests.browser.chromium import DESK, PHONE, sign_in, told
from tests.browser.sites import PASSWORD, WEARER
from tests.browser.test_accessibility import faults, overflows

SHIFTS = """() => {
  window.shifts = [];
  const isOfTheAnswer = ({ node }) => !node || document.getElementById("main").contains(node);
  const seen = (list) => { for (const e of list.getEntries()) if (e.sources.some(isOfTheAnswer)) window.shifts.push(e.value); };
  new PerformanceObserver(seen).observe({ type: "layout-shift", buffered: true });
}"""
ABOVE_THE_TABS = """(selector) => {
  const bar = document.querySelector(".tabbar").getBoundingClientRect().top;
  const boxes = [...document.querySelectorAll(selector)].map((one) => one.getBoundingClientRect());
  return boxes.filter((box) => box.width && box.top >= 0 && box.bottom <= bar + 1).length;
}"""
HITS = """(places) => {
  const flatlay = document.querySelector(".flatlay");
  flatlay.replaceChildren(...places.map((place) => {
    const item = document.createElement("li");
    item.dataset.slot = place;
    item.innerHTML = '<a class="flatlay__piece" href="#"></a>';
    return item;
  }));
  const ground = flatlay.getBoundingClientRect();
  return [...flatlay.querySelectorAll("a")].filter((one) => {
    const box = one.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const inside = box.left >= ground.left - 2 && box.right <= ground.right + 2 && box.top >= ground.top - 2 && box.bottom <= ground.bottom + 2;
    return document.elementFromPoint(x, y) !== one || !inside;
  }).map((one) => one.parentElement.dataset.slot);
}"""


@pytest.fixture(scope="module")
def combos() -> list[tuple[str, ...]]:
    """Every outfit of three to seven pieces that the recipes are for."""
    bodies = [("top", "bottom"), ("dress",)]
    layers = [(), ("mid",), ("outer",), ("outer", "mid"), ("outer", "mid", "over")]
    extras = [(), ("accessory",), ("hat",), ("accessory", "hat")]
    found = []
    for body in bodies:
        for layer in layers:
            for extra in extras:
                pieces = {*body, *layer, *extra, "shoes"}
                if 3 <= len(pieces) <= 7:
                    found.append(tuple(place for place in PLACES if place in pieces))
    assert len(found) > 30 and set(chain(*found)) == set(PLACES)
    assert len(list(combinations(PLACES, 2))) == 36
    return found


@pytest.fixture
def page(open_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    page = open_context(**PHONE).new_page()
    sign_in(page, email=WEARER, password=PASSWORD)
    yield page


def ask(page: Page) -> None:
    page.goto("/today/")
    page.get_by_role("button", name="Just dress me").click()
    page.wait_for_url("**/outfits/*/")


def finish(page: Page) -> None:
    expect(page.locator("[data-answer]")).to_have_attribute("aria-busy", "false")


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_moves_while_an_answer_comes(
    open_context: Callable[..., BrowserContext], wearer: Any, screen: dict[str, Any]
) -> None:
    page = open_context(**screen, storage_state=wearer).new_page()
    page.add_init_script(f"({SHIFTS})()")
    ask(page)
    finish(page)
    assert page.locator("[data-prose] p").count()
    assert page.evaluate("window.shifts") == []


def test_the_longest_line_takes_one_line_as_the_shortest(page: Page) -> None:
    ask(page)
    finish(page)
    line = page.locator("[data-line]")
    heights = set()
    for words in ("Rain.", "Raincoat weather. Rain from noon"):
        assert len(words) <= MOST_LETTERS
        line.evaluate("(line, words) => { line.textContent = words; }", words)
        heights.add(line.evaluate("(line) => line.getBoundingClientRect().height"))
    assert len(heights) == 1


def test_an_answer_fits_one_screen(page: Page) -> None:
    ask(page)
    finish(page)
    laid = page.locator(".flatlay [data-piece]").count()
    assert laid >= 3
    assert page.evaluate(ABOVE_THE_TABS, "[data-line]") == 1
    assert page.evaluate(ABOVE_THE_TABS, ".flatlay [data-piece] .flatlay__piece") == laid
    assert page.evaluate(ABOVE_THE_TABS, ".actbar button") == 3
    first = page.locator("[data-prose] p").first.bounding_box()
    bar = page.locator(".actbar").bounding_box()
    assert first and bar and first["y"] + 60 < bar["y"]


def test_a_piece_is_swapped_and_brought_back_by_keyboard(page: Page) -> None:
    ask(page)
    finish(page)
    shoes = page.locator('.flatlay [data-slot="shoes"] a')
    before = shoes.get_attribute("aria-label")
    shoes.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(shoes).to_be_focused()
    page.keyboard.press("Enter")
    sheet.get_by_role("button", name="You choose").focus()
    page.keyboard.press("Enter")
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    assert page.locator('.flatlay [data-slot="shoes"] a').get_attribute("aria-label") != before
    undo.focus()
    page.keyboard.press("Enter")
    expect(told(page, "As it was.")).to_be_visible()
    assert page.locator('.flatlay [data-slot="shoes"] a').get_attribute("aria-label") == before


@pytest.mark.parametrize("opener", [".flatlay", ".pieces"])
def test_the_sheet_of_a_piece_says_its_acts_and_gives_the_focus_back(
    page: Page, opener: str
) -> None:
    ask(page)
    finish(page)
    piece = page.locator(f"{opener} a[data-sheet]").first
    piece.click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("heading", name="Swap it for")).to_be_visible()
    for act in ("Keep it, and ask again", "Never for this occasion"):
        expect(sheet.get_by_role("button", name=act)).to_be_visible()
    expect(sheet.get_by_role("link", name="Open the piece")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(piece).to_be_focused()


def test_the_question_opens_as_a_sheet_and_keeps_what_was_chosen(page: Page) -> None:
    page.goto("/today/")
    change = page.locator("[data-lifts]")
    change.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="What for?")
    expect(sheet.get_by_role("button", name="Close")).to_be_focused()
    assert faults(page) == []
    sheet.get_by_text("Party", exact=True).click()
    sheet.locator("summary", has_text="Change").click()
    assert overflows(page) == []
    where = sheet.get_by_role("combobox")
    where.fill("Lisb")
    expect(sheet.get_by_role("option").first).to_be_visible()
    where.press("Escape")
    expect(sheet.get_by_role("listbox")).to_be_hidden()
    expect(sheet).to_be_visible()
    where.fill("Porto, Portugal")
    expect(sheet.get_by_role("option").first).to_be_visible()
    where.press("Escape")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(change).to_be_focused()
    expect(page.locator("main #how").get_by_label("Party")).to_be_checked()
    change.click()
    sheet.get_by_role("button", name="Ask the stylist").last.click()
    page.wait_for_url("**/outfits/*/")
    expect(page.locator(".reply__for")).to_contain_text("Party")


def test_without_scripts_change_leads_down_the_page(
    open_context: Callable[..., BrowserContext], wearer: Any
) -> None:
    page = open_context(**PHONE, storage_state=wearer, java_script_enabled=False).new_page()
    page.goto("/today/")
    page.locator("[data-lifts]").click()
    assert page.url.endswith("/today/#how")
    expect(page.get_by_role("heading", name="What for?")).to_be_in_viewport()


def test_every_piece_of_every_recipe_is_hit_in_its_middle(
    page: Page, combos: list[tuple[str, ...]]
) -> None:
    page.goto("/looks/build/")
    missed = {places: found for places in combos if (found := page.evaluate(HITS, list(places)))}
    assert missed == {}


def test_six_pieces_hang_on_the_first_screen(page: Page) -> None:
    page.goto("/wardrobe/")
    assert page.evaluate(ABOVE_THE_TABS, ".hang") >= 6


def test_a_look_is_laid_kept_and_worn(page: Page) -> None:
    page.goto("/looks/build/")
    for _ in range(3):
        page.locator(".builder__tray .take").first.click()
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Name").fill("Laid on a phone")
    page.get_by_role("button", name="Save look").click()
    expect(page.get_by_role("heading", name="Laid on a phone")).to_be_visible()
    page.get_by_role("button", name="Wear it today").click()
    expect(told(page, "You wear Laid on a phone today.")).to_be_visible()


def test_the_picture_of_a_piece_is_turned_and_framed(page: Page) -> None:
    page.goto("/wardrobe/")
    page.locator("#rack .hang:has(img.cut) .garment__name a").first.click()
    page.get_by_text("Photo", exact=True).click()
    expect(page.locator(".item__photo")).to_be_visible()
    page.get_by_role("button", name="More about the picture").click()
    page.get_by_role("link", name="Crop by hand").click()
    page.get_by_label("Left edge").fill("10")
    assert page.locator("[data-rect]").get_attribute("x") == "10"
    page.get_by_role("button", name="Use this part").click()
    page.get_by_role("button", name="Undo").click()
    expect(told(page, "Framed anew.")).to_be_visible()
