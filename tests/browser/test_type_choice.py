"""A doubted type: one of two is chosen with the keyboard beside the rack, undone, and settled on its page."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.chromium import PHONE, sign_in
from tests.browser.sites import PASSWORD, WEARER
from tests.browser.test_accessibility import faults
from tests.dresscode.launchers import Launcher

DOUBT = """
from wardrobe.models import Garment
# What other tests photographed asks too, and a page has room for a few.
Garment.objects.exclude(doubts=[]).update(doubts=[], status="ready")
Garment.objects.filter(name="Blue oxford shirt").update(
    status="needs_review",
    edited_fields=[],
    doubts=["type"],
    confidence={"type": 0.5},
    alternatives={"type": [{"value": "blouse", "confidence": 0.4}]},
)
"""


def test_a_doubted_type_is_settled_with_the_keyboard(
    open_context: Callable[..., BrowserContext], launcher: Launcher
) -> None:
    launcher.shell(DOUBT)
    page = open_context(**PHONE).new_page()
    sign_in(page, email=WEARER, password=PASSWORD)
    page.goto("/wardrobe/?q=blue oxford shirt")
    question = page.get_by_role("group", name="Blue oxford shirt: Shirt or blouse?")
    expect(question).to_be_visible()
    assert faults(page) == []

    question.get_by_role("button", name="Blouse").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    expect(page.get_by_text("Blouse it is.")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Enter")
    expect(question).to_be_visible()

    question.get_by_role("link", name="Other…").click()
    page.wait_for_url("**/wardrobe/*/#field-type")
    question = page.get_by_role("group", name="Shirt or blouse?")
    assert faults(page) == []
    question.get_by_role("button", name="Shirt").focus()
    page.keyboard.press("Enter")
    expect(question).to_have_count(0)
    expect(page.get_by_label("Kind", exact=True)).to_have_value("shirt")
