"""How long a first day takes: `python -m benchmarks.first_day [ADDRESS]`.

Chromium at phone size signs up, sends five photos, confirms what the built-in eyes doubt, and asks for an outfit, as fast
as pages answer: no time for reading, choosing photos or taking them. The goal is 90 s with them. Told are the seconds from
the first page to the finished answer, the median and the slowest of TURNS newcomers.
"""

import os
import statistics
import time
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")

from playwright.sync_api import Browser

from tests.browser.chromium import PHONE, open_browser
from tests.browser.first_day import PHOTOS, dress_by_photos
from tests.browser.sites import measure_at_site

TURNS = 3


def measure(site: str) -> None:
    with open_browser() as browser:
        taken = [live_first_day(browser, site) for _ in range(TURNS)]
    print(
        f"{len(PHOTOS)} photos to a first outfit: {statistics.median(taken):.1f} s, slowest {max(taken):.1f} s"
    )


def live_first_day(browser: Browser, site: str) -> float:
    context = browser.new_context(base_url=site, **PHONE)
    context.set_default_timeout(120_000)
    begun = time.monotonic()
    dress_by_photos(context.new_page(), email=f"{uuid4()}@example.org")
    taken = time.monotonic() - begun
    context.close()
    return taken


if __name__ == "__main__":
    measure_at_site(measure)
