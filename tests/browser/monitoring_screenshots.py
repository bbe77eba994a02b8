"""Take the pictures of docs/monitoring.md: `python -m tests.browser.monitoring_screenshots` writes docs/images.

The site is simulated: five weeks of wearers who are made up, then an hour in which one answer in fifty names a garment
that nobody owns.
"""

import io
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")

from PIL import Image
from playwright.sync_api import Browser

from tests.browser.chromium import DESK, PHONE, open_browser
from tests.browser.screenshots import IMAGES, open_page
from tests.browser.sites import OPERATOR, address, serve_site

SIMULATE = """
import numpy as np
from datetime import timedelta
from django.db import connection
from django.utils import timezone
from monitoring.alerts.shipped import load_rules
from monitoring.drift.report import make_report
from monitoring.figures.building import LOCK, build_due, floor_to
from monitoring.models import Rollup, RollupProgress
from monitoring.simulation.clock import HOUR, run_minutes, write_past
from monitoring.simulation.site import Rates, Site, make_wearers
now = timezone.now()
start = floor_to(now, timedelta(minutes=1)) - HOUR
connection.cursor().execute("SELECT pg_advisory_lock(%s)", [LOCK])
load_rules()
site = Site(make_wearers(60), np.random.default_rng(1), Rates(240, 40), ("builtin",))
RollupProgress.objects.all().delete()
Rollup.objects.all().delete()
write_past(site, start, days=35)
site.faults = {"invented-garments"}
list(run_minutes(site, start, 60, reports=False))
make_report(timezone.now())
build_due(timezone.now())
"""
"""Rollups are built anew, for there is a past now. The site's own scheduler, whose clock is another, waits for the lock."""

PAGES = {
    "overview": "/admin/",
    "latency": "/admin/monitoring/latency/?span=7d",
    "drift": "/admin/monitoring/drift/",
    "accuracy": "/admin/monitoring/accuracy/?span=7d",
    "alerts": "/admin/monitoring/alert/",
}
DEVICES = {"desk": DESK, "phone": PHONE}


def take_pictures() -> None:
    with serve_site() as launcher, open_browser() as browser:
        launcher.shell(SIMULATE)
        for device in DEVICES:
            photograph_pages(browser, address(launcher), device)


def photograph_pages(browser: Browser, site: str, device: str) -> None:
    page = open_page(browser, site, DEVICES[device], OPERATOR)
    for name, path in PAGES.items():
        page.goto(path)
        page.wait_for_load_state("networkidle")
        with Image.open(io.BytesIO(page.screenshot())) as picture:
            picture.save(IMAGES / f"monitoring-{name}-{device}.webp", quality=80, method=6)


if __name__ == "__main__":
    take_pictures()
