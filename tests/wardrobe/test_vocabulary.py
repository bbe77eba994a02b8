from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from styling.stylist.context import Candidate
from styling.stylist.shortlist import groups_of
from tests.factories import make_garment
from wardrobe import vocabulary
from wardrobe.models import VocabularyTerm
from wardrobe.vocabulary.loading import load_vocabulary

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
def _loaded() -> None:
    load_vocabulary(directory=DIRECTORY)


def test_a_second_load_writes_nothing() -> None:
    assert load_vocabulary(directory=DIRECTORY) == 0


def test_an_edit_in_the_admin_survives_a_load() -> None:
    VocabularyTerm.objects.filter(kind="type", value="coat").update(label="Overcoat")
    call_command("load_vocabulary", verbosity=0)
    vocabulary.forget()
    assert vocabulary.terms("type")["coat"].label == "Overcoat"


def test_a_changed_file_entry_replaces_the_row(tmp_path: Path) -> None:
    for label in ("Tight", "Close"):
        (tmp_path / "fit.toml").write_text(SHORT.format(label=label))
        assert load_vocabulary(directory=tmp_path) == 1
    assert vocabulary.terms("fit")["slim"].label == "Close"


def test_the_revision_changes_with_a_term_and_only_then() -> None:
    before = vocabulary.revision()
    vocabulary.forget()
    assert vocabulary.revision() == before
    VocabularyTerm.objects.filter(kind="type", value="coat").update(details={})
    vocabulary.forget()
    assert vocabulary.revision() != before


def test_inactive_terms_are_not_offered() -> None:
    VocabularyTerm.objects.filter(kind="type", value="coat").update(is_active=False)
    vocabulary.forget()
    assert "coat" not in vocabulary.values("type")
    with pytest.raises(vocabulary.UnknownTermError):
        vocabulary.slot_of("coat")


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
        assert vocabulary.terms("type")[type_].source, type_


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
