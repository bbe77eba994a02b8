"""A full review queue on a running product, and a reviewer's hands."""

import time

from playwright.sync_api import Page

from tests.dresscode.launchers import Launcher

FILL = """
from accounts.models import User
from feedback.models import ReviewItem
from feedback.review.filling import FIELDS, make_item
from feedback.services.consents import give_consent
from registry.models import InferenceCall
from wardrobe.models import Garment

wearer = User.objects.get(email="mara@example.com")
give_consent(wearer)
garments = Garment.objects.filter(owner=wearer, photo__isnull=False).exclude(photo__image="")
call = InferenceCall.objects.filter(task="digitize_photo").first()
for garment in garments:
    garment.call = garment.call or call
    items = [make_item(garment, field, ReviewItem.Reason.MARGIN) for field in FIELDS]
    for item in items:
        item.opinions = 1
    ReviewItem.objects.bulk_create(items, ignore_conflicts=True)
print(ReviewItem.objects.waiting().count())
"""
IS_NEXT = """
before => {
  const form = document.querySelector("[data-review] form");
  const picture = document.querySelector("[data-picture]");
  return form && form.action !== before && picture.complete && picture.naturalWidth > 0;
}
"""


def fill_queue(launcher: Launcher) -> int:
    """Ask about what the demo wearer's photos show; answers with how many items wait."""
    return int(launcher.shell(FILL))


def decide_items(page: Page, count: int) -> list[float]:
    """Decide so many items, one in three of which nobody can tell; milliseconds for each."""
    return [press(page, "x" if number % 3 == 2 else "1") for number in range(count)]


def press(page: Page, key: str) -> float:
    """Press a key of the queue; milliseconds until the next item and its picture are there."""
    address = page.evaluate("document.querySelector('[data-review] form').action")
    began = time.perf_counter()
    page.keyboard.press(key)
    page.wait_for_function(IS_NEXT, arg=address)
    return (time.perf_counter() - began) * 1000
