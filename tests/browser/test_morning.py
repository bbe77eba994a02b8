"""A morning at one's own hour: what the page of notifications is told holds, and the mail and the push of a day lead where
they say: to one tap that wears the outfit, to another question, to the page of it."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import PHONE, told
from tests.browser.test_accessibility import faults, overflows
from tests.browser.wearers import Wearer, open_piece
from tests.dresscode.launchers import Launcher
from tests.dresscode.processes import wait_until

TELL = """
import json
from datetime import datetime, timedelta
from django.conf import settings
from django.core import mail
from accounts.models import NotificationChoices
from styling.morning.due import list_mornings
from styling.morning.telling import make_morning, tell_morning

settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
choices = NotificationChoices.objects.select_related("user").get(user__email={email!r})
at = datetime.fromisoformat({at!r})
hours = [timedelta(), timedelta(hours=-1), timedelta(hours=3), timedelta(days=1), timedelta(days=2)]
is_due = [choices.pk in dict(list_mornings(at + hour)) for hour in hours]
tell_morning(choices.pk, at.date())
pushed = make_morning(choices, at.date()).as_push()
print(json.dumps([is_due, mail.outbox[0].body, pushed]))
"""
SHOWN = """() => navigator.serviceWorker.ready.then((held) => held.getNotifications()).then((all) => all.map(
    ({ title, body, actions }) => [title, body, actions.map((one) => one.action)]))"""
TAP = """async (action) => {
    const [notification] = await registration.getNotifications();
    const event = new NotificationEvent("notificationclick", { notification, action });
    let done;
    event.waitUntil = (work) => { done = work; };
    dispatchEvent(event);
    await done;
    return (await registration.getNotifications()).map((one) => one.body);
}"""
"""As a tap does, but that no browser lets a script wait for it."""


def test_a_morning_is_wished_for_told_worn_by_one_tap_and_asked_anew(
    open_context: Callable[..., BrowserContext],
    site: str,
    launcher: Launcher,
    newcomers: Iterator[Wearer],
) -> None:
    wearer = next(newcomers)
    page = wearer.open(open_context, site)
    open_piece(page, "Chalk tee")
    page.get_by_role("button", name="Wore it today").click()
    expect(page.get_by_role("button", name="Worn today")).to_be_visible()
    at = choose(page)
    is_due, mailed, pushed = json.loads(launcher.shell(TELL.format(email=wearer.email, at=at)))
    assert is_due == [True, False, False, False, True]
    assert "One piece is due for the wash." in mailed and pushed["title"].startswith("Today: ")
    links = dict(re.findall(r"^(.+): (http\S+)$", mailed, re.MULTILINE))
    assert all(link.startswith(site) for link in links.values())

    page.goto(links["Ask again"])
    expect(page.get_by_role("button", name="Ask the stylist").last).to_be_visible()
    page.goto(links["You asked to be told. What, and when"])
    expect(page.get_by_role("switch", name="Each morning")).to_be_checked()
    page.goto(links["See it"])
    assert page.url == f"{site}{pushed['url']}"
    expect(page.get_by_role("button", name="Wear this")).to_be_visible()

    page.context.grant_permissions(["notifications"], origin=site)
    deliver(page, site, pushed)
    page.wait_for_function(f"() => ({SHOWN})().then((all) => all.length)")
    title, body, actions = page.evaluate(SHOWN)[0]
    assert (title, body, actions) == (pushed["title"], pushed["body"], ["wear", "again"])
    assert page.context.service_workers[0].evaluate(TAP, "wear") == ["Noted as worn."]
    page.reload()
    expect(page.get_by_text("You wear this.")).to_be_visible()
    page.get_by_role("button", name="Not wearing it after all").click()
    expect(page.get_by_role("button", name="Wear this")).to_be_visible()

    stranger = open_context(**PHONE).new_page()
    stranger.goto(links["Wear it, with one tap"])
    assert faults(stranger) == [] and overflows(stranger) == []
    stranger.get_by_role("button", name="Wear it").click()
    expect(stranger.get_by_role("heading", name="Noted as worn.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("You wear this.")).to_be_visible()


def deliver(page: Page, site: str, pushed: dict[str, str]) -> None:
    """To the service worker, as a browser does with what its push service sends."""
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    found: list[str] = []
    session = page.context.new_cdp_session(page)
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: found.extend(one["registrationId"] for one in said["registrations"]),
    )
    session.send("ServiceWorker.enable")
    wait_until(lambda: page.evaluate("1") and found, "the worker is known")
    message = {"origin": site, "registrationId": found[0], "data": json.dumps(pushed)}
    session.send("ServiceWorker.deliverPushMessage", message)


def choose(page: Page) -> str:
    """At an hour at which no scheduler of the site comes by meanwhile, and never tomorrow. Answers with today's."""
    now = datetime.now(UTC)
    at = now.replace(hour=(now.hour + 12) % 24, minute=15)
    page.goto("/you/")
    page.get_by_role("link", name="Mornings, skies, laundry").click()
    for wish in ("Each morning, what to wear", "What is due for the wash"):
        page.get_by_role("switch", name=wish).check()
    page.get_by_label("At", exact=True).fill(f"{at:%H:%M}")
    page.get_by_label(f"{now + timedelta(days=1):%a}", exact=True).check()
    assert faults(page) == [] and overflows(page) == []
    page.get_by_role("button", name="Save").click()
    expect(told(page, "Saved.")).to_be_visible()
    return at.isoformat()
