"""A copy of a photo: the wearer is asked, answers with the keyboard, and changes their mind."""

from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import BrowserContext, expect

from tests.browser.chromium import PHONE, sign_in, told
from tests.browser.sites import PASSWORD, WEARER
from tests.browser.test_accessibility import faults
from tests.conftest import ROOT

DRESS = ROOT / "fixtures" / "demo" / "photos" / "floral-dress.jpg"


def test_a_copy_is_asked_about_and_the_answer_can_be_changed(
    open_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    with Image.open(DRESS) as dress:
        dress.crop((20, 30, dress.width - 10, dress.height - 5)).save(tmp_path / "again.jpg")
    page = open_context(**PHONE).new_page()
    sign_in(page, email=WEARER, password=PASSWORD)
    page.goto("/photos/add/")
    page.locator("#photos").set_input_files(tmp_path / "again.jpg")
    row = page.locator("#batch-end .files > li")
    expect(row).to_contain_text("Is this the same one?")
    expect(row.get_by_role("img", name="The photo that you have")).to_be_visible()

    page.goto("/wardrobe/")
    card = page.locator("[data-photo]")
    expect(card).to_contain_text("Is this the same one?")
    assert faults(page) == []
    card.get_by_role("button", name="Same photo").focus()
    page.keyboard.press("Enter")
    expect(card).to_contain_text("You have this one already")

    page.goto(f"/photos/{card.get_attribute('data-photo')}/")
    expect(page.get_by_text("You said: the same photo.")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Another photo of it").click()
    expect(page.get_by_text("You said: another photo of")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Floral").click()
    expect(
        page.locator("#photos-of-it").get_by_role("heading", name="Photos of it")
    ).to_be_visible()
    assert faults(page) == []
    picture = page.get_by_role("img", name="photo 2")
    picture.scroll_into_view_if_needed()
    expect(picture).not_to_have_js_property(
        "naturalWidth", 0
    )  # Else it might load when it is gone.
    opener = page.get_by_role("button", name="Remove photo 2")
    opener.click()
    asked = page.get_by_role("dialog", name="Delete this photo?")
    assert faults(page) == []
    asked.get_by_role("button", name="Keep it").click()
    expect(asked).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    asked.get_by_role("button", name="Delete it").click()
    expect(told(page, "The photo is deleted.")).to_be_visible()
    expect(page.get_by_role("link", name="Photo 2")).to_have_count(0)
