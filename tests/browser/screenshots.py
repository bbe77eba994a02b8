"""Take the README's pictures: `python -m tests.browser.screenshots` writes docs/images."""

import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")

from playwright.sync_api import Browser, Page

from tests.browser.chromium import DESK, PHONE, open_browser, sign_in
from tests.browser.sites import OPERATOR, PASSWORD, WEARER, address, serve_site

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"

MAKE_COLD_STYLIST = """
from registry import evaluation, services
from registry.models import Prompt
prompt = Prompt.objects.get(name="suggest_outfit")
bundle = prompt.production().version.bundle
bundle["parameters"]["rules"]["heat"] = False
version = services.create_version(prompt=prompt, bundle=bundle, notes="Layers against the cold, always.")
golden = prompt.datasets.get().current
evaluation.evaluate_version(version=version, dataset_version=golden)
"""
"""A version that dresses people in coats in summer."""


def take_pictures() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with serve_site() as launcher, open_browser() as browser:
        site = address(launcher)
        photograph_answer(open_page(browser, site, PHONE, WEARER))
        photograph_wardrobe(open_page(browser, site, PHONE, WEARER))
        photograph_prompt(open_page(browser, site, DESK, OPERATOR))
        launcher.shell(MAKE_COLD_STYLIST)
        photograph_gate(open_page(browser, site, DESK, OPERATOR))


def open_page(browser: Browser, site: str, device: dict[str, object], email: str) -> Page:
    page = browser.new_context(base_url=site, **device).new_page()
    sign_in(page, email=email, password=PASSWORD)
    return page


def photograph_answer(page: Page) -> None:
    """Tomorrow at the office, when it rains from two."""
    page.goto("/today/")
    page.get_by_text("Tomorrow", exact=True).click()
    page.get_by_text("Change", exact=True).click()
    page.locator("[name=starts_at]").fill("09:00")
    page.locator("[name=ends_at]").fill("17:30")
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Ask the stylist").click()
    page.get_by_role("button", name="Wear this").wait_for()
    page.screenshot(path=IMAGES / "answer-phone.png")


def photograph_wardrobe(page: Page) -> None:
    page.goto("/wardrobe/")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / "wardrobe.png")


def photograph_prompt(page: Page) -> None:
    page.goto("/admin/registry/prompt/")
    page.get_by_role("link", name="suggest_outfit").click()
    page.get_by_role("heading", name="Versions").wait_for()
    page.screenshot(path=IMAGES / "admin-prompt.png")


def photograph_gate(page: Page) -> None:
    page.goto("/admin/registry/promptversion/")
    page.get_by_role("link", name="suggest_outfit 3").click()
    page.get_by_role("link", name="see and promote").click()
    page.get_by_role("heading", name="The gate").wait_for()
    page.screenshot(path=IMAGES / "admin-gate.png")


if __name__ == "__main__":
    take_pictures()
