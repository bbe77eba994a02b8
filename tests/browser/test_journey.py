"""From the landing page to an outfit that is worn, and from the operator's rollback to the next answer."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, WebSocket, expect

from tests.browser.chromium import DESK, PHONE, Complaints, sign_in, told
from tests.browser.sites import OPERATOR, PASSWORD
from tests.conftest import ROOT

PHOTOS = ROOT / "fixtures" / "demo" / "photos"
CLOTHES = [
    "blue-oxford",
    "charcoal-trousers",
    "brown-boots",
    "white-sneakers",
    "dark-jeans",
    "grey-sweater",
    "olive-field-jacket",
]
REASON = "The earlier one chose better shoes."


class Wire:
    """The events of every answer that a page heard over its sockets, one list a socket."""

    def __init__(self, page: Page) -> None:
        self.sockets: list[list[dict[str, object]]] = []
        page.on("websocket", self.listen)

    def listen(self, socket: WebSocket) -> None:
        if "/ws/outfits/" not in socket.url:
            return
        heard: list[dict[str, object]] = []
        self.sockets.append(heard)
        socket.on("framereceived", lambda payload: heard.append(json.loads(payload)))


def test_from_sign_up_to_a_worn_outfit_and_a_rollback(
    open_context: Callable[..., BrowserContext], complaints: Complaints, tmp_path: Path
) -> None:
    page = open_context(**PHONE).new_page()
    sign_up(page)
    add_photos(page, tmp_path, complaints)
    correct_a_garment(page)
    ask_for_an_outfit(page)
    watch_it_being_written(page)
    assert version_of_answer(page) == "suggest_outfit v2"
    wear_it(page)

    desk = open_context(**DESK).new_page()
    roll_back(desk)

    ask_for_an_outfit(page, place=None)
    wait_for_the_answer(page)
    assert version_of_answer(page) == "suggest_outfit v1"


def sign_up(page: Page) -> None:
    page.goto("/")
    page.get_by_label("First name").fill("Ines")
    page.get_by_label("Email").fill("ines@example.org")
    page.get_by_label("Password", exact=True).fill("seven linen shirts")
    page.get_by_role("button", name="Create my wardrobe").click()
    page.goto("/wardrobe/")
    expect(page.get_by_role("heading", name="One hanger, ready.")).to_be_visible()


WATCH_PREVIEWS = """() => {
    const tiles = document.querySelector("[data-tiles]");
    const all = document.querySelector("[data-all]");
    const shown = new Set();
    window.seen = { lost: [], shares: [] };
    new MutationObserver(() => {
        for (const tile of tiles.querySelectorAll("[data-photo]")) {
            if (tile.querySelector("img")) shown.add(tile.dataset.photo);
            else if (shown.has(tile.dataset.photo)) seen.lost.push(tile.dataset.photo);
        }
        if (all.value !== seen.shares.at(-1)) seen.shares.push(all.value);
    }).observe(tiles.parentElement, { childList: true, subtree: true, attributes: true });
}"""
"""Which photos were without a picture again, and how far the bar was said to be."""


def add_photos(page: Page, folder: Path, complaints: Complaints) -> None:
    """All at once, and one file that is no photo. Cards change without a reload."""
    complaints.expected.append("status of 422")  # Chromium counts a refused upload as an error.
    (bad := folder / "holiday.jpg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    page.get_by_role("link", name="Photograph some clothes").click()
    page.wait_for_url("**/photos/add/")  # Loaded: nobody chooses files before scripts run.
    photos = [shutil.copy(PHOTOS / f"{name}.jpg", folder) for name in CLOTHES]
    page.evaluate(WATCH_PREVIEWS)
    page.locator("#photos").set_input_files([bad, *photos])
    refused = page.locator("[data-files] > li", has_text="holiday.jpg")
    expect(refused).to_have_attribute("data-state", "refused")
    expect(refused.locator(".file__say")).to_contain_text(re.compile(r"\w+ \w+"))
    ready = page.locator("[data-tiles] > li[data-state=ready]")
    expect(ready).to_have_count(len(CLOTHES))
    expect(page.locator("[data-sum]")).to_have_text(f"{len(CLOTHES)} of {len(CLOTHES)} read")
    expect(page.locator("[data-end]")).to_contain_text("pieces, home.")
    seen = page.evaluate("seen")
    assert seen["lost"] == []
    assert sorted(seen["shares"]) == seen["shares"]
    assert len(seen["shares"]) > len(CLOTHES)
    page.get_by_role("link", name="See the wardrobe").click()
    expect(page.locator(".topline")).to_contain_text(f"{len(CLOTHES)} pieces")


def correct_a_garment(page: Page) -> None:
    page.locator("#rack .garment__name a").first.click()
    page.get_by_label("Cloth").select_option("linen")
    expect(page.locator("#field-material")).to_have_attribute("data-sure", "you")
    page.reload()
    expect(page.get_by_label("Cloth")).to_have_value("linen")


def ask_for_an_outfit(page: Page, place: str | None = "Porto") -> None:
    page.goto("/today/")
    page.get_by_text("Tomorrow", exact=True).click()
    if place:
        page.get_by_label("Where").press_sequentially(place)
        page.get_by_role("option", name="Porto, Portugal", exact=True).click()
        page.get_by_label("From", exact=True).fill("09:00")
        page.get_by_label("To", exact=True).fill("17:00")
        expect(page.locator("#weather .weather__say")).to_contain_text("rain from two")
    page.get_by_role("button", name="Ask the stylist").click()
    page.wait_for_url("**/outfits/*/")


def watch_it_being_written(page: Page) -> None:
    """Pieces come before words. A reload in the middle shows the words so far, then the rest."""
    wire = Wire(page)
    page.reload()  # The wire listens from its next socket on.
    expect(page.locator("[data-prose] p").first).to_be_visible()
    expect(page.locator("[data-answer]")).to_have_class(re.compile("is-streaming"))
    expect(page.locator("[data-piece]").nth(2)).to_be_visible()
    so_far = page.locator("[data-prose]").inner_text()
    page.reload()
    expect(page.locator("[data-answer]")).to_have_class(re.compile("is-streaming"))
    wait_for_the_answer(page)
    assert page.locator("[data-prose]").inner_text().startswith(so_far)
    events = wire.sockets[-1]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    kinds = [event["type"] for event in events]
    assert kinds.index("piece") < kinds.index("delta")
    assert kinds.count("delta") > 10
    assert kinds[-1] == "done"


def wait_for_the_answer(page: Page) -> None:
    expect(page.locator("[data-answer]")).to_have_attribute("aria-busy", "false")
    expect(page.locator("[data-prose] a").first).to_be_visible()


def version_of_answer(page: Page) -> str:
    page.get_by_role("button", name="Why this?").click()
    page.get_by_text("For the curious").click()
    row = page.locator("#why dl div", has=page.get_by_text("Version", exact=True))
    expect(row).to_be_visible()
    words = row.locator("dd").inner_text().partition(",")[0]
    page.keyboard.press("Escape")
    return words


def wear_it(page: Page) -> None:
    page.get_by_role("button", name="Wear this").click()
    expect(told(page, "It counts as worn on that day.")).to_be_visible()
    page.goto("/outfits/")
    plan = page.locator(".mth a[draggable]")
    if not plan.count():  # Tomorrow is in the next month.
        page.get_by_role("navigation", name="Month").get_by_role("link").last.click()
    expect(plan.get_by_text("Planned", exact=True)).to_be_visible()


def roll_back(page: Page) -> None:
    """The operator sees which version answered, and puts the earlier one in its place."""
    sign_in(page, email=OPERATOR, password=PASSWORD)
    page.goto("/admin/registry/inferencecall/")
    asked = page.get_by_role("row", name=re.compile(r"suggest_outfit .* v2 "))
    expect(asked.first).to_be_visible()
    page.goto("/admin/registry/prompt/")
    page.get_by_role("link", name="suggest_outfit").first.click()
    page.get_by_role("button", name="Roll back to v1").click()
    page.get_by_label("Reason, for the log").fill(REASON)
    page.get_by_role("button", name="Roll back", exact=True).click()
    expect(page.get_by_role("group", name="History of moves")).to_contain_text(REASON)
    expect(page.locator("#live-title")).to_contain_text("v1")
