"""The calendar on a phone: a plan is moved by the list and by drag, called off and taken back; the laundry is one act."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import DESK, PHONE, Complaints, told
from tests.browser.test_accessibility import faults
from tests.dresscode.launchers import Launcher
from tests.dresscode.processes import wait_until

MOVED = re.compile("Moved to")
# On the last days of a month no later one is on its page.
PLAN_NEXT_MONTH = """
from datetime import timedelta
from feedback.services.plans import move_plan
from styling.models import Suggestion
plans = Suggestion.objects.filter(owner__email="mara@example.com", verdict="accepted")
plan = plans.order_by("event__date").last()
move_plan(plan, day=(plan.owner.today.replace(day=1) + timedelta(days=32)).replace(day=5))
"""


def open_plan(page: Page) -> None:
    """The day of the next plan that is on the month's page."""
    page.goto("/outfits/")
    if not page.locator(".mth a[draggable]").count():
        page.get_by_role("navigation", name="Month").get_by_role("link").last.click()
    page.locator(".mth a[draggable]").first.click()
    expect(page.locator(".planned").first).to_be_visible()


def test_a_plan_is_moved_called_off_and_taken_back_with_the_keyboard(
    open_context: Callable[..., BrowserContext], wearer: str
) -> None:
    page = open_context(**PHONE, storage_state=wearer).new_page()
    open_plan(page)
    page.get_by_role("link", name="Move").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Move it to")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("radio").nth(5).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Move", exact=True).press("Enter")
    expect(told(page, MOVED)).to_be_visible()
    page.get_by_role("button", name="Undo").press("Enter")
    expect(told(page, MOVED)).to_be_visible()

    page.get_by_role("button", name="Call off").first.press("Enter")
    expect(told(page, "It counts neither for it nor against it.")).to_be_visible()
    expect(page.locator(".planned .mark--off")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.locator(".planned .mark--planned").first).to_be_visible()


def test_a_plan_is_dragged_to_another_day_on_a_desk(
    open_context: Callable[..., BrowserContext], wearer: str, launcher: Launcher
) -> None:
    launcher.shell(PLAN_NEXT_MONTH)
    page = open_context(**DESK, storage_state=wearer).new_page()
    page.goto("/outfits/")
    page.get_by_role("navigation", name="Month").get_by_role("link").last.click()
    page.wait_for_url("**month=*")
    plan = page.locator(".mth a[draggable]").first
    address = plan.get_attribute("href")
    target = page.locator(f".mth a[data-day]:not([href='{address}'])").last
    day = target.get_attribute("data-day")
    plan.hover()
    page.mouse.down()
    for _ in range(2):  # Chromium tells of what it is over with the second move.
        target.hover()
    expect(target).to_have_class(re.compile("is-target"))
    page.mouse.up()
    page.wait_for_url(f"**/outfits/day/{day}/")
    expect(told(page, MOVED)).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(f"**{address}")


def test_the_basket_is_washed_at_once_and_taken_back(
    open_context: Callable[..., BrowserContext], wearer: str
) -> None:
    page = open_context(**PHONE, storage_state=wearer).new_page()
    page.goto(
        "/wardrobe/?q=camel+wool+coat"
    )  # The demo lends, mends and washes none that is the only one of its kind.
    page.locator("#rack .wall > .hang .garment__name a").first.click()
    page.locator("#wash").click()
    expect(page.locator("#wears")).to_contain_text("Into the wash")
    page.goto("/wardrobe/laundry/")
    assert faults(page) == []
    page.get_by_role("button", name="All clean again").click()
    expect(page.get_by_text("The basket is empty.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="All clean again")).to_be_visible()
    page.get_by_role("button", name="All clean again").click()


def test_what_to_be_told_is_chosen_on_a_phone(
    open_context: Callable[..., BrowserContext], wearer: str
) -> None:
    page = open_context(**PHONE, storage_state=wearer).new_page()
    page.goto("/you/notifications/")
    expect(page.get_by_role("switch", name="Each morning, what to wear")).not_to_be_checked()
    assert faults(page) == []
    page.get_by_role("switch", name="Each morning, what to wear").check()
    page.get_by_label("Sat").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("switch", name="Each morning, what to wear")).to_be_checked()
    page.get_by_role("switch", name="Each morning, what to wear").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(told(page, "Saved.")).to_be_visible()


def test_an_address_is_made_and_a_calendar_that_leads_inside_is_refused(
    open_context: Callable[..., BrowserContext], wearer: str, complaints: Complaints
) -> None:
    complaints.expected.append("status of 422")
    page = open_context(**PHONE, storage_state=wearer).new_page()
    page.goto("/outfits/calendars/")
    page.get_by_role("button", name=re.compile("address")).click()
    address = page.get_by_label("Your private address").input_value()
    assert "/calendar/" in address and address.endswith(".ics")
    assert faults(page) == []
    page.get_by_label("Its address").fill("http://127.0.0.1/mine.ics")
    page.get_by_role("button", name="Read this calendar").click()
    expect(page.locator("#subscribe_url_error, .errors").first).to_be_visible()
    page.get_by_role("button", name="Stop it").click()
    expect(page.get_by_role("heading", name="Stop the address?")).to_be_visible()
    page.get_by_role("button", name="Stop it").click()
    expect(told(page, "The address has stopped.")).to_be_visible()


def test_days_show_the_composed_picture_of_their_outfit(
    open_context: Callable[..., BrowserContext], wearer: str
) -> None:
    page = open_context(**PHONE, storage_state=wearer).new_page()
    open_plan(page)
    picture = page.locator(".planned .ground--look > img").first
    wait_until(lambda: page.reload() and picture.count(), "a job has composed the picture")
    expect(picture).to_be_visible()
    assert picture.evaluate(
        "(one) => one.decode().then(() => [one.naturalWidth, one.naturalHeight])"
    ) == [360, 360]
    page.goto("/outfits/")
    month = page.locator(".mth .ground--look > img")
    assert month.count() and month.first.evaluate("(one) => one.src.includes('/media/')")
