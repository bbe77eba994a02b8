"""axe finds no serious fault on any main page, in light and in dark, and the keyboard reaches what matters."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import DESK, PHONE, Complaints, sign_in
from tests.browser.sites import OPERATOR, PASSWORD

SERIOUS = ["serious", "critical"]
RUN_AXE = """(impacts) => axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations
    .filter((fault) => impacts.includes(fault.impact))
    .map((fault) => `${fault.id}: ${JSON.stringify(fault.nodes.slice(0, 4).map((node) => node.target))}`))"""
CHANGED = """() => document.getAnimations()
    .every((one) => !(one instanceof CSSTransition) || one.playState === "finished")"""
"""No colour is on its way to another one."""
GROUND = "getComputedStyle(document.body).backgroundColor"
SWITCH_ADMIN = """(isDark) => {
    if (document.documentElement.matches("[x-data]")) document.documentElement.classList.toggle("dark", isDark);
}"""
"""What the admin does as it is loaded; our own pages follow the scheme by themselves."""
NARROW = 320
"""CSS pixels: a desktop of 1,280 at four times its size (https://www.w3.org/TR/WCAG22/#reflow)."""
ZOOMED = 195
"""A phone of 390 at twice its size."""
PUBLIC = ["/", "/sign-up/", "/accounts/login/", "/accounts/password-reset/", "/offline/"]
WEARERS = [
    "/today/",
    "/wardrobe/",
    "/wardrobe/add/",
    "/photos/add/",
    "/outfits/",
    "/outfits/calendars/",
    "/wardrobe/household/",
    "/wardrobe/laundry/",
    "/you/notifications/",
    "/you/",
]
WEARERS += [
    "/you/data/",
    "/you/delete/",
    "/you/learned/",
    "/you/shared/",
    "/accounts/second-factor/",
]
WEARERS += ["/looks/", "/looks/build/", "/trips/", "/trips/new/", "/outfits/household/"]
WEARERS += [
    "/wardrobe/numbers/",
    "/wardrobe/buy/",
    "/wardrobe/basics/",
]
WEARERS += ["/wardrobe/select/", "/wardrobe/table/"]
# Pages of one thing: where a link to the first one is, and which links lead there.
OF_ONE = [
    ("/wardrobe/", "#rack .garment__name a"),
    ("/looks/", "main a[href^='/looks/'][href*='-'][href$='/']"),
    ("/trips/", "main a[href^='/trips/'][href*='-']"),
]
OPERATORS = [
    "/admin/",
    "/admin/feedback/lineage/",
    "/admin/feedback/review/",
    "/admin/monitoring/accuracy/",
    "/admin/monitoring/alert/",
    "/admin/monitoring/alertrule/add/",
    "/admin/monitoring/drift/",
    "/admin/monitoring/latency/",
    "/admin/monitoring/webhookendpoint/",
    "/admin/registry/canary/",
    "/admin/registry/gatethresholds/",
    "/admin/registry/inferencecall/",
    "/admin/registry/override/",
    "/admin/registry/prompt/",
    "/admin/wardrobe/uploadevent/",
]


def faults(page: Page) -> list[str]:
    """Serious faults by rule, as the page is shown now, each with the elements that have it."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function(CHANGED)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [f"{page.url} {fault}" for fault in page.evaluate(RUN_AXE, SERIOUS)]


def faults_in_both(page: Page) -> list[str]:
    """Those in light and those in dark, of one page that is loaded once."""
    found, ground = faults(page), page.evaluate(GROUND)
    with in_dark(page):
        assert page.evaluate(GROUND) != ground, f"{page.url} is no darker in dark"
        return [*found, *(f"in dark: {fault}" for fault in faults(page))]


@contextmanager
def in_dark(page: Page) -> Iterator[None]:
    page.emulate_media(color_scheme="dark")
    page.evaluate(SWITCH_ADMIN, True)
    yield
    page.emulate_media(color_scheme="light")
    page.evaluate(SWITCH_ADMIN, False)


def faults_of(page: Page, paths: list[str]) -> list[str]:
    """In both schemes, and how far they scroll sideways on a small phone and on one that is zoomed."""
    found: list[str] = []
    for path in paths:
        page.goto(path)
        found += faults_in_both(page) + overflows(page, ZOOMED, NARROW)
    return found


def overflows(page: Page, *widths: int) -> list[str]:
    """By how much a page scrolls sideways in so many pixels (NARROW unless told), with everything unfolded that can be;
    nothing if it does not.
    """
    size = page.viewport_size
    assert size
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = []
    for width in widths or (NARROW,):
        page.set_viewport_size({"width": width, "height": size["height"]})
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{page.url} is {wide} wide, of {width}"] if wide > width else []
    page.set_viewport_size(size)
    return found


def last_month() -> date:
    """Its last day: also on the first of a month it has outfits."""
    return date.today().replace(day=1) - timedelta(days=1)


def first_link(page: Page, path: str, links: str) -> str:
    page.goto(path)
    return page.locator(links).first.get_attribute("href") or ""


@pytest.fixture
def page(open_context: Callable[..., BrowserContext], wearer: Any) -> Page:
    return open_context(**PHONE, storage_state=wearer).new_page()


@pytest.fixture
def desk(open_context: Callable[..., BrowserContext], wearer: Any) -> Page:
    return open_context(**DESK, storage_state=wearer).new_page()


def test_pages_for_everyone(
    open_context: Callable[..., BrowserContext], complaints: Complaints
) -> None:
    complaints.expected.append("status of 404")
    visitor = open_context(**PHONE).new_page()
    assert faults_of(visitor, [*PUBLIC, "/nowhere/"]) == []


def test_pages_of_a_wearer_on_a_phone_zoomed_and_at_a_desk(page: Page, desk: Page) -> None:
    """Both wait for a page at once: what takes the time is that nothing comes any more."""
    found = []
    for path in [*WEARERS, *(first_link(page, *one) for one in OF_ONE)]:
        page.goto(path, wait_until="commit")
        desk.goto(path)
        found += [*faults_in_both(page), *overflows(page, ZOOMED, NARROW)]
        found += [*faults_in_both(desk), *overflows(desk, DESK["viewport"]["width"])]
    assert found == []


def test_a_day_and_its_outfit_do_not_scroll_sideways_on_a_zoomed_phone(page: Page) -> None:
    day = first_link(
        page, f"/outfits/?month={last_month():%m}&year={last_month():%Y}", ".mth a:has(.mark--worn)"
    )
    outfit = first_link(page, day, ".planned h2 a")
    for path in (day, outfit):
        page.goto(path)
        assert overflows(page, ZOOMED, NARROW) == []


def test_an_empty_wardrobe(open_context: Callable[..., BrowserContext]) -> None:
    newcomer = open_context(**PHONE).new_page()
    newcomer.goto("/sign-up/")
    newcomer.get_by_label("Email").fill("newcomer@example.org")
    newcomer.get_by_label("Password", exact=True).fill("seven linen shirts")
    newcomer.get_by_role("button", name="Create my wardrobe").click()
    newcomer.wait_for_url(lambda url: "sign-up" not in url)
    assert faults_of(newcomer, ["/today/", "/wardrobe/", "/outfits/", "/you/"]) == []


def test_a_garment_and_its_dialogs(page: Page) -> None:
    page.goto("/wardrobe/")
    page.locator("#rack .garment__name a").first.click()
    expect(page.get_by_role("button", name="Delete", exact=True)).to_be_visible()
    found = faults_in_both(page)
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert found + faults_in_both(page) == []


def test_an_answer_and_its_reasons(page: Page) -> None:
    page.goto("/today/")
    page.get_by_role("button", name="Ask the stylist").click()
    expect(page.locator("[data-prose] p").first).to_be_visible()
    found = faults_in_both(page)
    expect(page.locator("[data-answer]")).to_have_attribute("aria-busy", "false")
    found += faults_in_both(page)
    page.get_by_role("button", name="Why this?").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert found + faults_in_both(page) == []


def test_pages_of_an_operator(open_context: Callable[..., BrowserContext]) -> None:
    desk = open_context(**DESK).new_page()
    sign_in(desk, email=OPERATOR, password=PASSWORD)
    desk.emulate_media(color_scheme="dark")
    desk.goto("/admin/")
    expect(desk.locator("html")).to_have_class("dark")
    desk.emulate_media(color_scheme="light")
    found = []
    for path in OPERATORS:
        desk.goto(path)
        found += faults_in_both(desk) + overflows(desk, NARROW)
    desk.goto("/admin/registry/prompt/")
    desk.get_by_role("link", name="suggest_outfit").first.click()
    expect(desk.locator("#live-title")).to_be_visible()
    found += faults_in_both(desk)
    desk.get_by_role("button", name=re.compile("Roll back to")).click()
    expect(desk.get_by_role("dialog")).to_be_visible()
    assert found + faults_in_both(desk) == []


def test_what_the_registry_shows_fits_a_phone(
    open_context: Callable[..., BrowserContext],
) -> None:
    phone = open_context(**PHONE).new_page()
    sign_in(phone, email=OPERATOR, password=PASSWORD)
    for model in ("prompt", "promptversion", "evaluationrun", "dataset", "inferencecall"):
        phone.goto(f"/admin/registry/{model}/")
        row = phone.locator(f"a[href*='/registry/{model}/'][href*='/change/']").first
        phone.goto(row.get_attribute("href") or "")
        assert overflows(phone) == []


@pytest.mark.parametrize(
    ("path", "action"),
    [("/today/", "Ask the stylist"), ("/photos/add/", "photos"), ("/wardrobe/", "Filters")],
)
def test_the_keyboard_reaches_the_main_action(
    open_context: Callable[..., BrowserContext], wearer: Any, path: str, action: str
) -> None:
    page = open_context(**DESK, storage_state=wearer).new_page()
    page.goto(path)
    assert action in tab_stops(page, most=60)


def tab_stops(page: Page, *, most: int) -> list[str]:
    """What Tab comes by from the top of the page: the words of links and buttons, the id of fields."""
    read = "() => document.activeElement.innerText?.trim() || document.activeElement.id"
    stops = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(read))
    return stops
