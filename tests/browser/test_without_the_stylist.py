"""Pieces by the dozen and by hand: several changed at once, a table looked at and hung up, the wardrobe taken along as one,
a piece described without a photo, and its photos in another order. At phone size."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import Complaints, told
from tests.browser.test_accessibility import faults, overflows
from tests.browser.test_many_at_once import draw_photos
from tests.browser.wearers import WARDROBE, Wearer, open_piece

TABLE = """\
What;Sort;Paid;Where
Fern cardigan;cardigan;39,90;attic
=1+1;scarf;;
Ink shirt;shirt;;
Odd thing;spaceship;;
"""


@pytest.fixture
def page(open_context: Callable[..., BrowserContext], site: str, newcomer: Wearer) -> Page:
    return newcomer.open(open_context, site)


def test_several_pieces_are_changed_at_once_and_are_as_before(page: Page) -> None:
    before = read_coat(page)
    page.goto("/wardrobe/select/")
    for name in ("Moss sweater", "Dune coat"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_role("heading", name="Change 2 pieces")).to_be_visible()
    page.get_by_text("Only these", exact=True).click()
    page.get_by_text("Winter", exact=True).click()
    page.get_by_label("Dressed up").select_option(label="Formal")
    assert faults(page) == [] and overflows(page) == []
    page.get_by_role("button", name="Change them").click()
    expect(told(page, "2 pieces are changed.")).to_be_visible()
    assert read_coat(page.context.new_page()) == ("formal", 1)
    page.get_by_role("button", name="Undo").click()
    expect(told(page, "2 pieces: as before.")).to_be_visible()
    assert read_coat(page) == before


def read_coat(page: Page) -> tuple[str, int]:
    """How dressed up it is, and in how many seasons it is worn."""
    open_piece(page, "Dune coat")
    seasons = page.get_by_role("group", name="Seasons").locator(":checked")
    return page.get_by_label("Dressed up").input_value(), seasons.count()


def test_a_table_is_looked_at_mapped_hung_up_and_taken_along(
    page: Page, tmp_path: Path, complaints: Complaints
) -> None:
    complaints.expected.append("status of 422")
    (tmp_path / "pieces.csv").write_text(TABLE)
    page.goto("/wardrobe/table/")
    page.get_by_label("A CSV file").set_input_files(tmp_path / "pieces.csv")
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("First say what the columns stand for.")).to_be_visible()
    assert faults(page) == [] and overflows(page) == []
    for heading, column in (("What", "Name"), ("Sort", "Kind"), ("Paid", "Price")):
        page.get_by_label(heading, exact=True).select_option(label=column)
    page.get_by_role("button", name="Look again").click()
    expect(
        page.get_by_text("2 new. 1 here already, left as it is. 1 with something wrong")
    ).to_be_visible()
    expect(page.get_by_role("row", name="Odd thing")).to_contain_text("is no word that we know")
    expect(page.get_by_role("row", name="Ink shirt")).to_contain_text("Here already")
    assert faults(page) == [] and overflows(page) == []
    page.get_by_role("button", name="Hang up 2 pieces").click()
    expect(told(page, "2 pieces read from a table.")).to_be_visible()
    open_piece(page, "Fern cardigan")
    expect(page.get_by_label("Price of one")).to_have_value("39.90")

    page.goto("/wardrobe/table/")
    with page.expect_download() as kept:
        page.get_by_role("link", name="Download as CSV").click()
    rows = [*csv.DictReader(io.StringIO(kept.value.path().read_text("utf-8-sig")))]
    assert len(rows) == WARDROBE.count("\n") + 1
    assert {"'=1+1", "Fern cardigan", "Ink shirt"} < {row["Name"] for row in rows}
    page.get_by_label("A CSV file").set_input_files(kept.value.path())
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text(f"0 new. {len(rows)} here already")).to_be_visible()


def test_a_piece_is_described_by_hand_and_its_photos_are_put_in_order(
    page: Page, tmp_path: Path
) -> None:
    page.goto("/wardrobe/")
    page.get_by_role("link", name="Without a photo").click()
    page.get_by_label("Kind", exact=True).select_option("blazer")
    page.get_by_text("Navy", exact=True).click()
    page.get_by_label("Name").fill("Interview blazer")
    assert faults(page) == [] and overflows(page) == []
    page.get_by_role("button", name="Hang it up").click()
    expect(page.get_by_role("heading", name="Interview blazer")).to_be_attached()
    for number, photo in enumerate(draw_photos(tmp_path, 2, 60), 1):
        page.get_by_label("One more photo of it").set_input_files(photo)
        page.get_by_role("button", name="Add this photo").click()
        expect(page.get_by_text("Shown first")).to_have_count(number - 1)
    photos = page.locator("#photos-of-it li")
    expect(photos).to_have_count(2)
    second = photos.nth(1).get_by_role("link").get_attribute("href") or ""
    page.get_by_role("button", name="Show first").click()
    expect(photos.nth(0).get_by_role("link")).to_have_attribute("href", second)
    page.get_by_role("group", name="Photo 1").get_by_role("button", name="Later").click()
    expect(photos.nth(1).get_by_role("link")).to_have_attribute("href", second)
    assert faults(page) == [] and overflows(page) == []
