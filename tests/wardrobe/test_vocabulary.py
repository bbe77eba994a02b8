from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError

from styling.stylist.context import Candidate
from styling.stylist.shortlist import groups_of
from tests.factories import make_garment
from wardrobe import vocabulary
from wardrobe.models import VocabularyRevision, VocabularyTerm
from wardrobe.vocabulary.loading import load_vocabulary
from wardrobe.vocabulary.publishing import publish_draft
from wardrobe.vocabulary.revisions import find_published, read_draft

DIRECTORY = Path(settings.BASE_DIR) / "fixtures" / "vocabulary"
SEEN_IN_PHOTOS = [
    "t-shirt",
    "shirt",
    "longsleeve",
    "pants",
    "shorts",
    "skirt",
    "dress",
    "hat",
    "shoes",
    "jacket",
]
SHORT = """
kind = "fit"
[[terms]]
value = "slim"
label = "{label}"
"""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded(words: None) -> None:
    """The words of the pages are those of the newest revision: no prompt is live."""


def edit(kind: str, value: str, **fields: Any) -> None:
    """A change of the draft, published."""
    VocabularyTerm.objects.filter(kind=kind, value=value).update(**fields)
    publish_draft()
    vocabulary.forget()


def test_a_second_load_writes_nothing() -> None:
    assert load_vocabulary(directory=DIRECTORY) == 0


def test_sleeves_and_lengths_are_said_of_what_can_have_them() -> None:
    words = vocabulary.current()
    assert words.suits("sleeve", "short", "dress")
    assert not words.suits("sleeve", "short", "bottom")
    assert not words.suits("sleeve", "knee", "dress")
    assert vocabulary.list_unsuited("outerwear") == ["length"]
    assert vocabulary.list_unsuited("shoes") == ["sleeve", "length"]


def test_an_edit_in_the_admin_survives_a_load() -> None:
    VocabularyTerm.objects.filter(kind="type", value="coat").update(label="Overcoat")
    call_command("load_vocabulary", verbosity=0)
    assert read_draft().terms("type")["coat"].label == "Overcoat"


def test_a_changed_file_entry_replaces_the_row_and_is_published(tmp_path: Path) -> None:
    for label in ("Tight", "Close"):
        (tmp_path / "fit.toml").write_text(SHORT.format(label=label))
        assert load_vocabulary(directory=tmp_path) == 1
    vocabulary.forget()
    assert vocabulary.terms("fit")["slim"].label == "Close"


def test_an_edit_reaches_nobody_before_it_is_published() -> None:
    VocabularyTerm.objects.filter(kind="type", value="coat").update(label="Overcoat")
    vocabulary.forget()
    assert vocabulary.terms("type")["coat"].label == "Coat"
    publish_draft()
    vocabulary.forget()
    assert vocabulary.terms("type")["coat"].label == "Overcoat"


@pytest.mark.parametrize(
    "change",
    [
        {"label": "Overcoat"},
        {"details": {}},
        {"order": 99},
        {"slot": "top"},
        {"is_active": False},
    ],
)
def test_the_revision_changes_with_whatever_reaches_an_answer(change: dict[str, Any]) -> None:
    before = vocabulary.current().revision
    edit("type", "coat", **change)
    assert vocabulary.current().revision != before


def test_the_revision_stays_when_a_source_or_a_retired_term_changes() -> None:
    edit("type", "coat", is_active=False)
    before = vocabulary.current().revision
    edit("type", "coat", label="Overcoat")
    edit("type", "jacket", source="somebody's word")
    assert vocabulary.current().revision == before


def test_inactive_terms_are_not_offered() -> None:
    edit("type", "coat", is_active=False)
    assert "coat" not in vocabulary.values("type")
    with pytest.raises(vocabulary.UnknownTermError):
        vocabulary.slot_of("coat")


def test_a_revision_that_nothing_changed_is_the_same() -> None:
    assert publish_draft() == publish_draft() == find_published()


def test_going_back_to_earlier_words_is_a_new_revision_with_their_digest() -> None:
    first = publish_draft()
    edit("type", "coat", label="Overcoat")
    edit("type", "coat", label="Coat")
    again = publish_draft()
    assert (again.number, again.sha256) == (first.number + 2, first.sha256)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_keeps_a_revision_as_it_was(change: str) -> None:
    rows = VocabularyRevision.objects.filter(pk=publish_draft().pk)
    with pytest.raises(IntegrityError, match="append-only"):
        rows.update(notes="never") if change == "update" else rows.delete()


def test_every_type_that_photos_give_is_a_term_the_stylist_can_wear() -> None:
    known = vocabulary.terms("type")
    assert set(SEEN_IN_PHOTOS) <= set(known)
    slots = {known[value].slot for value in SEEN_IN_PHOTOS}
    assert slots == {"top", "bottom", "dress", "hat", "shoes", "outerwear"}


@pytest.mark.parametrize("warmth", ["light", "medium", "heavy"])
def test_every_type_has_a_slot_a_role_or_a_use_and_a_clo(warmth: str) -> None:
    slots, ranks = vocabulary.values("slot"), vocabulary.values("formality")
    without_role = {"socks", "hat", "bag", "accessory", "underwear", "other"}
    for type_ in vocabulary.values("type"):
        garment = make_garment(
            type=type_, slot=vocabulary.slot_of(type_), warmth=warmth, formality=""
        )
        piece = Candidate.from_garment(garment)
        assert piece.slot in slots
        assert bool(groups_of(piece)) == (piece.slot not in without_role), type_
        assert 0 <= piece.clo <= 1
        assert 0 <= piece.formality < len(ranks)
        assert read_draft().terms("type")[type_].source, type_


def test_warmth_and_formality_are_scales() -> None:
    assert vocabulary.values("formality") == [
        "very_casual", "casual", "smart_casual", "business", "formal", "very_formal",
    ]  # fmt: skip
    for term in vocabulary.terms("type").values():
        clo = term.details["clo"]
        assert clo["light"] <= clo["medium"] <= clo["heavy"], term.value


def test_events_aim_at_a_formality_that_exists() -> None:
    for term in vocabulary.terms("event").values():
        assert term.details["formality"] in vocabulary.values("formality")
        assert 90 <= term.details["met_w_m2"] <= 250


def test_a_garment_of_a_retired_type_can_still_be_worn() -> None:
    garment = make_garment(type="toga", slot="dress", warmth="", formality="")
    piece = Candidate.from_garment(garment)
    assert (piece.type_label, piece.slot) == ("Toga", "dress")
