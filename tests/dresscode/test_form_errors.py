"""Every form of the wearer's side says what is wrong: above it with links, at each field, and the first has the focus."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import User
from styling.models import OutfitPiece
from tests.conftest import ROOT
from tests.factories import load_vocabulary, make_garment, make_user
from tests.styling.conftest import ask_for_outfit
from wardrobe import vocabulary
from wardrobe.models import Garment

pytestmark = pytest.mark.django_db
LONG = "x" * 5000
CONTROLS = {"input", "select", "textarea"}
VOID = {"input", "img", "br", "meta", "link", "hr", "rect", "use", "path", "circle"}


@dataclass
class PageReader(HTMLParser):
    """The elements of a page by their ids, each with its tag, attributes and text; and those with `autofocus`."""

    elements: dict[str, dict[str, str]] = field(default_factory=dict)
    focused: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    open: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        key = given.get("id", "")
        if key:
            assert key not in self.elements, f"two elements have the id {key}"
            self.elements[key] = {**given, "tag": tag, "text": ""}
        if "autofocus" in given:
            self.focused.append(key)
        if tag == "a" and "errors" in dict.fromkeys(key for _, key in self.open):
            self.links.append(given["href"].removeprefix("#"))
        if tag not in VOID:
            self.open.append((tag, key))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for _, key in self.open:
            if key:
                self.elements[key]["text"] += data


def read_page(text: str) -> PageReader:
    reader = PageReader()
    reader.feed(text)
    return reader


@dataclass(frozen=True)
class Case:
    """What is sent to a view, and which controls are then wrong, the first on the page first."""

    url: str
    data: dict[str, Any]
    wrong: list[str]
    args: str = ""
    is_anonymous: bool = False


ASK = {"request_key": "0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f", "kind": "casual", "day": "other"}
HOURS = {"starts_at": "10:00", "ends_at": "12:00"}
CASES = [
    Case("sign-up", {}, ["id_email", "id_password"], is_anonymous=True),
    Case("sign-up", {"email": "no", "password": "short"}, ["id_email", "id_password"], is_anonymous=True),
    Case("login", {}, ["id_username", "id_password"], is_anonymous=True),
    Case("login", {"username": "a@example.org", "password": "x"}, [], is_anonymous=True),
    Case("password_reset", {"email": "no"}, ["id_email"], is_anonymous=True),
    Case("password_reset_confirm", {"new_password": "x"}, ["id_new_password"], "token", is_anonymous=True),
    Case("password_change", {}, ["id_old_password", "id_new_password"]),
    Case("own_data:delete-account", {"password": "wrong"}, ["id_password"]),
    Case("own_data:start-import", {}, ["id_file"]),
    Case("styling:ask", {}, ["id_kind_0", "id_starts_at", "id_ends_at", "id_date"]),
    Case("styling:ask", ASK | HOURS | {"date": "2020-01-01"}, ["id_date"]),
    Case("styling:ask", ASK | HOURS | {"day": "2020-01-01", "date": "2020-01-01"}, ["id_day_0", "id_date"]),
    Case("styling:ask", ASK | HOURS | {"date": "2020-01-01", "place": "Nowhereville", "note": LONG}, ["id_place", "id_date", "id_note"]),
    Case("styling:profile", {"place": "Nowhereville", "repeat_days": "99", "likes": LONG, "time_zone": "x"}, ["id_place", "id_sensitivity_0", "id_units_0", "id_likes", "id_repeat_days", "id_time_zone"]),
    Case("wardrobe:garment-add", {}, ["id_type"]),
    Case("wardrobe:garment-add", {"type": "shirt", "warmth": "x", "seasons": "x", "colours": "x"}, ["id_colours_0", "id_warmth", "id_seasons_0"]),
    Case("wardrobe:garment-edit", {"name": "", "price": "x"}, ["id_name", "id_type", "id_water_resistant", "id_price", "id_quantity"], "garment"),
    Case("wardrobe:garment-worn", {"day": "2999-01-01"}, ["worn_day"], "garment"),
    Case("wardrobe:photo-upload", {}, ["photos"]),
    Case("wardrobe:table", {}, ["id_file"]),
    Case("wardrobe:household", {}, ["id_name", "id_called"]),
    Case("wardrobe:garment-away", {}, ["elsewhere_kind_0"], "garment"),
    Case("wardrobe:garment-interval", {"wears": "x"}, ["interval_wears"], "garment"),
    Case("styling:buying", {}, ["id_photo"]),
    Case("styling:calendar-subscribe", {}, ["subscribe_url"]),
    Case("styling:rule-add", {}, ["rule_words"]),
    Case("styling:notifications", {"hour": "x"}, ["id_at"]),
    Case("styling:trip-new", {}, ["id_place", "id_starts_on", "id_ends_on"]),
    Case("feedback:rate-outfit", {"verdict": "rejected", "reasons": "x", "comment": LONG}, ["reasons_0", "comment"], "outfit"),
]  # fmt: skip
WITH_TESTS_OF_THEIR_OWN = {
    "language",
    # Names, choices among what is there, files: each is tried with what is wrong beside the rest of its page.
    "feedback:household-say", "feedback:move-plan", "styling:buying-again", "styling:dress-me", "styling:look-finish", "styling:look-keep",
    "styling:look-rename", "styling:rule-change", "styling:trip-edit", "styling:trip-piece", "styling:trip-tick",
    "wardrobe:basics", "wardrobe:garment-frame", "wardrobe:garment-many", "wardrobe:garment-photo",
    "wardrobe:garment-photos",
}  # fmt: skip
ONLY_BUTTONS = {
    "language",
    "feedback:household-show",
    "feedback:ask-anew",
    "feedback:call-off",
    "feedback:copy-plan",
    "feedback:keep-plan",
    "feedback:restore-plan",
    "feedback:wear-look",
    "styling:buying-add",
    "styling:buying-forget",
    "styling:calendar-look",
    "styling:calendar-remove",
    "styling:device-remove",
    "styling:feed-renew",
    "styling:feed-revoke",
    "styling:left-out-undo",
    "styling:look-clone",
    "styling:look-delete",
    "styling:notification-try",
    "styling:outfit-leave-out",
    "styling:outfit-swap",
    "styling:rule-move",
    "styling:rule-remove",
    "styling:trip-delete",
    "styling:trip-pack",
    "styling:trip-plan",
    "wardrobe:basics-down",
    "wardrobe:care-back",
    "wardrobe:care-longer",
    "wardrobe:care-undo",
    "wardrobe:garment-refuse-cut-out",
    "wardrobe:garment-turn",
    "wardrobe:laundry-fill",
    "wardrobe:laundry-washed",
    "feedback:change-learned",
    "feedback:set-consent",
    "feedback:withdraw-verdict",
    "logout",
    "sign-out-everywhere",
    "own_data:decide-import",
    "own_data:start-export",
    "styling:outfit-another",
    "wardrobe:garment-archive",
    "wardrobe:garment-delete",
    "wardrobe:garment-favourite",
    "wardrobe:garment-wash",
    "wardrobe:photo-answer",
    "wardrobe:photo-delete",
    "wardrobe:photo-retry",
    "wardrobe:wear-undo",
}
"""Forms without a control that a wearer could fill in wrongly."""


@pytest.fixture
def alice(db: None) -> Iterator[User]:
    load_vocabulary()
    vocabulary.forget()
    yield make_user("alice@example.org")
    vocabulary.forget()


@pytest.fixture
def garment(alice: User) -> Garment:
    return make_garment(alice)


def find_address(case: Case, alice: User, garment: Garment) -> str:
    args: list[Any] = []
    if case.args == "garment":
        args = [garment.pk]
    if case.args == "outfit":
        outfit = ask_for_outfit(alice)
        outfit.status = "ready"
        outfit.save()
        OutfitPiece.objects.create(suggestion=outfit, garment=garment, position=0, slot="top")
        args = [outfit.pk]
    if case.args == "token":
        token = default_token_generator.make_token(alice)
        args = [urlsafe_base64_encode(force_bytes(alice.pk)), token]
    return reverse(case.url, args=args)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.url} {len(case.wrong)}")
def test_what_is_wrong_is_said_where_it_is_seen(
    client: Client, alice: User, garment: Garment, case: Case
) -> None:
    if not case.is_anonymous:
        client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    address = find_address(case, alice, garment)
    if case.args == "token":
        address = client.get(address).headers["Location"]
    answer = client.post(address, {"csrfmiddlewaretoken": "any", **case.data})
    assert answer.status_code == (200 if "login" in case.url or "password" in case.url and "delete" not in case.url else 422)  # fmt: skip
    page = read_page(answer.text)
    assert page.elements["errors"]["role"] == "alert"
    assert page.links == case.wrong
    assert page.focused == (case.wrong[:1] or ["errors"])
    for key in case.wrong:
        control = page.elements[key]
        assert control["tag"] in CONTROLS
        assert control["aria-invalid"] == "true"
        described = [
            page.elements[one]["text"].strip() for one in control["aria-describedby"].split()
        ]
        assert all(described)
        assert any(text in page.elements["errors"]["text"] for text in described)


def test_a_form_that_nobody_has_filled_in_says_nothing(client: Client, alice: User) -> None:
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    for name in ("styling:ask", "styling:profile", "wardrobe:garment-add", "password_change"):
        page = read_page(client.get(reverse(name)).text)
        assert "errors" not in page.elements
        assert not [one for one in page.elements.values() if "aria-invalid" in one]


def test_a_form_is_a_form_to_a_screen_reader() -> None:
    """HTML lets it be a search or nothing; a group in it is an element of its own."""
    texts = [file.read_text() for file in (ROOT / "templates").rglob("*.html")]
    roles = {role for text in texts for role in re.findall(r'<form[^>]* role="(\w+)"', text)}
    assert roles <= {"search", "none", "presentation"}


def test_no_form_is_left_out() -> None:
    folders = ["accounts", "registration", "styling", "wardrobe", "feedback", "own_data"]
    operators = {"make_scenario.html", "review.html", "training_runs.html", "make_photo_example.html", "vocabulary_publish.html", "training_run.html"}  # fmt: skip
    files = [file for folder in folders for file in (ROOT / "templates" / folder).glob("*.html")]
    texts = [file.read_text() for file in files if file.name not in operators]
    posts = [
        form for text in texts for form in re.findall(r"<form[^>]*method=\"post\"[^>]*>", text)
    ]
    named = {name for form in posts for name in re.findall(r"action=\"{% url '([\w:-]+)'", form)}
    assert named - ONLY_BUTTONS - WITH_TESTS_OF_THEIR_OWN == {case.url for case in CASES} - {
        # These post to the address that they are shown at.
        "password_change", "password_reset", "password_reset_confirm", "own_data:delete-account",
        "wardrobe:garment-add", "wardrobe:household",
    }  # fmt: skip
