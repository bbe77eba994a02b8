"""The stylist reads a question by the words that the version pins, whoever asks it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from registry.models import Prompt, PromptVersion
from registry.prompts import live_versions
from registry.rendering import build_request
from registry.services import releases
from registry.services.versions import load_prompts
from styling.golden.scenarios import read_scenarios
from styling.stylist.context import Candidate, OutfitContext
from styling.tasks import SuggestOutfit
from tests.factories import make_garment, promote
from wardrobe import vocabulary as words
from wardrobe.models import VocabularyTerm
from wardrobe.vocabulary import Term, Vocabulary
from wardrobe.vocabulary.publishing import publish_draft, publish_vocabulary

FIXTURES = Path(settings.BASE_DIR) / "fixtures"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]


@pytest.fixture
def version() -> PromptVersion:
    load_prompts(directory=FIXTURES / "prompts")
    return PromptVersion.objects.get(prompt=Prompt.objects.get(name="suggest_outfit"))


def change(vocabulary: Vocabulary, kind: str, value: str, **changes: Any) -> Vocabulary:
    terms: list[Term] = [t for terms in vocabulary.kinds.values() for t in terms.values()]
    return Vocabulary.of(
        replace(t, **changes) if (t.kind, t.value) == (kind, value) else t for t in terms
    )


def first_question() -> OutfitContext:
    return next(read_scenarios(FIXTURES / "golden" / "suggest_outfit")).question.as_context()


def test_a_garment_is_read_again_by_other_words() -> None:
    garment = make_garment(type="coat", slot="outerwear", warmth="heavy", formality="")
    piece = Candidate.from_garment(garment)
    lighter = change(words.current(), "type", "coat", label="Cape", details={"clo": {"heavy": 0.1}})
    again = piece.read_with(lighter)
    assert (again.type_label, again.clo) == ("Cape", 0.1)
    assert again.read_with(words.current()) == piece


def test_a_scenario_is_asked_in_the_words_of_the_version(version: PromptVersion) -> None:
    question = first_question()
    type_ = question.wardrobe[0].type
    rows = VocabularyTerm.objects.filter(kind="type", value=type_)
    rows.update(label="Thing")
    newer = {**version.bundle, "vocabulary_revision": publish_draft().sha256}
    old, new = (SuggestOutfit().pin_context(question, b) for b in (version.bundle, newer))
    assert (old, new.wardrobe[0].type_label) == (question, "Thing")
    assert "Thing" not in {piece.type_label for piece in old.wardrobe}


def test_a_question_in_the_right_words_is_not_read_again(version: PromptVersion) -> None:
    pinned = SuggestOutfit().pin_context(first_question(), version.bundle)
    assert SuggestOutfit().pin_context(pinned, version.bundle) is pinned


def ask_under(version: PromptVersion) -> tuple[Any, ...]:
    """What an engine would be asked under it, of the first scenario."""
    question = SuggestOutfit().pin_context(first_question(), version.bundle)
    request = build_request(SuggestOutfit(), question, live_versions.hold(version), seed=1)
    return request.system, request.user, request.schema, request.model


def test_a_roll_back_asks_byte_by_byte_what_was_asked_before(version: PromptVersion) -> None:
    before = ask_under(version)
    type_ = first_question().wardrobe[0].type
    row = VocabularyTerm.objects.get(kind="type", value=type_)
    row.details["clo"] = {warmth: 2 * clo for warmth, clo in row.details["clo"].items()}
    row.save()
    made = {found.prompt.name: found for found in publish_vocabulary(author=None).versions}
    promote(made["suggest_outfit"])
    assert ask_under(made["suggest_outfit"]) != before
    alias = version.prompt.production()
    assert alias is not None
    releases.roll_back(
        prompt=version.prompt,
        to_version=version,
        actor=None,
        reason="x",
        expected_epoch=alias.epoch,
    )
    live_versions.forget()
    assert ask_under(version.prompt.production().version) == before  # type: ignore[union-attr]
