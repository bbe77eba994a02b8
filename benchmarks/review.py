"""How long a reviewer waits between a key and the next item with its picture, in a real browser.

    python -m benchmarks.review [--items 50] [--json]

The product with its demo wardrobe, started as `manage.py up` starts it, and Chromium on the same machine: POST,
redirect, page, picture decoded. The goal is a median under 300 ms. There is no peer: Label Studio and Argilla are
servers of their own that draw in the browser.
"""

import argparse

from benchmarks.report import Figure, report
from benchmarks.stream import percentile

GOAL_MS = 300


def measure(items: int) -> list[float]:
    """Milliseconds of each item, after three that warm up."""
    from tests.browser.chromium import DESK, open_browser, sign_in
    from tests.browser.reviewing import decide_items, fill_queue
    from tests.browser.sites import OPERATOR, PASSWORD, address, serve_site

    with serve_site() as launcher, open_browser() as browser:
        fill_queue(launcher)
        page = browser.new_context(base_url=address(launcher), **DESK).new_page()
        sign_in(page, email=OPERATOR, password=PASSWORD)
        page.goto("/admin/feedback/review/")
        decide_items(page, 3)
        return decide_items(page, items)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=50)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    times = measure(arguments.items)
    median = percentile(times, 50)
    figures = [
        Figure("median of an item", median, "ms"),
        Figure("95th percentile", percentile(times, 95), "ms"),
    ]
    report("review", figures=figures, ratios={"goal of 300 ms": median / GOAL_MS})


if __name__ == "__main__":
    main()
