"""The installed app: what a device needs of it, offline pages of one account alone, sharing, a new version."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import PHONE, Complaints, sign_in, wait_until
from tests.browser.sites import PASSWORD, WEARER
from tests.browser.test_accessibility import faults

PRIVATE = "caches.keys().then((names) => names.filter((name) => name.startsWith('private-')))"
KEPT = """caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("private-"))
    .map((name) => caches.open(name).then((cache) => cache.keys()))))
    .then((lists) => lists.flat().map((one) => new URL(one.url).pathname))"""
KEPT_FINISHED = """caches.match(location.href).then((page) => page?.text())
    .then((html) => html?.includes('aria-busy="false"'))"""
POST_SHARED = """(bytes) => {
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: "/photos/share/", enctype: "multipart/form-data" });
    const input = Object.assign(document.createElement("input"), { type: "file", name: "photos" });
    const chosen = new DataTransfer();
    chosen.items.add(new File([Uint8Array.from(bytes)], "shared.png", { type: "image/png" }));
    input.files = chosen.files;
    form.append(input);
    document.body.append(form);
    form.submit();
}"""
"""As a device does with what another app shares."""
WORKER_RESTS = """navigator.serviceWorker.ready
    .then((held) => held.update().then(() => !held.installing && !held.waiting))"""


@pytest.fixture
def page(open_context: Callable[..., BrowserContext], complaints: Complaints) -> Iterator[Page]:
    """Of the demo wearer, under the worker."""
    complaints.expected += [
        "ERR_INTERNET_DISCONNECTED",
        "ERR_FAILED",
        "WebSocket",
        "Failed to fetch",
    ]
    page = open_context(**PHONE).new_page()
    sign_in(page, email=WEARER, password=PASSWORD)
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.reload()
    page.wait_for_function("navigator.serviceWorker.controller")
    yield page


def draw_photo() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (60, 80), "#335577").save(file, "PNG")
    return file.getvalue()


def wait_until_kept(page: Page, path: str) -> None:
    wait_until(page, f"{KEPT}.then((paths) => paths.includes('{path}'))")


def test_a_device_can_install_it(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    told = session.send("Page.getAppManifest")
    assert told["errors"] == []
    faulty = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # What Playwright opens pages in is a private window, where nothing can be installed.
    assert [one for one in faulty if one["errorId"] != "in-incognito"] == []


def test_the_wardrobe_can_be_looked_at_without_a_line(page: Page, complaints: Complaints) -> None:
    complaints.expected.append("htmx:sendError")  # Kept pages ask for the sky as they open.
    page.goto("/wardrobe/")
    name = page.locator(".garment__name a, .hang a").first
    words, address = name.inner_text(), str(name.get_attribute("href"))
    page.goto(address)
    wait_until_kept(page, address)
    wait_until_kept(page, "/wardrobe/")
    wait_until_kept(page, "/today/")
    page.context.set_offline(True)
    page.goto("/wardrobe/")
    expect(page.locator("[data-kept]")).to_contain_text("No signal. This is as of")
    expect(page.get_by_text(words, exact=True).first).to_be_visible()
    picture = page.locator("main img").first
    picture.scroll_into_view_if_needed()
    expect(picture).not_to_have_js_property("naturalWidth", 0)
    assert faults(page) == []
    page.goto(address)
    expect(page.locator("[data-kept]")).to_be_visible()
    page.goto("/today/")
    expect(page.locator("[data-kept]")).to_be_visible()
    page.goto("/you/")
    expect(page.get_by_role("heading", name="No signal in here.")).to_be_visible()
    page.context.set_offline(False)  # That page notices by itself.
    expect(page.get_by_role("heading", name="No signal in here.")).to_have_count(0)
    page.goto("/wardrobe/")
    expect(page.locator("[data-kept]")).to_have_count(0)


def test_an_answer_that_was_watched_is_kept_as_it_ended(page: Page, complaints: Complaints) -> None:
    complaints.expected.append("htmx:sendError")
    page.goto("/wardrobe/?q=camel+wool+coat")
    page.locator("#rack .garment__name a").first.click()
    page.get_by_role("button", name="Dress me around this").click()
    page.wait_for_url("**/outfits/*/")
    answer = page.locator("[data-answer]")
    expect(answer).to_have_attribute("aria-busy", "false")
    wait_until(page, KEPT_FINISHED)
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-kept]")).to_be_visible()
    expect(answer).to_have_attribute("aria-busy", "false")
    expect(answer).not_to_have_attribute("data-socket", re.compile("."))
    assert page.locator("[data-prose]").inner_text().strip()
    page.context.set_offline(False)


def test_signing_out_leaves_nothing_behind(page: Page) -> None:
    page.goto("/wardrobe/")
    wait_until_kept(page, "/wardrobe/")
    page.goto("/you/")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    wait_until(page, f"{PRIVATE}.then((names) => names.length === 0)")
    page.context.set_offline(True)
    page.goto("/wardrobe/")
    expect(page.get_by_role("heading", name="No signal in here.")).to_be_visible()


ACCOUNT = "() => photoQueue.read('account')"
KEEP_LATE = "(account) => keep(account, `${location.origin}/wardrobe/`, new Response('late'), 60)"


def test_what_is_being_kept_while_one_signs_out_is_not(page: Page) -> None:
    page.goto("/wardrobe/")
    wait_until_kept(page, "/wardrobe/")
    page.goto("/you/")
    [worker] = page.context.service_workers
    account = worker.evaluate(ACCOUNT)
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    wait_until(page, f"{PRIVATE}.then((names) => names.length === 0)")
    worker.evaluate(KEEP_LATE, account)
    assert page.evaluate(PRIVATE) == []


def test_another_account_on_the_device_sees_nothing_of_the_first(
    page: Page, complaints: Complaints
) -> None:
    """The session of the first ended without a sign-out."""
    complaints.expected.append(
        "/media/garments/"
    )  # Asked for by the first, answered to the second: not found.
    page.goto("/wardrobe/")
    wait_until_kept(page, "/wardrobe/")
    page.context.clear_cookies(name="sessionid")
    page.goto("/sign-up/")
    page.get_by_label("Email").fill("second@example.org")
    page.get_by_label("Password", exact=True).fill("seven linen shirts")
    page.get_by_role("button", name="Create my wardrobe").click()
    expect(page.get_by_role("heading", name="One hanger, ready.")).to_be_visible()
    wait_until(page, f"{PRIVATE}.then((names) => names.length <= 1)")
    wait_until_kept(page, "/wardrobe/")
    page.context.set_offline(True)
    page.goto("/wardrobe/")
    expect(page.get_by_role("heading", name="One hanger, ready.")).to_be_visible()


def test_a_photo_that_is_shared_waits_until_it_is_meant(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    page.goto("/wardrobe/")
    page.evaluate(POST_SHARED, list(draw_photo()))
    page.wait_for_url("**/photos/add/**")
    expect(page.get_by_role("heading", name="Add this photo?")).to_be_visible()
    assert not [url for url in sent if url.endswith("/photos/add/")]
    assert faults(page) == []
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("[data-tiles] > li[data-photo]")).to_have_count(1)
    page.reload()
    expect(page.get_by_role("heading", name="Add this photo?")).to_be_hidden()


def test_a_new_version_waits_until_it_is_asked_for(page: Page) -> None:
    """A worker at another address, which is what a browser takes for a new one."""
    page.goto("/wardrobe/")
    page.evaluate("navigator.serviceWorker.register('/sw.js?newer').then(() => 1)")
    offer = page.locator("[data-update]")
    expect(offer).to_contain_text("A new version is ready.")
    assert faults(page) == []
    expect(offer.get_by_role("button", name="Later")).to_be_visible()
    before: Any = page.evaluate("navigator.serviceWorker.controller.scriptURL")
    offer.get_by_role("button", name="Use it").click()
    page.wait_for_function(
        "(before) => navigator.serviceWorker.controller?.scriptURL !== before", arg=before
    )


def test_another_language_is_no_new_version(page: Page) -> None:
    for language, button in (("de", "Save the language"), ("en", "Sprache speichern")):
        page.goto("/you/")
        page.locator("select[name=language]").select_option(language)
        page.get_by_role("button", name=button).click()
        page.locator(f"html[lang={language}]").wait_for(state="attached")
        wait_until(page, WORKER_RESTS)
        expect(page.locator("[data-update]")).to_have_count(0)


def test_pictures_of_the_app_are_as_the_manifest_says(page: Page) -> None:
    manifest = page.request.get("/manifest.webmanifest").json()
    pictures = [*manifest["icons"], *manifest["screenshots"]]
    for one in pictures:
        answer = page.request.get(one["src"])
        assert answer.ok and answer.headers["content-type"] == one["type"], one
