"""A day of somebody whose browser asks for German, Spanish or French: from the question to the answer, a piece of it and the
calendar no English is left, what scripts write included, and days and amounts are written as they are there."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from babel.dates import get_month_names
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.test_accessibility import faults, overflows
from tests.browser.wearers import WARDROBE, Wearer, open_piece
from tests.messages import LOCALE

TEXTS = """() => {
    const texts = [document.title];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        if (!walk.currentNode.parentElement.closest("script, style, noscript")) texts.push(walk.currentNode.data);
    }
    for (const one of document.body.querySelectorAll("*")) {
        for (const name of ["aria-label", "alt", "title", "placeholder"]) texts.push(one.getAttribute(name) ?? "");
    }
    return texts.map((text) => text.replace(/\\s+/g, " ").trim()).filter((text) => text);
}"""
CALLED = [row.split(",")[0] for row in WARDROBE.splitlines()[1:]]
NAMES = re.compile("|".join([*CALLED, "^Dress$"]), flags=re.IGNORECASE)
"""What the wearer called their pieces, a sentence may begin them small, and what we are called in two colours."""
ENGLISH = {
    *("again", "and", "are", "ask", "back", "clean", "day", "for", "from", "is", "it", "not"),
    *("of", "pieces", "that", "the", "this", "to", "today", "tomorrow", "wash", "wear", "what"),
    *("when", "with", "worn", "you", "your"),
}
"""Words that a text of ours hardly does without, and that none of the other languages has."""
DAY = {"de": r"\d+\. {} \d{{4}}", "es": r"\d+ de {} de \d{{4}}", "fr": r"\d+ {} \d{{4}}"}


@dataclass
class Speaker:
    """What English texts are in the language of a page, and which of them it has in English all the same."""

    page: Page
    language: str

    def __post_init__(self) -> None:
        self.catalogues = [self.read(domain) for domain in ("django", "djangojs")]
        messages = [message for catalogue in self.catalogues for message in catalogue]
        same = {message.id for message in messages if message.id == message.string}
        self.translated = {message.id for message in messages if message.id} - same

    def read(self, domain: str) -> Catalog:
        path = LOCALE / self.language / "LC_MESSAGES" / f"{domain}.po"
        with path.open("rb") as file:
            return read_po(file)

    def say(self, words: str) -> str:
        message = self.catalogues[0].get(words)
        assert message and message.string, words
        return str(message.string)

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=self.say(words), exact=True).last.click()

    def check(self) -> None:
        assert self.page.locator("html").get_attribute("lang") == self.language
        texts = [NAMES.sub("", text) for text in self.page.evaluate(TEXTS)]
        english = [text for text in texts if ENGLISH & {*re.findall(r"\w+", text.lower())}]
        assert english + [text for text in texts if text in self.translated] == []
        assert overflows(self.page) == []


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_a_day_is_spent_without_a_word_of_english(
    open_context: Callable[..., BrowserContext],
    site: str,
    newcomers: Iterator[Wearer],
    language: str,
) -> None:
    page = next(newcomers).open(open_context, site, locale=language)
    speaker = Speaker(page, language)
    page.goto("/today/")
    page.locator("#how-title").wait_for()
    expect(page.locator("#weather p").first).to_be_visible()
    speaker.check()
    page.locator(
        "label.chip", has_text=speaker.say("Today")
    ).click()  # Late at night it offers tomorrow.
    speaker.press("Ask the stylist")
    page.wait_for_url("**/outfits/*/")
    expect(page.locator("[data-answer]")).to_have_attribute("aria-busy", "false")
    expect(page.locator("[data-prose] p").first).to_be_visible()
    speaker.press("Why this?")
    speaker.check()
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.locator(".flatlay a[data-sheet]").first.click()
    expect(page.locator("#sheet-body h2").first).to_be_visible()
    speaker.check()
    page.keyboard.press("Escape")
    speaker.press("Wear this")
    expect(page.get_by_text(speaker.say("You wear this."))).to_be_visible()
    speaker.check()

    open_piece(page, page.locator(".pieces .garment__name").first.inner_text())
    page.get_by_text(speaker.say("More about it"), exact=True).click()
    with page.expect_response("**/edit/price/"):
        page.get_by_label(speaker.say("Price of one")).fill("37.5")
        page.keyboard.press("Tab")
    page.reload()
    months = get_month_names("wide", locale=language).values()
    day = re.compile(DAY[language].format(f"({'|'.join(months)})"))
    expect(page.locator("#wears time").first).to_have_text(day)
    expect(page.locator("#care .figs")).to_contain_text("37,50")
    speaker.check()

    page.goto("/outfits/")
    speaker.check()
    page.locator(".mth .ground--look, .mth a[draggable]").first.click()
    expect(page.locator(".planned").first).to_be_visible()
    speaker.check()
