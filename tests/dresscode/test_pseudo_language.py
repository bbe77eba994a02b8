"""Nothing that a wearer reads is left in English: pages in a made-up language whose letters are none of English's.

What wearers typed is in other letters here, so that every English word on a page is one of ours.
"""

import re
from collections.abc import Iterator
from datetime import time, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.languages.speaking import speaking
from accounts.models import NotificationChoices, User
from feedback.models import HouseholdOpinion, Rating
from feedback.services import household
from feedback.services.ratings import rate_outfit
from styling.buying.jobs import judge_job
from styling.explanations import say_rejections
from styling.models import Event, Suggestion, Trip
from styling.morning.telling import tell_morning
from styling.services.looks import keep_look
from styling.stylist.voices.choice import VOICES
from styling.stylist.voices.en import English
from styling.trips import service
from styling.trips.jobs import pack_trip_job
from styling.weather.model import WeatherSnapshot
from styling.weather.places import Place
from tests.factories import (
    PASSWORD,
    load_prompts,
    load_vocabulary,
    make_garment,
    make_photo,
    make_user,
)
from tests.pseudo import CODE, pretend, speaking_pseudo, write_pseudo
from tests.styling.conftest import ask_for_outfit
from tests.styling.test_outfit_page import finish
from wardrobe.household import members, shelves
from wardrobe.household.invitations import invite, mail_invitation
from wardrobe.models import Care, Garment, Member, Photo
from wardrobe.services.garments import name_as_usual

pytestmark = pytest.mark.django_db

SHOWN = {"aria-label", "alt", "title", "placeholder", "aria-description"}
UNSEEN = {"script", "style", "template", "code", "svg"}
VOID = {"input", "img", "br", "meta", "link", "hr", "rect", "use", "path", "circle"}
WORD = re.compile(r"[A-Za-z]{2,}")
CURRENCY = re.compile(r"^[A-Z]{3}, ")
"""Codes, before the name that CLDR has for each."""
ADDRESS = re.compile(r"^https://calendar\.example\.com/\S+$")
ZONES = re.compile(r'<select name="time_zone".*?</select>', re.DOTALL)
"""Their names are those of the IANA."""
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
    "feedback:household-outfits",
    "styling:ask",
    "styling:history",
    "styling:looks",
    "styling:look-build",
    "styling:calendars",
    "styling:notifications",
    "styling:profile",
    "styling:numbers",
    "styling:numbers-missing",
    "styling:buying",
    "styling:shared",
    "styling:trip-list",
    "styling:trip-new",
    "wardrobe:household",
]
EMAIL = "q@q.qq"
JEANS = settings.BASE_DIR / "fixtures" / "demo" / "photos" / "dark-jeans.jpg"


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


class Pretending(English):
    """The English voice in other letters: what it says is said in the reader's language when it is shown."""

    language = CODE
    lines = {name: pretend(line) for name, line in English.lines.items()}

    def say_sky(self, weather: WeatherSnapshot) -> str:
        return pretend(super().say_sky(weather))


def find_english(html: str) -> list[str]:
    reader = Reader()
    reader.feed(ZONES.sub("", html))
    texts = (ADDRESS.sub("", CURRENCY.sub("", text.strip())) for text in reader.texts)
    found = [text for text in texts if {*WORD.findall(text)} - ALLOWED]
    return sorted({*found})


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pseudo")
    write_pseudo(folder)
    return folder


@pytest.fixture(autouse=True)
def _pseudo(written: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    """Nobody answers where the weather is asked for."""
    settings.OPEN_METEO_URL = "http://127.0.0.1:9/"
    settings.WEATHER_TIMEOUT_S = 0.1
    monkeypatch.setitem(VOICES, CODE, Pretending())
    load_vocabulary()
    with speaking_pseudo(written):
        yield


@pytest.fixture
def wearer(client: Client) -> User:
    user = make_user(EMAIL, first_name="Ωδ")
    client.post(reverse("login"), {"username": EMAIL, "password": PASSWORD})
    return user


def read(client: Client, address: str, **how: str) -> str:
    answer = client.get(address, headers={"Accept-Language": CODE, **how})
    is_missing = address == "/nowhere/"
    assert answer.status_code == (404 if is_missing else 200), (address, answer.status_code)
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


TABLES = [
    b"",
    b"Name\n",
    b"x," * 60 + b"x\n1\n",
    b"Name\n" + b"1\n" * 501,
    b"Name\n1,1\n",
    b"Name\n" + b"1" * 2001,
    b'Name\n"1\n',
    b"1" * 200_001,
    b"PK\x03\x04\0\0",
]
"""None of which is one that is taken."""
FAULTY = b"type,quantity,price,away\nshirt,0,7,1\n,1,1,1\n"
"""With two rows that are not."""


@pytest.mark.parametrize("table", [*TABLES, FAULTY])
def test_what_is_wrong_with_a_table(client: Client, wearer: User, table: bytes) -> None:
    file = SimpleUploadedFile("1.csv", table, "text/csv")
    answer = client.post(
        reverse("wardrobe:table"), {"file": file}, headers={"Accept-Language": CODE}
    )
    assert answer.status_code == (422 if table in TABLES else 200)
    brought = re.compile(r">(type|quantity|price|away|shirt|Name|x)<")
    assert find_english(brought.sub("><", answer.content.decode())) == []


KINDS = {"shirt": "top", "sweater": "top", "pants": "bottom", "boots": "shoes", "coat": "outerwear"}


def dress(owner: User) -> list[Garment]:
    """Pieces to which nobody gave a name."""
    pieces = []
    for type_, slot in KINDS.items():
        piece = make_garment(
            owner, type=type_, slot=slot, price=40, currency="EUR", formality="casual"
        )
        piece.name = name_as_usual(piece)
        piece.save()
        pieces.append(piece)
    return pieces


def answer(owner: User, pieces: list[Garment], days: int) -> Suggestion:
    """An outfit that its wearer accepted; its prose was said in their language."""
    asked = ask_for_outfit(owner, date=owner.today + timedelta(days=days))
    Event.objects.filter(suggestions=asked).update(place="Λλ", note="Ξξ")
    said = finish(asked, pieces, prose="Δδ.\n\nΘθ.", reasons=["Ππ."], missing=["shoes"])
    rate_outfit(suggestion=said, verdict=Rating.Verdict.ACCEPTED)
    return said


def go(owner: User) -> Trip:
    first = owner.today + timedelta(days=40)
    stay = service.Stay(Place("Λλ", 38.7, -9.1, "Europe/Lisbon", "Ππ"), first, "chilly", "rainy")
    trip = service.save_trip(
        Trip(owner=owner), service.TripPlan("Ττ", first, first + timedelta(days=2), [stay])
    )
    trip = service.ask_to_pack(trip)
    pack_trip_job(str(trip.pk), trip.attempt)
    return trip


def test_pages_of_a_stylist_who_has_answered(client: Client, wearer: User) -> None:
    pieces = dress(wearer)
    planned, worn = answer(wearer, pieces, 1), answer(wearer, pieces, 0)
    look, trip = keep_look(wearer, pieces[:3], name="Φφ"), go(wearer)
    days = [one.event.date for one in (planned, worn)]
    addresses = [
        *(reverse(name) for name in WEARERS),
        f"{reverse('styling:history')}?day={wearer.today}",
        f"{reverse('styling:ask')}?start_from={pieces[0].pk}",
        f"{reverse('styling:look-build')}?piece={pieces[0].pk}&slot=bottom",
        *(reverse("styling:day", args=[day.isoformat()]) for day in days),
        *(
            reverse(f"styling:{name}", args=[one.pk])
            for name in ("outfit-detail", "outfit-why", "picture")
            for one in (planned, worn)
        ),
        reverse("styling:outfit-piece", args=[planned.pk, pieces[0].pk]),
        reverse("feedback:wear-instead", args=[worn.pk]),
        reverse("styling:look-detail", args=[look.pk]),
        *(
            reverse(f"styling:{name}", args=[trip.pk])
            for name in ("trip-detail", "trip-edit", "trip-delete")
        ),
    ]
    found = {address: find_english(read(client, address)) for address in addresses}
    assert {address: texts for address, texts in found.items() if texts} == {}


def test_pages_of_a_household(client: Client, wearer: User) -> None:
    pieces = dress(wearer)
    own = members.found_household(wearer, name="Ηη", called="Αα")
    other = make_user("z@q.qq", first_name="Ββ")
    them = Member.objects.create(user=other, household=own.household, name="Ββ")
    shelf = shelves.make_shelf(wearer, name="Κκ")
    shelves.put_on_shelf(shelf, pieces[:2])
    theirs = shelves.make_shelf(other, name="Ρρ")
    lent = dress(other)
    shelves.put_on_shelf(theirs, lent)
    shelves.share_shelf(theirs, {own: "wear"})
    shelves.share_shelf(shelf, {them: "see"})
    addresses = [
        reverse("wardrobe:household"),
        reverse("wardrobe:household-member", args=[them.pk]),
        reverse("wardrobe:household-leave"),
        *(reverse("wardrobe:shelf", args=[one.pk]) for one in (shelf, theirs)),
        reverse("wardrobe:shelf-delete", args=[shelf.pk]),
        reverse("wardrobe:household-piece", args=[lent[0].pk]),
        f"{reverse('wardrobe:shelf-choose')}?garment={pieces[0].pk}",
        reverse("feedback:household-outfits"),
    ]
    found = {address: find_english(read(client, address)) for address in addresses}
    assert {address: texts for address, texts in found.items() if texts} == {}


def test_an_outfit_that_the_household_speaks_of(client: Client, wearer: User) -> None:
    own = members.found_household(wearer, name="Ηη", called="Αα")
    other = make_user("z@q.qq", first_name="Ββ")
    Member.objects.create(user=other, household=own.household, name="Ββ")
    shown = household.show_outfit(answer(wearer, dress(wearer), 0))
    for verdict in HouseholdOpinion.Verdict.values:
        household.say(shown, other, verdict=verdict, words="Λλ")
        outfit = read(client, reverse("styling:outfit-detail", args=[shown.suggestion_id]))
        assert "Λλ" in outfit and find_english(outfit) == []
    client.force_login(other)
    page = read(client, reverse("feedback:household-outfits"))
    assert "Αα" in page and find_english(page) == []


def test_the_answer_to_a_photo_from_a_shop(client: Client, wearer: User) -> None:
    load_prompts()
    dress(wearer)
    photo = SimpleUploadedFile("q.jpg", JEANS.read_bytes(), "image/jpeg")
    sent = client.post(
        reverse("styling:buying"), {"photo": photo, "price": "40", "currency": "EUR"}
    )
    waiting = read(client, sent.headers["Location"])
    judge_job(wearer.pk, sent.headers["Location"].split("/")[3])
    told = read(client, sent.headers["Location"])
    assert waiting != told and "cost" in told
    assert find_english(waiting) == [] and find_english(told) == []


def test_outfits_that_were_turned_down_are_told_of(client: Client, wearer: User) -> None:
    rejected = {"pieces": [], "reasons": list(Rating.Reason.values), "comment": "Λλ"}
    told = say_rejections([rejected])
    assert len(told) == 1 and "Λλ" in told[0]
    with override(CODE):
        assert find_english(f"<p>{say_rejections([rejected])[0]}</p>") == []


def test_mails(client: Client, wearer: User, settings: Any) -> None:
    settings.CONFIRM_EMAIL = True
    wearer.language = CODE
    wearer.save()
    NotificationChoices.objects.create(user=wearer, morning=True, wash=True, at=time(7))
    answer(wearer, dress(wearer), 0)
    assert tell_morning(wearer.pk, wearer.today)
    own = members.found_household(wearer, name="Ηη", called="Αα")
    with speaking(wearer):
        mail_invitation(invite(own, email="x@q.qq"), by="Αα")
    client.logout()
    for address, sent in {"password_reset": EMAIL, "sign-up": "new@q.qq"}.items():
        data = {"email": sent, "password": PASSWORD, "first_name": "Ωδ"}
        client.post(reverse(address), data, headers={"Accept-Language": CODE})
    assert len(mail.outbox) == 4, [one.subject for one in mail.outbox]
    for letter in mail.outbox:
        lines = re.sub(r"\S+@\S+|https?://\S+", "", f"{letter.subject}\n{letter.body}")
        assert {*WORD.findall(lines)} - ALLOWED == set(), lines
