"""Where releases take two people, nobody releases what they wrote."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from registry.canary.service import start_canary
from registry.models import Alias, DatasetVersion, Prompt, PromptVersion
from registry.services import releases
from registry.services.releases import SamePersonError
from registry.services.versions import create_version
from tests.factories import make_operator, make_user
from tests.registry.golden import evaluate, make_draft, recall_guests
from tests.registry.live import BUNDLE, make_live

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def golden(prompt: Prompt, tmp_path: Path) -> DatasetVersion:
    return recall_guests(tmp_path)


@pytest.fixture
def author() -> User:
    return make_operator()


@pytest.fixture
def draft(
    prompt: Prompt, golden: DatasetVersion, author: User, settings: Settings
) -> PromptVersion:
    """What an author wrote and had evaluated, beside a live version."""
    make_live(prompt)
    bundle = {**BUNDLE, "system": "You greet well."}
    draft = create_version(prompt=prompt, bundle=bundle, author=author)
    evaluate(draft, golden)
    settings.TWO_PERSON_RELEASE = True
    return draft


def promote(version: PromptVersion, actor: User | None, **options: str) -> Alias:
    return releases.promote_version(version=version, actor=actor, reason="better", **options)


def test_somebody_else_releases(draft: PromptVersion) -> None:
    assert promote(draft, make_user()).version == draft


def test_the_author_does_not(draft: PromptVersion, author: User) -> None:
    with pytest.raises(SamePersonError, match="somebody else has to release it"):
        promote(draft, author)
    with pytest.raises(SamePersonError):
        promote(draft, author, override_reason="please")
    with pytest.raises(SamePersonError):
        start_canary(version=draft, share=0.1, actor=author, reason="please")
    assert Alias.objects.get().version.number == 1
    assert not draft.overrides.exists()


def test_nobody_is_not_somebody_else(draft: PromptVersion) -> None:
    with pytest.raises(SamePersonError):
        promote(draft, None)


def test_a_file_has_been_reviewed_as_one(
    draft: PromptVersion, prompt: Prompt, golden: DatasetVersion
) -> None:
    loaded = make_draft(prompt)
    evaluate(loaded, golden)
    assert promote(loaded, None).version == loaded


def test_what_was_live_comes_back_by_anybodys_hand(draft: PromptVersion, author: User) -> None:
    promote(draft, make_user())
    make_live(draft.prompt, user="Greet $name well.")
    assert promote(draft, author).version == draft


def test_it_is_an_option(draft: PromptVersion, author: User, settings: Settings) -> None:
    settings.TWO_PERSON_RELEASE = False
    assert promote(draft, author).version == draft


def test_the_page_says_so(client: Client, draft: PromptVersion, author: User) -> None:
    client.force_login(author)
    url = reverse("admin:registry_prompt_promote", args=[draft.prompt_id, draft.pk])
    response = client.post(url, {"reason": "better", "expected_epoch": 1})
    assert response.status_code == 422
    assert "somebody else has to release it" in response.content.decode()
