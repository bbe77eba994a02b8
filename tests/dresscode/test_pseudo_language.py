"""Nothing that a wearer reads is left in English: pages in a made-up language whose letters are none of English's.

What wearers typed is in other letters here, so that every English word on a page is one of ours.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import PASSWORD, load_vocabulary, make_garment, make_photo, make_user
from tests.pseudo import CODE, pretend, speaking_pseudo
from wardrobe.models import Care, Garment, Photo

pytestmark = pytest.mark.django_db

SHOWN = {"aria-label", "alt", "title", "placeholder", "aria-description"}
UNSEEN = {"script", "style", "template", "code", "svg"}
VOID = {"input", "img", "br", "meta", "link", "hr", "rect", "use", "path", "circle"}
WORD = re.compile(r"[A-Za-z]{2,}")
CURRENCY = re.compile(r"^[A-Z]{3}, ")
"""Codes, before the name that CLDR has for each."""
ALLOWED = {
    *("Dresscode", "Dress", "code"),  # The product's name.
    "qq",  # Of the wearer's address.
    *("English", "UTC", "CSV", "ZIP", "SHA"),
    *("JPEG", "HEIC", "AVIF", "PNG", "WebP", "TIFF", "BMP", "GIF", "MB", "KB"),
}
PUBLIC = [
    "home",
    "login",
    "sign-up",
    "confirm-email-sent",
    "password_reset",
    "password_reset_done",
    "offline",
]
WEARERS = [
    "password_change",
    "mfa_index",
    "mfa_list_webauthn",
    "account_reauthenticate",
    "wardrobe:garment-list",
    "wardrobe:garment-add",
    "wardrobe:laundry",
    "wardrobe:garment-select",
    "wardrobe:basics",
    "wardrobe:table",
    "wardrobe:photo-upload",
    "own_data:own-data",
    "own_data:delete-account",
    "feedback:learned",
]
EMAIL = "q@q.qq"


class Reader(HTMLParser):
    """The texts of a page that somebody sees or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.open: list[str] = []
        self.shell: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.shell = given
        self.texts += [value for name, value in given.items() if name in SHOWN]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not UNSEEN.intersection(self.open):
            self.texts.append(data)


def find_english(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    texts = (CURRENCY.sub("", text.strip()) for text in reader.texts)
    found = [text for text in texts if {*WORD.findall(text)} - ALLOWED]
    return sorted({*found})


@pytest.fixture(autouse=True)
def _pseudo(tmp_path: Path) -> Iterator[None]:
    load_vocabulary()
    with speaking_pseudo(tmp_path):
        yield


@pytest.fixture
def wearer(client: Client) -> User:
    user = make_user(EMAIL, first_name="Ωδ")
    client.post(reverse("login"), {"username": EMAIL, "password": PASSWORD})
    return user


def read(client: Client, address: str, **how: str) -> str:
    answer = client.get(address, headers={"Accept-Language": CODE, **how})
    assert answer.status_code in {200, 404}, (address, answer.status_code)
    return str(answer.content.decode())


def test_the_letters_are_others_and_what_is_filled_in_stays() -> None:
    assert pretend("Take <b>%(count)s</b> {name}").startswith("Ťáķé <b>%(count)s</b> {name}")
    assert find_english(f"<p>{pretend('Nothing is lost.')}</p>") == []
    assert find_english('<p title="Left">Saved.</p>') == ["Left", "Saved."]


@pytest.mark.parametrize("name", PUBLIC)
def test_pages_for_everyone(client: Client, name: str) -> None:
    page = read(client, reverse(name))
    assert f'lang="{CODE}" dir="rtl"' in page
    assert find_english(page) == []


def test_errors(client: Client) -> None:
    assert find_english(read(client, "/nowhere/")) == []


def test_pages_of_an_empty_wardrobe(client: Client, wearer: User) -> None:
    found = {name: find_english(read(client, reverse(name))) for name in WEARERS}
    assert {name: texts for name, texts in found.items() if texts} == {}


def fill(wearer: User) -> Garment:
    photo = make_photo(wearer, with_image=True)
    confidence = {"type": 0.3, "pattern": 0.4, "colours": 0.9, "material": 0.2}
    piece = make_garment(
        wearer, name="Ωω", photo=photo, confidence=confidence, price=12, currency=""
    )
    make_garment(wearer, name="Ψψ", status=Garment.Status.ARCHIVED, away=Garment.Away.SOLD)
    make_garment(wearer, name="Φφ", in_wash=True)
    make_garment(wearer, name="Σσ", quantity=3, washing=1, status=Garment.Status.NEEDS_REVIEW)
    Care.objects.create(
        garment=piece, owner=wearer, kind=Care.Kind.LENT, day=wearer.today, whom="Λ"
    )
    make_photo(wearer, status=Photo.Status.FAILED, failure_code="damaged")
    return piece


def test_pages_of_a_full_wardrobe(client: Client, wearer: User) -> None:
    piece = fill(wearer)
    addresses = [
        *(reverse(name) for name in WEARERS),
        *(
            reverse(f"wardrobe:{name}", args=[piece.pk])
            for name in ("garment-detail", "garment-delete", "garment-frame")
        ),
        reverse("wardrobe:photo-detail", args=[piece.photo_id]),
        f"{reverse('wardrobe:garment-list')}?state=archived",
    ]
    found = {address: find_english(read(client, address)) for address in addresses}
    assert {address: texts for address, texts in found.items() if texts} == {}


def test_faults_of_forms(client: Client, wearer: User) -> None:
    for name in (
        "sign-up",
        "login",
        "wardrobe:garment-add",
        "wardrobe:basics",
        "wardrobe:table",
        "password_change",
    ):
        if name in {"sign-up", "login"}:
            client.logout()
        else:
            client.force_login(wearer)
        answer = client.post(
            reverse(name),
            {"email": "?", "username": "?", "file": ""},
            headers={"Accept-Language": CODE},
        )
        assert find_english(answer.content.decode()) == [], name
    assert settings.LANGUAGES[-1][0] == CODE
