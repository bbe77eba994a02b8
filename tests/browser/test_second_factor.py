"""A code app and a passkey, set up and used in Chromium with an authenticator of its own, under the content policy."""

import re
import time
from collections.abc import Callable

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import PHONE, sign_in
from tests.browser.test_accessibility import faults, overflows

EMAIL = "factors@example.org"
PASSWORD = "seven linen shirts"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def look(page: Page) -> list[str]:
    """What axe says in both schemes, and what scrolls sideways."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += faults(page)
    return found + overflows(page)


def sign_up(page: Page) -> None:
    page.goto("/sign-up/")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create my wardrobe").click()
    page.wait_for_url(lambda url: "sign-up" not in url)


def sign_out(page: Page) -> None:
    """Until it is done: it goes on after the click, and would cut off where a page goes meanwhile."""
    page.goto("/you/")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(lambda url: not url.endswith("/you/"))


def make_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_an_app_and_a_passkey_are_set_up_and_open(
    open_context: Callable[..., BrowserContext],
) -> None:
    context = open_context(**PHONE)
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    sign_up(page)

    page.goto("/you/")
    page.get_by_role("link", name="Second factor").click()
    assert look(page) == []
    page.get_by_role("link", name="Set up an app").click()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    assert look(page) == []
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Set up an app")).to_be_visible()
    assert look(page) == []
    secret = page.locator("code.key").inner_text()
    page.get_by_label("Code that the app shows").fill(make_code(secret))
    page.get_by_role("button", name="Use this app").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert look(page) == []
    recovery = page.locator("code.key").first.inner_text()

    page.goto("/accounts/second-factor/webauthn/add/")
    assert look(page) == []
    page.get_by_label("What to call it").fill("This phone")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(re.compile("second-factor/$"))
    page.get_by_role("link", name="See it").click()
    expect(page.get_by_text("This phone")).to_be_visible()
    assert look(page) == []

    sign_out(page)
    sign_in(page, email=EMAIL, password=PASSWORD)
    expect(page.get_by_role("heading", name="One more thing.")).to_be_visible()
    assert look(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile("/today/"))

    sign_out(page)
    sign_in(page, email=EMAIL, password=PASSWORD)
    page.get_by_role("textbox", name="Code").fill(recovery)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("/today/"))
