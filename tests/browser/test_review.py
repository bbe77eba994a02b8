"""A reviewer decides fifty items without touching the mouse, and more of them together."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.chromium import DESK, Complaints, sign_in
from tests.browser.reviewing import decide_items, fill_queue, press
from tests.browser.sites import OPERATOR, PASSWORD
from tests.browser.test_accessibility import faults
from tests.dresscode.launchers import Launcher

DECIDED = """SELECT count(*) FROM feedback_reviewdecision d WHERE undoes_id IS NULL
    AND NOT EXISTS (SELECT FROM feedback_reviewdecision WHERE undoes_id = d.id)"""
"""Those that stand."""
WITHDRAW = """
from accounts.models import User
from feedback.services.consents import withdraw_consent
withdraw_consent(User.objects.get(email="mara@example.com"))
"""


@pytest.mark.slow
def test_fifty_items_are_decided_by_keyboard(
    open_context: Callable[..., BrowserContext], launcher: Launcher
) -> None:
    assert fill_queue(launcher) > 60
    earlier = launcher.count(DECIDED)
    page = open_context(**DESK).new_page()
    sign_in(page, email=OPERATOR, password=PASSWORD)
    page.goto("/admin/feedback/review/")
    found = faults(page)

    decide_items(page, 49)
    press(page, "u")
    assert launcher.count(DECIDED) - earlier == 48
    page.keyboard.press("3")
    expect(page.get_by_label("Something else")).to_be_focused()
    page.keyboard.press("ArrowDown")
    press(page, "Enter")
    press(page, "1")
    assert launcher.count(DECIDED) - earlier == 50

    while page.get_by_role("link", name="more like this").count() == 0:
        press(page, "1")
    decided = launcher.count(DECIDED)
    page.keyboard.press("b")
    boxes = page.locator("[data-alike] input")
    expect(boxes.first).to_be_visible()
    count = boxes.count()
    page.keyboard.press("a")
    expect(boxes.first).to_be_checked()
    found += faults(page)
    press(page, "1")
    expect(page.get_by_text(f"{count + 1} decided together.")).to_be_visible()
    assert launcher.count(DECIDED) == decided + count + 1
    press(page, "u")
    assert launcher.count(DECIDED) == decided
    assert found == []


def test_a_decision_waits_for_the_network(
    open_context: Callable[..., BrowserContext], launcher: Launcher
) -> None:
    fill_queue(launcher)
    context = open_context(**DESK)
    page = context.new_page()
    sign_in(page, email=OPERATOR, password=PASSWORD)
    page.goto("/admin/feedback/review/")
    action = page.locator("[data-review] form").get_attribute("action")
    context.set_offline(True)
    page.keyboard.press("1")
    expect(page.get_by_text("You are offline.")).to_be_visible()
    context.set_offline(False)
    expect(page.locator(f"form[action='{action}']")).to_have_count(0)
    expect(page.locator("#ask")).to_be_visible()


def test_a_photo_is_taken_away_once_consent_is(
    open_context: Callable[..., BrowserContext], launcher: Launcher, complaints: Complaints
) -> None:
    complaints.expected.append("status of 404")
    fill_queue(launcher)
    page = open_context(**DESK).new_page()
    sign_in(page, email=OPERATOR, password=PASSWORD)
    page.goto("/admin/feedback/review/")
    picture = page.locator("[data-picture]")
    expect(picture).to_be_visible()
    launcher.shell(WITHDRAW)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_text("This one is not yours any more.")).to_be_visible()
    expect(picture).to_have_count(0)
