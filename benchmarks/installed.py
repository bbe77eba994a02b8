"""How long the installed app takes to open on a slow network: `python -m benchmarks.installed [ADDRESS]`.

Chromium, throttled as Lighthouse's "slow 4G" is (150 ms, 1.6 Mbit/s down, 750 kbit/s up), opens today's page of the demo
wearer as the second start of an installed app does: under the service worker, its files kept. Told are milliseconds to
the first words on the page, the median and the slowest of TURNS.
"""

import os
import statistics

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")

from playwright.sync_api import Page

from tests.browser.chromium import PHONE, open_browser, sign_in
from tests.browser.sites import PASSWORD, WEARER, measure_at_site

SLOW = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
TURNS = 9
PATHS = ("/today/", "/wardrobe/")
FIRST_WORDS = """() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime"""


def measure(site: str) -> None:
    with open_browser() as browser:
        page = browser.new_context(base_url=site, **PHONE).new_page()
        sign_in(page, email=WEARER, password=PASSWORD)
        page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
        for path in PATHS:
            page.goto(path)
            page.wait_for_load_state("networkidle")
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW)
        for path in PATHS:
            taken = [open_once(page, path) for _ in range(TURNS)]
            print(f"{path}: {statistics.median(taken):.0f} ms, slowest {max(taken):.0f} ms")


def open_once(page: Page, path: str) -> float:
    page.goto("about:blank")
    page.goto(path, wait_until="load")
    page.wait_for_function(FIRST_WORDS)
    return float(page.evaluate(FIRST_WORDS))


if __name__ == "__main__":
    measure_at_site(measure)
