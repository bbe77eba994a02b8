"""What people type is kept without what nobody sees, whatever way it comes in, and shown by itself in its direction."""

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from django import forms
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.module_loading import import_string

from accounts.text.cleaning import MOST_MARKS, clean_text
from accounts.text.fields import Typed, TypedField
from feedback.models import Rating
from registry.admin.call_page import Thing, ToldAnswer
from styling.models import Event, OutfitPiece, Profile
from tests.factories import load_vocabulary, make_garment, make_user
from tests.styling.conftest import ask_for_outfit
from wardrobe import vocabulary
from wardrobe.models import Garment

KEPT = [
    "Grandma’s red jumper",
    "Jupe à pois, 38 €",
    "قميص أزرق",
    "חולצה כחולה",
    "שָׁלוֹם",  # With points.
    "می‌خواهم",  # ZWNJ between Persian letters.
    "क्‍ष",  # ZWJ after a virama.
    "ก็ที่นี่",
    "Tiếng Việt",
    "👨‍👩‍👧‍👦 day",  # A family: ZWJ.
    "🏳️‍🌈 shirt",
    "❤️‍🔥",
    "👩🏽‍💻",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿 kit",  # A flag made of tags.
    "1️⃣",
    "葛󠄀城",  # A variant of an ideograph.
    "ᠮᠣᠩᠭᠣᠯ",
    "C’est « bon »",
]


@pytest.mark.parametrize("typed", KEPT)
def test_what_is_seen_stays(typed: str) -> None:
    assert clean_text(typed) == unicodedata.normalize("NFC", typed)


CLEANED = {
    "zero-width space": ("nav\u200by", "navy"),
    "word joiner": ("na\u2060vy", "navy"),
    "byte order mark": ("\ufeffnavy", "navy"),
    "soft hyphen": ("na\u00advy", "navy"),
    "override": ("\u202egnp.exe", "gnp.exe"),
    "embedding": ("a\u202bb\u202cc", "abc"),
    "isolates": ("a\u2067b\u2069c", "abc"),
    "mark of direction": ("na\u200evy", "navy"),
    "joiner between letters": ("na\u200dvy na\u200cvy", "navy navy"),
    "tags": ("navy\U000e0061\U000e0062", "navy"),
    "selector": ("navy\ufe0f", "navy"),
    "selectors that hide bytes": ("a" + "\U000e0101" * 20, "a"),
    "controls": ("na\x00v\x07y\x1b[31m\x7f\x9b", "navy[31m"),
    "Hangul filler": ("\u3164", ""),
    "nothing but unseen": ("\u200b\u2060 \u202e", ""),
    "half a character": ("a\ud83db", "ab"),
    "no character": ("a\uffff\U0001fffeb", "ab"),
    "a mark without a letter": ("\u0301navy", "navy"),
    "composed": ("e\u0301", "é"),
    "breaks": ("a\r\nb\u2028c\td", "a b c d"),
}


@pytest.mark.parametrize("name", CLEANED)
def test_what_is_not_seen_goes(name: str) -> None:
    typed, kept = CLEANED[name]
    assert clean_text(typed) == kept


def test_towers_of_marks_are_lowered() -> None:
    tower = "Z" + "\u0335\u0321\u0322\u0327" * 30 + "a"
    kept = clean_text(tower)
    assert kept.endswith("a")
    assert sum(unicodedata.combining(sign) > 0 for sign in kept) == MOST_MARKS


@pytest.mark.parametrize("typed", [*KEPT, *(typed for typed, _ in CLEANED.values())])
def test_cleaning_twice_changes_nothing_more(typed: str) -> None:
    assert clean_text(clean_text(typed)) == clean_text(typed)


def test_a_text_of_many_lines_keeps_them() -> None:
    assert clean_text(" a\r\nb\u2029c\x00 ", one_line=False) == "a\nb\nc"


def test_a_megabyte_of_unseen_signs_is_nothing() -> None:
    assert clean_text("\u200d" * 1_000_000) == ""


# Every way in

FORMS = [
    "accounts.forms.SignUpForm",
    "feedback.forms.ratings.RatingForm",
    "styling.forms.AskForm",
    "styling.pages.forms.ProfileForm",
    "wardrobe.forms.garments.GarmentForm",
]
UNTYPED = {
    "email", "password", "code", "time_zone", "place_choice", "proposed", "request_key", "credential",
}  # fmt: skip
"""Chosen, compared or secret: not kept as somebody's words."""


def list_declared(form: type[forms.BaseForm]) -> dict[str, forms.Field]:
    return {
        name: field
        for name, field in form.base_fields.items()
        if type(field) in {forms.CharField, TypedField} and name not in UNTYPED
    }


@pytest.mark.parametrize("path", FORMS)
def test_forms_of_wearers_clean_what_is_typed(path: str) -> None:
    declared = list_declared(import_string(path))
    assert {name for name, field in declared.items() if not isinstance(field, TypedField)} == set()


WORDS = [
    (Garment, ["name", "brand", "notes"]),
    (Profile, ["likes", "dislikes"]),
    (Event, ["note"]),
    (Rating, ["comment"]),
]


@pytest.mark.parametrize(("model", "names"), WORDS)
def test_rows_keep_clean_words(model: type, names: list[str]) -> None:
    for name in names:
        assert isinstance(model._meta.get_field(name), Typed)


@pytest.mark.django_db
def test_every_way_of_writing_a_row_cleans_it() -> None:
    garment = make_garment(name="nav\u200by\u202e shirt")
    assert garment.name == "navy shirt"
    Garment.objects.filter(pk=garment.pk).update(name="gre\u2060en shirt")
    garment.refresh_from_db()
    assert garment.name == "green shirt"
    garment.notes = "one\r\ntwo\u200b"
    garment.save()
    assert garment.notes == "one\ntwo"
    assert make_user(first_name="Al\u202eice").first_name == "Alice"


@pytest.mark.django_db
def test_a_name_of_nothing_seen_is_no_name(client) -> None:
    load_vocabulary()
    vocabulary.forget()
    alice = make_user("alice@example.org")
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    garment = make_garment(alice)
    address = reverse("wardrobe:garment-edit-field", args=[garment.pk, "name"])
    client.post(address, {"name": "\u200b\u2060"})
    garment.refresh_from_db()
    assert garment.name == "Navy shirt"
    client.post(address, {"name": "Bl\u200bue shirt"})
    garment.refresh_from_db()
    assert garment.name == "Blue shirt"


# Shown by itself

CANARY = "שמלה-canary"
FREE = {"bdi", "title", "option", "textarea", "style", "script"}
"""In these a text stands by itself, or cannot hold an element."""


class Reader(HTMLParser):
    """Where the canary stands in no element that sets its direction apart."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loose: list[str] = []
        self.seen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"input", "img", "br", "meta", "link", "hr", "use", "path", "rect", "circle"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if CANARY in data:
            self.seen += 1
            if not FREE & set(self.open):
                self.loose.append(re.sub(r"\s+", " ", data)[:80])


@pytest.mark.django_db
def test_what_people_typed_is_shown_in_its_own_direction(client) -> None:
    load_vocabulary()
    vocabulary.forget()
    alice = make_user("alice@example.org", first_name=CANARY)
    shirt = make_garment(alice, name=f"{CANARY} shirt", notes=CANARY, brand=CANARY)
    others = [
        make_garment(alice, name=f"{CANARY} {slot}", slot=slot, type=kind)
        for slot, kind in (("bottom", "pants"), ("shoes", "boots"))
    ]
    outfit = ask_for_outfit(alice)
    outfit.status = "ready"
    outfit.prose = "Wear it."
    outfit.save()
    Event.objects.filter(pk=outfit.event_id).update(note=CANARY)
    for position, piece in enumerate([shirt, *others]):
        OutfitPiece.objects.create(
            suggestion=outfit, garment=piece, position=position, slot=piece.slot
        )
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    pages = [
        reverse("wardrobe:garment-list"),
        reverse("wardrobe:garment-detail", args=[shirt.pk]),
        reverse("wardrobe:garment-delete", args=[shirt.pk]),
        reverse("styling:profile"),
        reverse("styling:outfit-detail", args=[outfit.pk]),
        reverse("styling:outfit-why", args=[outfit.pk]),
        reverse("styling:history"),
        reverse("feedback:wear-instead", args=[outfit.pk]),
    ]
    loose: list[str] = []
    seen = 0
    for page in pages:
        reader = Reader()
        reader.feed(client.get(page).content.decode())
        loose += [f"{page}: {text}" for text in reader.loose]
        seen += reader.seen
    assert seen > 10
    assert loose == []


def test_so_it_is_for_operators_in_the_answer_of_a_call() -> None:
    things = (Thing("top", CANARY, True), Thing("shoes", CANARY))
    told = ToldAnswer(things, (CANARY,), (CANARY,), json="")
    reader = Reader()
    reader.feed(render_to_string("registry/_told.html", {"told": told, "call": None}))
    assert (reader.seen, reader.loose) == (4, [])
