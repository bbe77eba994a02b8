"""Take the pictures of README.md and docs/: `python -m tests.browser.screenshots [wearers|operators]` writes docs/images.

With "wearers" or "operators" only those of their pages; the operators' take ten minutes, for versions are evaluated.
"""

import io
import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.chromium import DESK, PHONE, open_browser, sign_in
from tests.browser.sites import OPERATOR, PASSWORD, WEARER, address, serve_site
from tests.dresscode.launchers import Launcher

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"

PAGES = {
    "calendar": "/outfits/",
    "trips": "/trips/",
    "laundry": "/wardrobe/laundry/",
    "household": "/wardrobe/household/",
    "numbers": "/wardrobe/numbers/",
    "sharing": "/you/shared/",
    "notifications": "/you/notifications/",
}
"""Documents of docs/ and the page that each has a picture of."""
LINKS = {"trips": "Lisbon", "sharing": "/s/"}
"""What is followed there first."""
WEBP_QUALITY = 82
MOST_ANSWERS = 6

MAKE_COLD_STYLIST = """
from registry.evaluation import runner
from registry.services.versions import create_version
from registry.models import Prompt
prompt = Prompt.objects.get(name="suggest_outfit")
bundle = prompt.production().version.bundle
bundle["parameters"]["rules"]["heat"] = False
version = create_version(prompt=prompt, bundle=bundle, notes="Layers against the cold, always.")
golden = prompt.datasets.get().current
runner.evaluate_version(version=version, dataset_version=golden)
"""
"""A version that dresses people in coats in summer."""

MAKE_HASTY_EYES = """
from registry import jobs
from registry.evaluation import runner
from registry.services.versions import create_version
from registry.models import Prompt
jobs.import_golden_job()
prompt = Prompt.objects.get(name="digitize_photo")
live, golden = prompt.production().version, prompt.datasets.get().current
vision = {**live.bundle["parameters"]["vision"], "maximum_garments": 1}
bundle = {**live.bundle, "parameters": {**live.bundle["parameters"], "vision": vision}}
version = create_version(prompt=prompt, bundle=bundle, notes="One garment is enough.")
for one in (live, version):
    runner.evaluate_version(version=one, dataset_version=golden)
"""
"""A version that sees one garment in each photo; it takes two minutes."""

TRY_CHATTY_STYLIST = """
import random
from datetime import timedelta
from django.db.models.functions import Now
from registry.canary.service import start_canary
from registry.evaluation import runner
from registry.prompts import live_versions
from registry.services.versions import create_version
from registry.models import CanaryCall, InferenceCall, Prompt
prompt = Prompt.objects.get(name="suggest_outfit")
live = prompt.production().version
bundle = {**live.bundle, "system": live.bundle["system"] + " Say more."}
version = create_version(prompt=prompt, bundle=bundle, notes="Says more of the weather.")
golden = prompt.datasets.get().current
runner.evaluate_version(version=version, dataset_version=golden)
canary = start_canary(version=version, share=0.1, actor=None, reason="Do they read it?")
luck = random.Random(4)
for wearer in range(700):
    token = live_versions.draw_token(canary.pk, wearer)
    is_candidate = luck.random() < 0.1
    call = InferenceCall.objects.create(
        task=prompt.name, version=version if is_candidate else live, epoch=1, engine="builtin",
        subject=f"suggestion:{wearer}", input_sha256="0" * 64, outcome="succeeded", output={},
        violations=[{"code": "rain"}] if luck.random() < 0.03 else [],
        latency_ms=luck.gauss(1400, 250), finished_at=Now() + timedelta(seconds=1),
    )
    CanaryCall.objects.create(call=call, canary=canary, wearer=token, is_candidate=is_candidate)
"""
"""A canary of a version that is as good as the live one, after calls of 700 wearers who are made up."""


def take_pictures(of: str = "") -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with serve_site() as launcher, open_browser() as browser:
        if of in {"", "wearers"}:
            launcher.shell("from styling import jobs; jobs.picture_outfits_job()")
            photograph_wearers_pages(browser, address(launcher))
        if of in {"", "operators"}:
            photograph_operators_pages(browser, launcher)


def photograph_wearers_pages(browser: Browser, site: str) -> None:
    page = open_page(browser, site, PHONE, WEARER)
    for name, path in PAGES.items():
        photograph_page(page, name, path)
    photograph_wardrobe(page)
    photograph_answer(page)


def photograph_operators_pages(browser: Browser, launcher: Launcher) -> None:
    site = address(launcher)
    photograph_prompt(open_page(browser, site, DESK, OPERATOR))
    launcher.shell(MAKE_COLD_STYLIST)
    photograph_gate(open_page(browser, site, DESK, OPERATOR))
    launcher.shell(MAKE_HASTY_EYES)
    photograph_evaluation(open_page(browser, site, DESK, OPERATOR))
    launcher.shell(TRY_CHATTY_STYLIST)
    photograph_canary(open_page(browser, site, DESK, OPERATOR))


def open_page(browser: Browser, site: str, device: dict[str, object], email: str) -> Page:
    page = browser.new_context(base_url=site, **device).new_page()
    sign_in(page, email=email, password=PASSWORD)
    return page


def photograph_page(page: Page, name: str, path: str) -> None:
    """As a phone shows it first."""
    page.goto(path)
    if name in LINKS:
        page.get_by_role("main").get_by_role("link", name=LINKS[name]).first.click()
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.save(IMAGES / f"{name}-phone.webp", quality=WEBP_QUALITY, method=6)


def photograph_answer(page: Page) -> None:
    """Tomorrow at the office, when it rains from two; another one as long as a piece is shown as a print."""
    page.goto("/today/")
    page.get_by_text("Tomorrow", exact=True).click()
    page.locator("summary").get_by_text("Change").click()
    page.locator("[name=starts_at]").fill("09:00")
    page.locator("[name=ends_at]").fill("17:30")
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Ask the stylist").click()
    page.get_by_role("button", name="Wear this").wait_for()
    for _ in range(MOST_ANSWERS):
        page.wait_for_selector("[data-answer][aria-busy=false]")
        page.wait_for_load_state("networkidle")
        if not page.locator(".flatlay__piece--print").count():
            break
        before = page.url
        page.get_by_role("button", name="Another").click()
        page.wait_for_url(lambda url, before=before: url != before)
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
    page.get_by_role("link", name="suggest_outfit v3").click()
    page.get_by_role("link", name="see and promote").click()
    page.get_by_role("heading", name="The gate").wait_for()
    page.screenshot(path=IMAGES / "admin-gate.png")


def photograph_evaluation(page: Page) -> None:
    """What the newest run got wrong and the live version did not."""
    page.goto("/admin/registry/evaluationrun/")
    page.locator("#result_list tbody a").first.click()
    page.goto(f"{page.url}?lost=1#wrong")
    page.wait_for_load_state("networkidle")
    page.locator("#wrong").evaluate("panel => panel.scrollIntoView()")
    page.wait_for_timeout(500)
    page.screenshot(path=IMAGES / "admin-evaluation.png")


def photograph_canary(page: Page) -> None:
    """Once the scheduler has had it checked."""
    page.goto("/admin/registry/canary/")
    page.locator("#result_list tbody a").first.click()
    page.get_by_role("heading", name="How it stands").wait_for()
    while page.get_by_text("Nothing yet").count() > 1:
        page.wait_for_timeout(1000)
        page.reload()
    page.screenshot(path=IMAGES / "admin-canary.png")


if __name__ == "__main__":
    take_pictures(*sys.argv[1:2])
