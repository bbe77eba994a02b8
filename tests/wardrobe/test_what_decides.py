"""A version holds all that decides: whatever changes one of these makes another version."""

from typing import Any

import pytest

from registry.models import Prompt, PromptVersion
from registry.prompts.files import PromptFileError
from registry.services.versions import create_version
from wardrobe.models import VocabularyTerm
from wardrobe.tasks import DigitizePhoto
from wardrobe.vocabulary.publishing import publish_draft, publish_vocabulary

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("digitizing")]

MODEL = {"id": "google/gemma-4-E4B-it", "revision": "c0ffee", "adapter": ""}


@pytest.fixture
def base() -> PromptVersion:
    alias = Prompt.objects.get(name="digitize_photo").production()
    assert alias is not None
    bundle = {**alias.version.bundle, "model": MODEL}
    return create_version(prompt=alias.prompt, bundle=bundle)


def change(base: PromptVersion, **changes: Any) -> PromptVersion:
    return create_version(prompt=base.prompt, bundle={**base.bundle, **changes})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("system", "You describe clothes. $type_words"),
        ("user", "What is this?"),
        ("engine", "builtin"),
        ("sampling", {"temperature": 0.1}),
        ("enable_thinking", True),
        ("image", {"max_side": 512}),
        ("parameters", {"review_below": {"type": 0.9}}),
        ("examples", [{"user": "A photo.", "assistant": "{}"}]),
        ("model", {**MODEL, "id": "google/gemma-4-E2B-it"}),
        ("model", {**MODEL, "revision": "decade"}),
        ("model", {**MODEL, "adapter": "wardrobe-lora"}),
    ],
)
def test_whatever_a_bundle_says_decides(base: PromptVersion, name: str, value: Any) -> None:
    assert change(base).pk == base.pk
    assert change(base, **{name: value}).sha256 != base.sha256


@pytest.mark.parametrize(
    ("kind", "value", "fields"),
    [
        ("type", "coat", {"label": "Overcoat"}),
        ("type", "coat", {"details": {"clo": {"medium": 0.1}}}),
        ("type", "coat", {"slot": "top"}),
        ("formality", "casual", {"order": 9}),
        ("event", "casual", {"details": {"formality": "casual", "met_w_m2": 90}}),
        ("colour", "navy", {"details": {"hex": "#000000", "neutral": False}}),
        ("type", "coat", {"is_active": False}),
        ("type", "coat", {"value": "greatcoat"}),
    ],
)
def test_whatever_the_vocabulary_says_decides(
    base: PromptVersion, kind: str, value: str, fields: dict[str, Any]
) -> None:
    assert VocabularyTerm.objects.filter(kind=kind, value=value).update(**fields)
    assert change(base, vocabulary_revision=publish_draft().sha256).sha256 != base.sha256


def test_the_revision_of_the_code_decides(
    base: PromptVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier, raised = DigitizePhoto.schema_revision, DigitizePhoto.schema_revision + 1
    monkeypatch.setattr(DigitizePhoto, "schema_revision", raised)
    newer = change(base, schema_revision=0)
    assert (newer.bundle["schema_revision"], newer.sha256 == base.sha256) == (raised, False)
    fault = f"schema_revision is {raised} in this release, not {earlier}"
    with pytest.raises(PromptFileError, match=fault):
        change(base, system="Say what you see.")


def test_publishing_raises_the_revision_of_the_code_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raised = DigitizePhoto.schema_revision + 1
    monkeypatch.setattr(DigitizePhoto, "schema_revision", raised)
    made = {version.prompt.name: version for version in publish_vocabulary(author=None).versions}
    assert made["digitize_photo"].bundle["schema_revision"] == raised


@pytest.mark.parametrize("model", [{"id": "google/gemma-4-E4B-it"}, {"adapter": "a"}])
def test_a_model_that_vllm_serves_needs_a_revision(
    base: PromptVersion, model: dict[str, str]
) -> None:
    with pytest.raises(PromptFileError, match=r"model\.revision is missing"):
        change(base, model=model)
    assert change(base, model=model, engine="builtin").pk
